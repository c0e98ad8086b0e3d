// Partitions that are older than a set keeps them.
#pragma once

#include "partitions/due.hpp"
#include "partitions/locks.hpp"

namespace partitions {

// Those that are wholly older by their real bounds, oldest first.
void add_retired(std::vector<Due>& due, const Set& set);

// Detaches one, under locks against everybody: first it is asked once more for its newest row, and whether it is held. QP002
// where either speaks against it.
void retire(const Set& set, const Due& due, Locks& locks);

// Takes the CHECK of its bounds, if it has it, off a table that is or becomes a partition again.
void drop_bounds_check(Oid table);

}  // namespace partitions
