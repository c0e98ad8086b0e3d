// Partitions of limited tables, which come and go with all their rows at once.
#pragma once

#include "limits/catalogue.hpp"

namespace limits {

// A partition that was made or attached under a table gets what a declared table's partitions have; the rows that it brings
// count, whether or not they are within the limits.
void partition_came(Oid parent, Oid partition);

// A partition that was detached gives back what its rows counted, and its triggers.
void partition_left(Oid parent, Oid partition);

// The rows of a declared table, or of one of its partitions, are about to be truncated.
void uncount_rows_of(Oid relation, const Meter& meter);

}  // namespace limits
