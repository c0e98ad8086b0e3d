// Values that nobody is to see.
#pragma once

#include <string>
#include <string_view>

namespace audit {

inline constexpr std::string_view mask = "***";

// What stands for a value: equal values have equal ones, and nothing more can be told.
std::string hash_of(std::string_view text);

// Makes the key of the hashes, where there is none yet.
void make_hash_key();

}  // namespace audit
