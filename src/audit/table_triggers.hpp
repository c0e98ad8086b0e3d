// Making and dropping the triggers on audited tables.
#pragma once

#include <cstdint>

#include "pg/relation.hpp"

namespace audit {

// Those that are missing, on the table and, what the server does not clone, on its partitions. The table is locked, but not open.
void make_triggers(Oid table, std::int32_t number);

// What a partition that has come needs of its own.
void make_partition_triggers(Oid partition, std::int32_t number);

// The table's own, and those that it has given its partitions: not what is declared on one of them, or above them.
void drop_triggers(Oid table, std::int32_t number);
// Of a partition that has left.
void drop_partition_triggers(Oid partition, std::int32_t number);

}  // namespace audit
