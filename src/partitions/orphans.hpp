// What is kept of sets, and of their partitions, when they are no more.
#pragma once

#include "pg/relation.hpp"

namespace partitions {

// All that is kept of a set. What was detached of it stays where it is, and so does a hold, which may be needed again.
void forget_set(Oid table);

// All that is kept of tables that have been dropped; of partitions in the bin also where they have been attached by hand.
void forget_gone();

}  // namespace partitions
