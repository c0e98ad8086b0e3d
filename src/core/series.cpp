#include "core/series.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>
#include <string>

#include "core/base62.hpp"

namespace core {
namespace {

std::uint64_t power_of_62(int exponent) noexcept {
  std::uint64_t power = 1;
  while (exponent-- > 0) power *= 62;
  return power;
}

int checked_length(int length, int check_chars) {
  if (length < Series::min_length || length > Series::max_length)
    throw std::invalid_argument("series length out of range");
  if (check_chars < 0 || check_chars > Series::max_check_chars)
    throw std::invalid_argument("number of check characters out of range");
  return length;
}

Aes make_check_cipher(std::string_view key, std::string_view name) {
  std::string message = "steward series check";
  message.push_back('\0');
  message.append(name);
  std::array<unsigned char, 32> digest;
  if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
            reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest.data(), nullptr))
    throw std::runtime_error("could not compute an HMAC in OpenSSL");
  struct Wipe {
    std::array<unsigned char, 32>& secret;
    ~Wipe() { OPENSSL_cleanse(secret.data(), secret.size()); }
  } const wipe{digest};
  return Aes({reinterpret_cast<const char*>(digest.data()), 16});
}

}  // namespace

Series::Series(std::string_view key, int length, int check_chars, std::string_view name)
    : length_(checked_length(length, check_chars)),
      check_chars_(check_chars),
      capacity_(power_of_62(length)),
      check_modulus_(power_of_62(check_chars)),
      permutation_(key, 62, static_cast<std::uint32_t>(length), name),
      check_cipher_(make_check_cipher(key, name)) {}

void Series::code_of(std::uint64_t id, char* out) const {
  const std::uint64_t digits = permutation_.encrypt(id);
  base62::encode_fixed(digits, out, length_);
  if (check_chars_ != 0) base62::encode_fixed(check_of(digits), out + length_, check_chars_);
}

Series::Verdict Series::id_of(std::string_view code, std::uint64_t& id) const {
  if (code.size() != code_size()) return {Verdict::wrong_length, 0};
  const auto length = static_cast<std::size_t>(length_);
  std::uint64_t digits = 0;
  if (const base62::Outcome outcome = base62::decode(code.substr(0, length), digits); !outcome.ok())
    return {Verdict::bad_character, outcome.position};
  if (check_chars_ != 0) {
    std::uint64_t check = 0;
    if (const base62::Outcome outcome = base62::decode(code.substr(length), check); !outcome.ok())
      return {Verdict::bad_character, length + outcome.position};
    if (check != check_of(digits)) return {Verdict::wrong_check, 0};
  }
  id = permutation_.decrypt(digits);
  return {};
}

std::uint64_t Series::check_of(std::uint64_t digits) const {
  const std::uint64_t shape =
      static_cast<std::uint64_t>(length_) << 8 | static_cast<std::uint64_t>(check_chars_);
  return check_modulus_.remainder(check_cipher_.encrypt({shape, digits}).high);
}

}  // namespace core
