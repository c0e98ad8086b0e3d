// Base62: numbers, UUIDs, byte strings and long decimals as text over 0-9A-Za-z, most significant digit
// first.
//
// Contract
// - The digit 0 is '0', 10 is 'A', 36 is 'a', 61 is 'z'.
// - An encoder has no failure but an argument beyond its documented limit.
// - A decoder never throws for what the text holds: it returns an Outcome. Faults are looked for in the order
//   empty, character, length, overflow, so a foreign character is reported whatever else is wrong.
// - Nothing is written to a decoder's result unless the outcome is ok.
// - decode(encode(x)) = x for every x; encode(decode(t)) = t for every t without needless leading zeros
//   (values, decimals) and for every t (UUIDs, byte strings, which have one length each).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace core::base62 {

enum class Fault {
  none,
  empty,      // no digit at all
  character,  // a byte outside the alphabet
  length,     // a number of digits that no value of this kind has
  overflow,   // digits that stand for more than the result can hold
};

struct Outcome {
  Fault fault = Fault::none;
  std::size_t position =
      0;  // for Fault::character, the offset of the first such byte; all before it are ASCII

  [[nodiscard]] bool ok() const noexcept { return fault == Fault::none; }
};

inline constexpr std::size_t max_value_length = 11;    // digits of 2^64-1
inline constexpr std::size_t uuid_length = 22;         // digits of 2^128-1
inline constexpr std::size_t max_bytes = 1024;         // longest byte string
inline constexpr std::size_t max_bytes_length = 1376;  // its digits
inline constexpr std::size_t max_decimal_digits = 1000;

// Write the digits of a value, without padding, and return how many (1 to 11).
std::size_t encode(std::uint64_t value, char* out) noexcept;

// Write exactly `width` digits (1 to 11), zero-padded; the value must be below 62^width.
void encode_fixed(std::uint64_t value, char* out, int width) noexcept;

// Read a value below 2^64; any number of leading zeros is allowed.
Outcome decode(std::string_view code, std::uint64_t& value) noexcept;

// Find the first byte outside the alphabet; no fault if there is none, nor in an empty text.
Outcome check_alphabet(std::string_view code) noexcept;

// Write the 22 digits of 16 big-endian bytes.
void encode_uuid(const std::uint8_t* in16, char* out22) noexcept;

// Read exactly 22 digits into 16 big-endian bytes.
Outcome decode_uuid(std::string_view code, std::uint8_t* out16) noexcept;

// Digits that a string of `bytes` bytes needs; exact for 0 to max_bytes.
std::size_t encoded_length(std::size_t bytes) noexcept;

// Bytes whose code has `chars` digits, or nothing if no byte string up to max_bytes has such a code.
std::optional<std::size_t> decoded_length(std::size_t chars) noexcept;

// Encode bytes as one big-endian number, zero-padded to encoded_length. std::length_error above max_bytes.
std::string encode_bytes(std::string_view bytes);

// The inverse of encode_bytes, except that the code of no bytes is the fault `empty`.
Outcome decode_bytes(std::string_view code, std::string& bytes);

// Encode a number given by decimal digits only, without padding; leading zeros are dropped, no digit is
// zero. std::length_error above max_decimal_digits significant digits.
std::string encode_decimal(std::string_view digits);

// Read a number into decimal digits without leading zeros; more than max_decimal_digits is an overflow.
// Linear in the number of leading zeros.
Outcome decode_decimal(std::string_view code, std::string& digits);

}  // namespace core::base62
