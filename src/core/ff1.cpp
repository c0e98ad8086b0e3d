#include "core/ff1.hpp"

#include <openssl/crypto.h>

#include <bit>
#include <stdexcept>

namespace core {
namespace {

using Wide = unsigned __int128;

constexpr std::uint32_t max_radix = 65536;
constexpr Wide two_to_64 = Wide{1} << 64;

// radix^exponent, or 2^64 if it is that or more.
Wide capped_power(std::uint32_t radix, std::uint32_t exponent) noexcept {
  Wide power = 1;
  while (exponent-- != 0 && power < two_to_64) power *= radix;
  return power < two_to_64 ? power : two_to_64;
}

// Numbers that `numerals` numerals can stand for, once the arguments are known to be within the contract.
std::uint64_t checked_half(std::uint32_t radix, std::uint32_t length, std::uint32_t numerals) {
  if (radix < 2 || radix > max_radix) throw std::invalid_argument("FF1 radix out of range");
  if (length < 2 || capped_power(radix, length) < 100) throw std::invalid_argument("FF1 length too small");
  const Wide count = capped_power(radix, numerals);
  if (count == two_to_64) throw std::invalid_argument("FF1 length too large");
  return static_cast<std::uint64_t>(count);
}

// radix^length ≤ 2^64, which capped_power cannot tell from more.
bool fits_64_bits(std::uint64_t left, std::uint64_t right) noexcept {
  return Wide{left} * right <= two_to_64;
}

// Xor a byte into a block that is filled from offset 0 on, the most significant byte first.
void xor_byte(Block& block, std::size_t offset, std::uint8_t byte) noexcept {
  std::uint64_t& half = offset < 8 ? block.high : block.low;
  half ^= std::uint64_t{byte} << (56 - 8 * (offset % 8));
}

std::uint64_t add(std::uint64_t a, std::uint64_t b, std::uint64_t modulus) noexcept {
  return b >= modulus - a ? b - (modulus - a) : a + b;
}

std::uint64_t subtract(std::uint64_t a, std::uint64_t b, std::uint64_t modulus) noexcept {
  return a >= b ? a - b : a + (modulus - b);
}

}  // namespace

Ff1::Ff1(std::string_view key, std::uint32_t radix, std::uint32_t length, std::string_view tweak)
    : aes_(key),
      radix_(radix),
      length_(length),
      left_(checked_half(radix, length, length / 2)),
      right_(checked_half(radix, length, length - length / 2)),
      has_values_(fits_64_bits(left_.divisor(), right_.divisor())),
      input_bytes_((static_cast<unsigned>(std::bit_width(right_.divisor() - 1)) + 7) / 8) {
  if (tweak.size() > UINT32_MAX) throw std::invalid_argument("FF1 tweak too long");
  cache_prefix(tweak);
}

Ff1::~Ff1() { OPENSSL_cleanse(&prefix_, sizeof prefix_); }

// The MAC runs over P, then the tweak, zeros, the round number and `input_bytes_` bytes of text, the zeros
// such that the end falls on a block boundary. Round number and text are at most 9 bytes, so they share the
// last block.
void Ff1::cache_prefix(std::string_view tweak) {
  Block block;
  block.high = std::uint64_t{0x010201} << 40 | std::uint64_t{radix_} << 16 | std::uint64_t{rounds} << 8 |
               (length_ / 2 & 0xFF);
  block.low = std::uint64_t{length_} << 32 | tweak.size();
  block = aes_.encrypt(block);
  for (std::size_t i = 0; i < tweak.size(); ++i) {
    xor_byte(block, i % 16, static_cast<std::uint8_t>(tweak[i]));
    const bool ends_block = i % 16 == 15;
    const bool more_tweak = i + 1 < tweak.size();
    if (ends_block || (!more_tweak && i % 16 + 1 + 1 + input_bytes_ > 16)) block = aes_.encrypt(block);
  }
  prefix_ = block;
}

// The standard's steps 6.ii to 6.vi: y mod radix^m. y has d = 4*ceil(b/4) + 4 bytes, 8 or 12 of the one MAC
// block.
std::uint64_t Ff1::round_value(unsigned round, std::uint64_t input, const Modulus& modulus) const {
  Block block = prefix_;
  block.low ^= input;
  xor_byte(block, 15 - input_bytes_, static_cast<std::uint8_t>(round));
  block = aes_.encrypt(block);
  if (input_bytes_ <= 4) return modulus.remainder(block.high);
  const Wide y = Wide{block.high} << 32 | block.low >> 32;
  return static_cast<std::uint64_t>(y % modulus.divisor());
}

// Two rounds at a time spare the exchange of the halves: even rounds change the left, odd ones the right.
Ff1::Halves Ff1::encrypt(Halves text) const {
  for (unsigned round = 0; round < rounds; round += 2) {
    text.left = add(text.left, round_value(round, text.right, left_), left_.divisor());
    text.right = add(text.right, round_value(round + 1, text.left, right_), right_.divisor());
  }
  return text;
}

Ff1::Halves Ff1::decrypt(Halves text) const {
  for (unsigned round = rounds; round != 0; round -= 2) {
    text.right = subtract(text.right, round_value(round - 1, text.left, right_), right_.divisor());
    text.left = subtract(text.left, round_value(round - 2, text.right, left_), left_.divisor());
  }
  return text;
}

std::uint64_t Ff1::encrypt(std::uint64_t value) const {
  const Halves text = encrypt(Halves{value / right_.divisor(), value % right_.divisor()});
  return text.left * right_.divisor() + text.right;
}

std::uint64_t Ff1::decrypt(std::uint64_t value) const {
  const Halves text = decrypt(Halves{value / right_.divisor(), value % right_.divisor()});
  return text.left * right_.divisor() + text.right;
}

void Ff1::encrypt_digits(Numeral* digits) const { write(encrypt(read(digits)), digits); }

void Ff1::decrypt_digits(Numeral* digits) const { write(decrypt(read(digits)), digits); }

Ff1::Halves Ff1::read(const Numeral* digits) const noexcept {
  Halves text{0, 0};
  for (std::uint32_t i = 0; i < length_ / 2; ++i) text.left = text.left * radix_ + digits[i];
  for (std::uint32_t i = length_ / 2; i < length_; ++i) text.right = text.right * radix_ + digits[i];
  return text;
}

void Ff1::write(Halves text, Numeral* digits) const noexcept {
  for (std::uint32_t i = length_; i-- != length_ / 2; text.right /= radix_)
    digits[i] = static_cast<Numeral>(text.right % radix_);
  for (std::uint32_t i = length_ / 2; i-- != 0; text.left /= radix_)
    digits[i] = static_cast<Numeral>(text.left % radix_);
}

}  // namespace core
