// The Base62 alphabet as lookup tables, shared by the Base62 sources; not part of their interface.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base62.hpp"

namespace core::base62 {

inline constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

inline constexpr std::uint32_t pow2 = 62 * 62;
inline constexpr std::uint32_t pow4 = pow2 * pow2;
inline constexpr std::uint64_t pow8 = std::uint64_t{pow4} * pow4;
inline constexpr std::uint64_t pow10 = pow8 * pow2;

// Marks a byte outside the alphabet. Digits stay below 64, so the top bit of several entries or-ed together
// tells whether any of them was foreign.
inline constexpr std::uint8_t no_digit = 0xFF;

inline constexpr auto digit_of_byte = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(no_digit);
  for (std::size_t digit = 0; digit < alphabet.size(); ++digit)
    table[static_cast<unsigned char>(alphabet[digit])] = static_cast<std::uint8_t>(digit);
  return table;
}();

inline std::uint32_t digit_of(char byte) noexcept { return digit_of_byte[static_cast<unsigned char>(byte)]; }

inline bool has_foreign(std::uint32_t seen) noexcept { return (seen & 0x80) != 0; }

}  // namespace core::base62
