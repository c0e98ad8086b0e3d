// The index entries of many rows that are written below SQL. For this folder's sources alone: server code, which is called through
// the door as one piece and holds nothing with a destructor.
#pragma once

#include "pg/prelude.hpp"

namespace pg::detail {

// Of rows of a table that have just been written to it, in the order in which they were. Index by index, and in each in its own
// order, so that what comes next is found in the pages that were just used.
void add_index_entries(Relation table, TupleTableSlot** rows, int count);

}  // namespace pg::detail
