// Partitions of limited tables, which come and go with all their rows at once.
#pragma once

#include "limits/catalogue.hpp"

namespace limits {

// A partition that was made or attached under a table gets what a declared table's partitions have; the rows that it brings
// count, whether or not they are within the limits.
void partition_came(Oid parent, Oid partition);

// A table that inherits from another, without being its partition, may not do so from a declared one (0A000).
void child_came(Oid parent);

// What is standing may not be counted by rows that are no longer logged (0A000).
void became_unlogged(Oid table);

// A partition that was detached gives back what its rows counted, and its triggers.
void partition_left(Oid parent, Oid partition);

// The rows of a declared table, or of one of its partitions, are about to be truncated.
void uncount_rows_of(Oid relation, const Meter& meter);

}  // namespace limits
