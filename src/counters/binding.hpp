// The triggers that tie a counter to its table, and what they say. README.md tells why the columns are named there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pg/prelude.hpp"

namespace counters {

// What a trigger on `move_counts()` says: a counter's number and its columns in the relation that it is on.
struct Binding {
  std::int32_t counter;
  AttrNumber key, column, last;  // last is 0 without last_col
  bool cloned;                   // from the partitioned table's
};

// All of a relation. What was made by hand and cannot have come from us is passed over.
std::vector<Binding> bindings_of(Relation relation);

// The number that a trigger of ours has as its argument; empty for anything else.
std::optional<std::int32_t> counter_in(const Trigger& trigger);

struct BoundColumns {
  std::string key, column, last;  // last is empty without last_col

  bool operator==(const BoundColumns&) const = default;
};

// Makes those triggers of a counter that the table has not; the one that names the columns anew when these differ.
// Wants the table locked, but not open.
void bind(Oid table, std::int32_t counter, const BoundColumns& columns);

// Drops them all, whatever they are called by now.
void unbind(Oid table, std::int32_t counter);

}  // namespace counters
