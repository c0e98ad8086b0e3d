// What a column must be to hold codes: asked when it is declared and again when the first row of a session comes, as
// anybody can make a trigger by hand, and tables change.
#pragma once

#include <string>

#include "pg/index.hpp"

namespace codes {

struct CodeColumn {
  Oid relation;
  AttrNumber number;
  std::string name;
  int type_modifier;
  pg::UniqueIndex index;

  // Characters that there are for a code behind the prefix.
  int room_behind(std::string_view prefix) const;

  // 22023 when codes of that size do not fit behind the prefix.
  void require_room(int size, std::string_view prefix) const;
};

// The column, or an error: 42804 unless it is text or varchar, 42809 if it is generated, 55000 without a unique index.
CodeColumn require_code_column(Relation relation, AttrNumber number);

// 42501 unless the table's owner may take codes from series; otherwise anybody could, through a table of their own.
void require_series_right(const CodeColumn& column, const std::string& series);

}  // namespace codes
