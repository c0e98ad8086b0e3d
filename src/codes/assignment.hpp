// How a column gets its codes. The whole state is the trigger on the table: its options are the trigger's arguments,
// its column is the one that the trigger names in UPDATE OF, so that both follow the table through renames, dumps and
// its end without a row anywhere that could disagree.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pg/prelude.hpp"

namespace codes {

struct Assignment {
  int length = 0;      // characters of a random code when the table is young, prefix not counted
  int max_length = 0;  // to which they may grow
  std::string series;  // empty for random codes; else there are no lengths but the series' own
  std::string prefix;

  // As trigger arguments, and back; nothing if steward did not write them.
  std::vector<std::string> arguments() const;
  static std::optional<Assignment> from_arguments(const std::vector<std::string>& arguments);

  bool operator==(const Assignment&) const = default;
};

// The trigger of ours on a column, if there is one.
const Trigger* find_trigger(Relation relation, AttrNumber column);

// Its options; 39P01 for a trigger that was made by hand.
Assignment assignment_of(const Trigger& trigger);
[[noreturn]] void refuse_trigger(const Trigger& trigger);

// The trigger function's OID.
Oid trigger_function();

// Every column of the database that gets codes, as of now. Triggers made by hand are passed over: their rows are refused, but
// they stop nobody else.
struct AssignedColumn {
  Oid relation;
  std::string name;
  Assignment assignment;
};
std::vector<AssignedColumn> assigned_columns();

}  // namespace codes
