// Random codes: characters of the Base62 alphabet, each equally likely and independent of the others.
//
// Contract
// - The source is a callable that returns uniformly distributed 64-bit numbers; whatever it throws passes
//   through.
// - `length` characters are written, in groups of at most 10 from one number each. A number at or above the
//   largest multiple of 62^k that 64 bits hold is drawn again, so the remainder has no bias (4.45 % of draws
//   for k = 10, next to none for shorter groups).
// - The expected number of draws per group is below 1.05, but there is no upper bound: a source stuck at its
//   maximum would never return.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base62.hpp"
#include "core/modulus.hpp"

namespace core {

namespace random_code_detail {

inline constexpr std::size_t max_group = 10;

struct Group {
  Modulus modulus;
  std::uint64_t last_accepted;  // one below a multiple of the modulus
};

constexpr Group make_group(int characters) noexcept {
  std::uint64_t count = 1;
  for (int i = 0; i < characters; ++i) count *= 62;
  // 62^k is no power of two, so floor((2^64-1) / 62^k) equals floor(2^64 / 62^k).
  return {Modulus(count), ~std::uint64_t{0} / count * count - 1};
}

// Entry k - 1 serves groups of k characters.
inline constexpr std::array<Group, max_group> groups = {
    make_group(1), make_group(2), make_group(3), make_group(4), make_group(5),
    make_group(6), make_group(7), make_group(8), make_group(9), make_group(10)};

}  // namespace random_code_detail

// Fill `out` with `length` random characters.
template <typename Source>
void random_code(Source&& next_u64, char* out, std::size_t length) {
  namespace detail = random_code_detail;
  while (length != 0) {
    const std::size_t count = length < detail::max_group ? length : detail::max_group;
    const detail::Group& group = detail::groups[count - 1];
    std::uint64_t draw = next_u64();
    while (draw > group.last_accepted) draw = next_u64();
    base62::encode_fixed(group.modulus.remainder(draw), out, static_cast<int>(count));
    out += count;
    length -= count;
  }
}

}  // namespace core
