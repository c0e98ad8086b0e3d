// In what order sets are maintained.
#pragma once

#include <vector>

#include "pg/relation.hpp"

namespace partitions {

// Those that refer to others first: rows that are referred to cannot go before those that do.
std::vector<Oid> referencing_first(const std::vector<Oid>& tables);

}  // namespace partitions
