// What has become useless: rows of subjects that are gone, accounts of periods that have ended.
#pragma once

#include <cstdint>
#include <vector>

#include "pg/procedure.hpp"

namespace limits {

// In short transactions. What could only be removed by holding up others for longer than a moment stays until the next time.
void sweep(pg::Batches& batches);

}  // namespace limits
