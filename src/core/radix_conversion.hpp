// Conversion of long natural numbers between notations, by schoolbook division on a fixed buffer.
//
// Contract
// - A notation is a type with `base`, `group` (digits in one limb; base^group ≤ 2^32), `value_of(char)` and
//   `digit_of(value)`.
// - `convert<From, To>(text)` reads a text of From's digits, most significant first, with no digit meaning
//   zero. The caller has checked the digits and that neither side needs more than Limbs::capacity limbs.
// - Quadratic in the number of limbs, and free of allocation: numbers here end at 1 kB, where the
//   asymptotically better ways do not pay yet. Radices are template arguments so that every division is a
//   multiplication.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace core {

// A natural number in some radix, least significant limb first, without leading zero limbs.
struct Limbs {
  static constexpr std::size_t capacity = 280;

  std::array<std::uint32_t, capacity> limb;
  std::size_t size = 0;

  void drop_leading_zeros() noexcept {
    while (size != 0 && limb[size - 1] == 0) --size;
  }
};

template <typename Notation>
inline constexpr std::uint64_t limb_radix = [] {
  std::uint64_t radix = 1;
  for (std::size_t i = 0; i < Notation::group; ++i) radix *= Notation::base;
  static_assert(Notation::base >= 2);
  return radix;
}();

template <typename Notation>
void read_digits(std::string_view text, Limbs& number) noexcept {
  static_assert(limb_radix<Notation> <= std::uint64_t{1} << 32);
  number.size = 0;
  for (std::size_t end = text.size(); end != 0;) {
    const std::size_t begin = end < Notation::group ? 0 : end - Notation::group;
    std::uint32_t limb = 0;
    for (std::size_t i = begin; i < end; ++i) limb = limb * Notation::base + Notation::value_of(text[i]);
    number.limb[number.size++] = limb;
    end = begin;
  }
  number.drop_leading_zeros();
}

// Divide the number by the target radix until nothing is left; the remainders are the target's limbs.
template <std::uint64_t from, std::uint64_t to>
void change_radix(Limbs& number, Limbs& result) noexcept {
  result.size = 0;
  while (number.size != 0) {
    std::uint64_t remainder = 0;
    for (std::size_t i = number.size; i-- != 0;) {
      const std::uint64_t dividend = remainder * from + number.limb[i];
      number.limb[i] = static_cast<std::uint32_t>(dividend / to);
      remainder = dividend % to;
    }
    result.limb[result.size++] = static_cast<std::uint32_t>(remainder);
    number.drop_leading_zeros();
  }
}

template <typename From, typename To>
Limbs convert(std::string_view text) noexcept {
  Limbs number;
  Limbs result;
  read_digits<From>(text, number);
  change_radix<limb_radix<From>, limb_radix<To>>(number, result);
  return result;
}

// Digits that the number needs in the notation of its limbs; none for zero.
template <typename Notation>
std::size_t count_digits(const Limbs& number) noexcept {
  if (number.size == 0) return 0;
  std::size_t count = (number.size - 1) * Notation::group;
  for (std::uint32_t top = number.limb[number.size - 1]; top != 0; top /= Notation::base) ++count;
  return count;
}

// Write exactly `width` digits, zero-padded; the number must not need more.
template <typename Notation>
void write_digits(const Limbs& number, char* out, std::size_t width) noexcept {
  for (std::size_t i = 0; width != 0; ++i) {
    std::uint32_t limb = i < number.size ? number.limb[i] : 0;
    for (std::size_t digit = 0; digit < Notation::group && width != 0; ++digit) {
      out[--width] = Notation::digit_of(limb % Notation::base);
      limb /= Notation::base;
    }
  }
}

}  // namespace core
