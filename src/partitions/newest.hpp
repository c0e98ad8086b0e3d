// What the rows of a partition say themselves of their age.
#pragma once

#include "partitions/set.hpp"

namespace partitions {

// The highest key in a partition of a set by time, found through an index, or in a foreign table. Nothing where there is
// no index, since to read all rows takes too long for what the bounds say already, and where there is no row.
std::optional<std::int64_t> newest_key(const Set& set, Oid partition);

// Whether a table that was a partition has rows that its bounds exclude: those at or above the upper one. A CHECK of the
// bounds proves that there are none, without reading.
bool has_rows_from(const Set& set, Oid table, const std::string& upper_bound);

}  // namespace partitions
