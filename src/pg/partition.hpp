// How a table is partitioned, and what its partitions hold: by the server's catalog, never by names.
#pragma once

#include <optional>
#include <vector>

#include "pg/relation.hpp"

namespace pg {

struct PartitionKey {
  char strategy;      // as in pg_partitioned_table: 'r' for ranges
  int columns;        // or expressions
  AttrNumber column;  // the first; 0 for an expression
  Oid type;           // of the first
};
// Nothing for a table that is not partitioned.
std::optional<PartitionKey> partition_key_of(const OpenRelation& table);

// One end of a range, of the key's first column.
struct PartitionBound {
  enum class Kind { lowest, value, highest } kind;
  Datum value;
};

struct Partition {
  Oid relation;
  bool is_default, detaching;  // a DETACH CONCURRENTLY that was not finished
  PartitionBound from, to;     // of a partition by range that is not the default
};
// The children of a partitioned table, which is locked. Those of another strategy than ranges have no bounds worth reading.
std::vector<Partition> partitions_of(const OpenRelation& table);
// The same of one that need not be locked, for whoever only looks: what is changed meanwhile is told as before or after.
std::vector<Partition> partitions_of(Oid table);

// Leaves a partition's bounds on it as a CHECK, for when it is none any more. The server has vouched for every row, so that none
// is read: as for DETACH PARTITION CONCURRENTLY. The partition is a table, and locked against everybody.
void add_bounds_check(Oid partition, const char* name);

// Marks a CHECK that was added NOT VALID as valid. Only for whoever has just seen that it holds, and keeps everybody else out.
void vouch_for_check(Oid table, const char* name);

// Marks a CHECK as NOT VALID, for rows that come without being checked. The table is locked against everybody.
void doubt_check(Oid table, const std::string& name);

// Moves the upper bound of a partition by range to a value, which is given as its type's input: without asking whether anything
// is in the way, in its own or any other partition. All of them are locked against everybody.
void set_upper_bound(Oid partition, Oid parent, std::optional<Oid> default_partition,
                     const std::string& value);

// What a partitioned table says of where new partitions lie; nothing for the default.
struct Placement {
  std::optional<std::string> access_method, tablespace;
};
Placement placement_of(Oid table);

// Whether rows are identified to subscribers by an index other than the primary key.
bool is_identified_by_index(Oid table);

// The tables that a table's foreign keys refer to.
std::vector<Oid> tables_referred_to(const OpenRelation& table);

// An expression about the rows of a table, as the catalog keeps it, in SQL that calls the table by another name.
std::string expression_text(Oid table, const std::string& expression, const std::string& name);

// A date in microseconds since 2000, as its midnight in UTC; what is infinite is the lowest or highest number.
std::int64_t date_number(Datum date);

}  // namespace pg
