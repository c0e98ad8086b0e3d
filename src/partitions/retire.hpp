// Partitions that are older than a set keeps them.
#pragma once

#include "partitions/due.hpp"

namespace partitions {

void add_retired(std::vector<Due>& due, const Set& set);

}  // namespace partitions
