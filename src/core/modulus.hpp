// Remainders by a divisor that is known only at run time but used often: one multiplication and a correction
// instead of a hardware division, which takes up to 90 cycles on the older machines that still serve
// databases.
//
// With M = floor((2^64-1) / m), floor(y*M / 2^64) is floor(y/m) or one less for every 64-bit y.
#pragma once

#include <cstdint>

namespace core {

class Modulus {
 public:
  // The divisor must not be zero.
  constexpr explicit Modulus(std::uint64_t divisor) noexcept
      : divisor_(divisor), reciprocal_(~std::uint64_t{0} / divisor) {}

  [[nodiscard]] constexpr std::uint64_t divisor() const noexcept { return divisor_; }

  [[nodiscard]] constexpr std::uint64_t remainder(std::uint64_t value) const noexcept {
    const auto product = static_cast<unsigned __int128>(value) * reciprocal_;
    const std::uint64_t rest = value - static_cast<std::uint64_t>(product >> 64) * divisor_;
    return rest >= divisor_ ? rest - divisor_ : rest;
  }

 private:
  std::uint64_t divisor_;
  std::uint64_t reciprocal_;
};

}  // namespace core
