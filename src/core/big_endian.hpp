// Big-endian 64-bit numbers in memory: one load or store and, where the machine is little-endian, one swap.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace core {

inline std::uint64_t load_big_endian(const std::uint8_t* in) noexcept {
  std::uint64_t value = 0;
  std::memcpy(&value, in, sizeof value);
  return std::endian::native == std::endian::little ? __builtin_bswap64(value) : value;
}

inline void store_big_endian(std::uint64_t value, std::uint8_t* out) noexcept {
  if (std::endian::native == std::endian::little) value = __builtin_bswap64(value);
  std::memcpy(out, &value, sizeof value);
}

}  // namespace core
