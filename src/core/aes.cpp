#include "core/aes.hpp"

#include <openssl/evp.h>

#include <array>
#include <new>
#include <stdexcept>

#include "core/big_endian.hpp"

namespace core {
namespace {

const EVP_CIPHER* cipher_for(std::size_t key_size) {
  switch (key_size) {
    case 16:
      return EVP_aes_128_ecb();
    case 24:
      return EVP_aes_192_ecb();
    case 32:
      return EVP_aes_256_ecb();
    default:
      throw std::invalid_argument("an AES key has 16, 24 or 32 bytes");
  }
}

}  // namespace

Aes::Aes(std::string_view key) {
  const EVP_CIPHER* cipher = cipher_for(key.size());
  context_.reset(EVP_CIPHER_CTX_new());
  if (!context_) throw std::bad_alloc();
  const auto* bytes = reinterpret_cast<const unsigned char*>(key.data());
  if (EVP_EncryptInit_ex(context_.get(), cipher, nullptr, bytes, nullptr) != 1)
    throw std::runtime_error("could not set up AES in OpenSSL");
  // With padding, OpenSSL would hold back each block until it has seen the next.
  EVP_CIPHER_CTX_set_padding(context_.get(), 0);
}

Block Aes::encrypt(Block plain) const {
  std::array<std::uint8_t, 16> block;
  store_big_endian(plain.high, block.data());
  store_big_endian(plain.low, block.data() + 8);
  int written = 0;
  if (EVP_EncryptUpdate(context_.get(), block.data(), &written, block.data(), 16) != 1)
    throw std::runtime_error("could not encrypt with AES in OpenSSL");
  return {load_big_endian(block.data()), load_big_endian(block.data() + 8)};
}

void Aes::ContextDeleter::operator()(evp_cipher_ctx_st* context) const noexcept {
  EVP_CIPHER_CTX_free(context);
}

}  // namespace core
