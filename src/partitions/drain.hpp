// Rows of the default partition that belong into partitions of their own.
#pragma once

#include "partitions/default_rows.hpp"
#include "partitions/due.hpp"
#include "partitions/locks.hpp"

namespace partitions {

// The partition that is being filled: before anything else, since only one at a time is.
void add_filling(std::vector<Due>& due, const Set& set);

// Those that are still to be made for rows of the default.
void add_moves(std::vector<Due>& due, const Set& set, const std::vector<core::ladder::Range>& occupied);

// Moves the first rows of a range into its partition, which is made if need be, and whose upper bound goes up with them. QP003
// while somebody has a snapshot from before: he could miss what moves.
void move_rows(const Set& set, const Due& due, Locks& locks);

// 55000 where a publication would tell of half of a move.
void require_moves_told(const Set& set);

// Waits a moment for older snapshots to go, QP003 where they stay.
void await_older_snapshots(const Set& set, Locks& locks);

}  // namespace partitions
