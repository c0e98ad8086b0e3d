// Tables that were partitions of one until they were too old.
#pragma once

#include <vector>

#include "pg/prelude.hpp"

namespace keys {

// Those that are kept, in the bin or as an archive.
std::vector<Oid> detached_from(Oid table);

}  // namespace keys
