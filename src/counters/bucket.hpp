// Buckets of time.
#pragma once

#include <cstdint>

#include "counters/counter.hpp"

namespace counters {

// When the bucket begins that a time is in, in the counter's zone. Only for a counter with buckets.
std::int64_t bucket_start(const Counter& counter, std::int64_t time);

const char* bucket_name(Bucket bucket);  // "hour", "day", ...
Bucket bucket_named(std::string_view name);

}  // namespace counters
