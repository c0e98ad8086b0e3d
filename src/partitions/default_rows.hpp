// What is in a set's default partition, and for which ranges.
#pragma once

#include <vector>

#include "partitions/set.hpp"
#include "pg/row_move.hpp"

namespace partitions {

// Whether there may be any row: a foreign table, or one that is partitioned itself, is left to its owner.
bool may_have_default_rows(const Set& set);

// What should have a partition: from the oldest wanted to the end of the future.
core::ladder::Range wanted_range(const Set& set);

// Whether the default partition has rows of a range.
bool default_has_rows(const Set& set, const core::ladder::Range& range);
std::int64_t count_default_rows(const Set& set, const core::ladder::Range& range);

// The ranges, each a step or what others leave of it, that rows of the default partition are in, as far as they are wanted, in
// order. Without an index on the key only the first is looked for. The one that is being filled is not among them.
std::vector<core::ladder::Range> occupied_ranges(const Set& set);

// The first rows of a range, a few thousand, and until where that are all of them. Rows of one key stay together.
struct DefaultRows {
  std::vector<pg::RowId> rows;
  std::int64_t until;
};
DefaultRows first_default_rows(const Set& set, const core::ladder::Range& range);

// Puts what has been taken out into a partition. A CHECK that the default partition was not checked for is NOT VALID there, too.
void put_default_rows(const Set& set, Oid partition, const std::vector<pg::RowId>& rows);

// All that fulfil a condition.
std::vector<pg::RowId> default_rows_where(const Set& set, const std::string& condition);

}  // namespace partitions
