// How long a set keeps what. Periods are taken in the set's zone, where days and months have no fixed length.
#pragma once

#include "partitions/set.hpp"

namespace partitions {

// Where rows begin that are young enough to stay; nothing where all of them stay.
std::optional<std::int64_t> cutoff_of(const Set& set);

// The oldest time that has a partition of its own: as was asked for, but nothing that would be retired at once.
std::int64_t oldest_wanted(const Set& set);

// Until when a partition that is detached now is kept.
pg::Timestamp kept_until(const Set& set);

// A value of the key, which is a time, on everybody's clock.
pg::Timestamp time_of(const Set& set, std::int64_t value);

}  // namespace partitions
