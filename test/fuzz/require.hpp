// What a fuzzer asserts, in every build type.
#pragma once

#include <cstdlib>

inline void require(bool promise) {
  if (!promise) std::abort();
}
