// Making partitions.
#pragma once

#include <string>

#include "partitions/locks.hpp"
#include "partitions/set.hpp"

namespace partitions {

// A name that nothing in the set's schema has.
std::string free_name(const Set& set, const std::string& suffix);

// What is said to the server; shown by plan_partitions(), too.
std::string attach_statement(const Set& set, const std::string& name, const core::ladder::Range& range);

// Makes a partition as the set's others are, and tells which it is. The parent is locked against DDL, the default partition
// against everybody: rows of the range must not come there meanwhile.
Oid create_partition(const Set& set, const core::ladder::Range& range, Locks& locks);
void create_default(const Set& set, Locks& locks);

}  // namespace partitions
