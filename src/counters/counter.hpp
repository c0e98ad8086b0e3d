// What is known of a counter, and which one a caller means.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pg/prelude.hpp"

namespace counters {

enum class Bucket { none, hour, day, week, month };

struct Counter {
  std::int32_t id;
  Oid relation;
  AttrNumber key_number, number, last_number;  // last_number is 0 without last_col
  Oid key_type;                           // int2, int4, int8, uuid, text or varchar; a domain's base type
  std::string key_name, name, last_name;  // of the columns, as they are called now
  std::int64_t max;                       // the column's greatest value
  Bucket bucket;
  std::string time_zone;
  bool row_security;  // the table has policies that may hide rows from the caller
};

// The counter on a column, or the only one of the table. Raises 42P01, QN001, QN002. Stays valid, also when the
// catalogue changes, as long as the pointer is held.
std::shared_ptr<const Counter> counter_of(Oid relation, const std::optional<std::string>& column);

// All counters of a table that are bound to it now (see README.md).
std::vector<std::shared_ptr<const Counter>> counters_of(Oid relation);

// The counter that a trigger of ours on this relation, or on the partition that it was cloned to, serves; nothing if the
// trigger was made by hand or its counter is gone. The key column is the relation's own.
struct Served {
  std::int32_t id;
  AttrNumber key_number;
  Oid key_type;
  bool own;  // the counter is this relation's, which is no partition of the counted table
};
std::optional<Served> served_by(Relation relation, const Trigger& trigger);

}  // namespace counters
