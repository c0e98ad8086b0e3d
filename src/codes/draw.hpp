// Random codes.
#pragma once

#include <cstddef>

namespace codes {

inline constexpr std::size_t longest_code = 256;

// Writes an unbiased random code that holds no blocked word and is none of the reserved ones.
void draw(char* code, std::size_t length);

}  // namespace codes
