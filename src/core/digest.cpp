#include "core/digest.hpp"

#include <array>
#include <new>
#include <span>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace core {

namespace {

using Digest = std::array<unsigned char, 32>;
constexpr std::size_t shown_of_hash = 16;

std::string hex(std::span<const unsigned char> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const unsigned char byte : bytes) {
    text.push_back(digits[byte >> 4U]);
    text.push_back(digits[byte & 0xFU]);
  }
  return text;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  Digest digest;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw std::bad_alloc{};
  return hex(digest);
}

std::string keyed_hash_hex(std::string_view key, std::string_view text) {
  Digest digest;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, text.size(), digest.data(),
           nullptr) == nullptr)
    throw std::bad_alloc{};
  return hex(std::span{digest}.first<shown_of_hash>());
}

}  // namespace core
