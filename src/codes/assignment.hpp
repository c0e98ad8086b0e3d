// How a column gets its codes. The whole state is the trigger on the table: its options are the trigger's arguments,
// its column is the one that the trigger names in UPDATE OF, so that both follow the table through renames, dumps and
// its end without a row anywhere that could disagree.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pg/error.hpp"

namespace codes {

struct Assignment {
  int length = 8;      // characters of a code when the table is young, prefix not counted
  int max_length = 0;  // to which they may grow
  std::string series;  // empty for random codes; then both lengths are the series' own
  std::string prefix;

  // As trigger arguments, and back; what steward did not write is refused.
  std::vector<std::string> arguments() const;
  static Assignment from_arguments(const std::vector<std::string>& arguments);

  bool operator==(const Assignment&) const = default;
};

// The trigger of ours on a column, if there is one.
const Trigger* find_trigger(Relation relation, AttrNumber column);
std::vector<std::string> arguments_of(const Trigger& trigger);

// The trigger function's OID.
Oid trigger_function();

// Characters that a column leaves for a code behind the prefix.
int room_for_code(int type_modifier, std::string_view prefix);

// One wording for what is found wrong both when the column is declared and when a row comes.
pg::Error no_unique_index(Oid relation, const std::string& column);
pg::Error no_series_right(const std::string& series);

// Every column of the database that gets codes.
struct AssignedColumn {
  Oid relation;
  std::string name;
  Assignment assignment;
};
std::vector<AssignedColumn> assigned_columns();

}  // namespace codes
