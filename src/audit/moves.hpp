// Rows that go from one partition to another: a delete and an insert to the triggers, one update to the log.
#pragma once

#include "audit/change.hpp"

namespace audit {

// A row has left its partition in a statement whose triggers have this depth.
void row_leaves(const Subject& subject, const pg::RowValues& row, int depth);

// Whether the row that comes is the one that has just left; then the update is recorded.
bool row_arrives(const Subject& subject, const pg::RowValues& row, int depth);

// Rows that have left in statements of this depth or deeper, and arrived nowhere, are gone: another trigger has kept them from
// arriving. At the transaction's end the depth is 0.
void settle_moves(int depth);

void moves_released(int level);
void moves_rolled_back(int level);

}  // namespace audit
