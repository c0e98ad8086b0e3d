// Random codes.
#pragma once

#include <cstddef>
#include <string>

namespace codes {

inline constexpr std::size_t longest_code = 256;

// An unbiased random code that holds no blocked word and is none of the reserved ones.
std::string draw(std::size_t length);

}  // namespace codes
