#include <algorithm>
#include <stdexcept>

#include "core/base62.hpp"
#include "core/base62_digits.hpp"
#include "core/radix_conversion.hpp"

namespace core::base62 {
namespace {

struct Bytes {
  static constexpr std::uint32_t base = 256;
  static constexpr std::size_t group = 4;
  static std::uint32_t value_of(char digit) noexcept { return static_cast<unsigned char>(digit); }
  static char digit_of(std::uint32_t value) noexcept { return static_cast<char>(value); }
};

struct Decimal {
  static constexpr std::uint32_t base = 10;
  static constexpr std::size_t group = 9;
  static std::uint32_t value_of(char digit) noexcept { return static_cast<std::uint32_t>(digit - '0'); }
  static char digit_of(std::uint32_t value) noexcept { return static_cast<char>('0' + value); }
};

struct Base62 {
  static constexpr std::uint32_t base = 62;
  static constexpr std::size_t group = 5;
  static std::uint32_t value_of(char digit) noexcept { return base62::digit_of(digit); }
  static char digit_of(std::uint32_t value) noexcept { return alphabet[value]; }
};

// Digits of 10^1000 - 1. A longer code is an overflow; a code of this length may be one by a little.
constexpr std::size_t max_decimal_length = 558;

static_assert(Limbs::capacity >= max_bytes_length / Base62::group + 1);
static_assert(Limbs::capacity >= max_bytes / Bytes::group + 1);
static_assert(Limbs::capacity >= max_decimal_length / Base62::group + 1);
static_assert(Limbs::capacity >= max_decimal_digits / Decimal::group + 1);

std::string_view without_leading_zeros(std::string_view digits) noexcept {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

template <typename Notation>
std::string digits_of(const Limbs& number) {
  std::string digits(std::max(count_digits<Notation>(number), std::size_t{1}), '0');
  write_digits<Notation>(number, digits.data(), digits.size());
  return digits;
}

}  // namespace

// 1353/1007 is the simplest fraction above log 256 / log 62 that rounds up to the exact length for every
// number of bytes up to max_bytes; the unit tests compare each with exact arithmetic. For the inverse: the
// fraction exceeds one, so no two lengths share a code length, and rounding down finds the only candidate.
std::size_t encoded_length(std::size_t bytes) noexcept { return (bytes * 1353 + 1006) / 1007; }

std::optional<std::size_t> decoded_length(std::size_t chars) noexcept {
  if (chars > max_bytes_length) return std::nullopt;
  const std::size_t bytes = chars * 1007 / 1353;
  if (encoded_length(bytes) != chars) return std::nullopt;
  return bytes;
}

std::string encode_bytes(std::string_view bytes) {
  if (bytes.size() > max_bytes) throw std::length_error("byte string too long for Base62");
  std::string code(encoded_length(bytes.size()), '0');
  write_digits<Base62>(convert<Bytes, Base62>(bytes), code.data(), code.size());
  return code;
}

Outcome decode_bytes(std::string_view code, std::string& bytes) {
  if (code.empty()) return {Fault::empty, 0};
  if (const Outcome outcome = check_alphabet(code); !outcome.ok()) return outcome;
  const std::optional<std::size_t> length = decoded_length(code.size());
  if (!length) return {Fault::length, 0};
  const Limbs number = convert<Base62, Bytes>(code);
  if (count_digits<Bytes>(number) > *length) return {Fault::overflow, 0};
  std::string result(*length, '\0');
  write_digits<Bytes>(number, result.data(), result.size());
  bytes = std::move(result);
  return {};
}

std::string encode_decimal(std::string_view digits) {
  digits = without_leading_zeros(digits);
  if (digits.size() > max_decimal_digits) throw std::length_error("decimal number too long for Base62");
  return digits_of<Base62>(convert<Decimal, Base62>(digits));
}

Outcome decode_decimal(std::string_view code, std::string& digits) {
  if (code.empty()) return {Fault::empty, 0};
  if (const Outcome outcome = check_alphabet(code); !outcome.ok()) return outcome;
  code = without_leading_zeros(code);
  if (code.size() > max_decimal_length) return {Fault::overflow, 0};
  const Limbs number = convert<Base62, Decimal>(code);
  if (count_digits<Decimal>(number) > max_decimal_digits) return {Fault::overflow, 0};
  digits = digits_of<Decimal>(number);
  return {};
}

}  // namespace core::base62
