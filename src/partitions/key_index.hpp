// Whether the rows of a range can be found without reading a table.
#pragma once

#include "partitions/key.hpp"

namespace partitions {

// Whether an index that every snapshot may use holds all rows of a table in the order of the key.
bool has_key_index(Oid table, const Key& key);

}  // namespace partitions
