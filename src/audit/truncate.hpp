// Which partitions are truncated together with their table: their own triggers follow, and have nothing to add.
#pragma once

#include "pg/relation.hpp"

namespace audit {

void all_are_truncated(Oid table);

// Whether a partition is; asked once for each.
bool is_truncated_with_all(Oid partition);

// A TRUNCATE may have been rolled back to a savepoint before it came to all of them.
// A partition has rows again: when it is truncated alone then, they are told of. It may have been named before the table in the
// statement that emptied both.
void row_inserted(Oid partition);

void truncates_released(int level);
void truncates_rolled_back(int level);

}  // namespace audit
