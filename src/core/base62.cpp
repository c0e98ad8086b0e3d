#include "core/base62.hpp"

#include <cstring>
#include <limits>

#include "core/base62_digits.hpp"
#include "core/big_endian.hpp"

namespace core::base62 {
namespace {

using Wide = unsigned __int128;

// Both digits of every number below 62^2: half as many divisions and stores as digit by digit.
constexpr auto digit_pairs = [] {
  std::array<char, std::size_t{2} * pow2> table{};
  for (std::size_t value = 0; value < pow2; ++value) {
    table[2 * value] = alphabet[value / 62];
    table[2 * value + 1] = alphabet[value % 62];
  }
  return table;
}();

void put_two(std::uint32_t value, char* out) noexcept {
  std::memcpy(out, &digit_pairs[2 * std::size_t{value}], 2);
}

void put_four(std::uint32_t value, char* out) noexcept {
  put_two(value / pow2, out);
  put_two(value % pow2, out + 2);
}

void put_eight(std::uint64_t value, char* out) noexcept {
  put_four(static_cast<std::uint32_t>(value / pow4), out);
  put_four(static_cast<std::uint32_t>(value % pow4), out + 4);
}

void put_ten(std::uint64_t value, char* out) noexcept {
  put_two(static_cast<std::uint32_t>(value / pow8), out);
  put_eight(value % pow8, out + 2);
}

// Write the 1 to 4 digits of a number below 62^4 and return how many.
std::size_t put_leading(std::uint32_t value, char* out) noexcept {
  if (value < 62) {
    out[0] = alphabet[value];
    return 1;
  }
  if (value < pow2) {
    put_two(value, out);
    return 2;
  }
  if (value < 62 * pow2) {
    out[0] = alphabet[value / pow2];
    put_two(value % pow2, out + 1);
    return 3;
  }
  put_four(value, out);
  return 4;
}

// Read four digits whose products do not wait for one another.
std::uint32_t take_four(const char* in, std::uint32_t& seen) noexcept {
  const std::uint32_t a = digit_of(in[0]), b = digit_of(in[1]), c = digit_of(in[2]), d = digit_of(in[3]);
  seen |= a | b | c | d;
  return (a * 62 + b) * pow2 + (c * 62 + d);
}

// Read up to 10 digits; `seen` gathers their table entries for has_foreign. Inlined, because most callers
// know the count, and because `seen` would live in memory otherwise.
[[gnu::always_inline]] inline std::uint64_t take(const char* in, std::size_t count,
                                                 std::uint32_t& seen) noexcept {
  std::uint64_t value = 0;
  for (; count % 4 != 0; --count, ++in) {
    const std::uint32_t digit = digit_of(*in);
    seen |= digit;
    value = value * 62 + digit;
  }
  for (; count != 0; count -= 4, in += 4) value = value * pow4 + take_four(in, seen);
  return value;
}

// Read 11 digits, which may stand for more than 64 bits.
Outcome take_eleven(std::string_view code, std::uint64_t& value) noexcept {
  std::uint32_t seen = 0;
  const std::uint64_t high = take(code.data(), 3, seen);
  const std::uint64_t low = take(code.data() + 3, 8, seen);
  if (has_foreign(seen)) return check_alphabet(code);
  std::uint64_t product = 0;
  std::uint64_t sum = 0;
  if (__builtin_mul_overflow(high, pow8, &product) || __builtin_add_overflow(product, low, &sum))
    return {Fault::overflow, 0};
  value = sum;
  return {};
}

struct Division {
  std::uint64_t quotient;
  std::uint64_t remainder;
};

// Divide a 128-bit number by 62^10, given that its high half is smaller than 62^10.
//
// The estimate of the quotient comes from a multiplication by the precomputed reciprocal of the normalised
// divisor and is off by at most one either way (Möller and Granlund, "Improved division by invariant
// integers"); the compiler's own 128-bit division does not know that the divisor is constant and takes ten
// times as long.
Division divide_by_pow10(std::uint64_t high, std::uint64_t low) noexcept {
  constexpr int shift = __builtin_clzll(pow10);
  constexpr std::uint64_t divisor = pow10 << shift;
  constexpr auto reciprocal = static_cast<std::uint64_t>(~Wide{0} / divisor - (Wide{1} << 64));
  const std::uint64_t top = (high << shift) | (low >> (64 - shift));
  const std::uint64_t bottom = low << shift;

  const Wide estimate = Wide{reciprocal} * top + ((Wide{top} << 64) | bottom);
  std::uint64_t quotient = static_cast<std::uint64_t>(estimate >> 64) + 1;
  std::uint64_t remainder = bottom - quotient * divisor;
  if (remainder > static_cast<std::uint64_t>(estimate)) {
    --quotient;
    remainder += divisor;
  }
  if (remainder >= divisor) {
    ++quotient;
    remainder -= divisor;
  }
  return {quotient, remainder >> shift};
}

}  // namespace

Outcome check_alphabet(std::string_view code) noexcept {
  for (std::size_t i = 0; i < code.size(); ++i)
    if (digit_of(code[i]) == no_digit) return {Fault::character, i};
  return {};
}

std::size_t encode(std::uint64_t value, char* out) noexcept {
  if (value < pow4) return put_leading(static_cast<std::uint32_t>(value), out);
  if (value < pow8) {
    const std::size_t count = put_leading(static_cast<std::uint32_t>(value / pow4), out);
    put_four(static_cast<std::uint32_t>(value % pow4), out + count);
    return count + 4;
  }
  const std::size_t count = put_leading(static_cast<std::uint32_t>(value / pow8), out);
  put_eight(value % pow8, out + count);
  return count + 8;
}

void encode_fixed(std::uint64_t value, char* out, int width) noexcept {
  if (width == 8) return put_eight(value, out);  // the usual length of a code
  for (; width >= 4; width -= 4, value /= pow4)
    put_four(static_cast<std::uint32_t>(value % pow4), out + (width - 4));
  if (width == 3) {
    put_two(static_cast<std::uint32_t>(value % pow2), out + 1);
    value /= pow2;
  }
  if (width == 2)
    put_two(static_cast<std::uint32_t>(value % pow2), out);
  else if (width != 0)
    out[0] = alphabet[value % 62];
}

Outcome decode(std::string_view code, std::uint64_t& value) noexcept {
  if (code.empty()) return {Fault::empty, 0};
  if (code.size() < max_value_length) {
    std::uint32_t seen = 0;
    const std::uint64_t result = take(code.data(), code.size(), seen);
    if (has_foreign(seen)) return check_alphabet(code);
    value = result;
    return {};
  }
  if (code.size() == max_value_length) return take_eleven(code, value);
  if (const Outcome outcome = check_alphabet(code); !outcome.ok()) return outcome;
  const std::size_t tail = code.size() - max_value_length;
  if (code.substr(0, tail).find_first_not_of('0') != std::string_view::npos) return {Fault::overflow, 0};
  return take_eleven(code.substr(tail), value);
}

void encode_uuid(const std::uint8_t* in16, char* out22) noexcept {
  const std::uint64_t high = load_big_endian(in16);
  const Division low_ten = divide_by_pow10(high % pow10, load_big_endian(in16 + 8));
  const Division middle_ten = divide_by_pow10(high / pow10, low_ten.quotient);
  put_two(static_cast<std::uint32_t>(middle_ten.quotient), out22);
  put_ten(middle_ten.remainder, out22 + 2);
  put_ten(low_ten.remainder, out22 + 12);
}

Outcome decode_uuid(std::string_view code, std::uint8_t* out16) noexcept {
  if (code.empty()) return {Fault::empty, 0};
  if (code.size() != uuid_length) {
    const Outcome outcome = check_alphabet(code);
    return outcome.ok() ? Outcome{Fault::length, 0} : outcome;
  }
  std::uint32_t seen = 0;
  const std::uint64_t leading = take(code.data(), 2, seen);
  const std::uint64_t middle = take(code.data() + 2, 10, seen);
  const std::uint64_t low = take(code.data() + 12, 10, seen);
  if (has_foreign(seen)) return check_alphabet(code);

  constexpr Wide max = ~Wide{0};
  const Wide high = Wide{leading} * pow10 + middle;
  if (high > max / pow10 || (high == max / pow10 && low > max % pow10)) return {Fault::overflow, 0};
  const Wide value = high * pow10 + low;
  store_big_endian(static_cast<std::uint64_t>(value >> 64), out16);
  store_big_endian(static_cast<std::uint64_t>(value), out16 + 8);
  return {};
}

}  // namespace core::base62
