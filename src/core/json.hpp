// Text as JSON wants it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace core {

// With its quotes. Bytes beyond ASCII stay as they are.
std::string json_string(std::string_view text);

// A time, in microseconds since 2000, as ISO 8601 in UTC: 2026-12-01T00:00:00Z; without its fraction of a second.
std::string iso_time(std::int64_t time);

}  // namespace core
