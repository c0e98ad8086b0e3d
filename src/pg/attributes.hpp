// The columns of a table by the catalog alone: no lock is taken, for where the caller has one on a partition of it.
#pragma once

#include "pg/relation.hpp"

namespace pg {

struct Attribute {
  std::int16_t number;
  std::string name;
  Oid type;
  std::int32_t modifier;
  Oid collation;
};

// Those that rows have: neither dropped nor computed when they are read. Empty where there is no such table.
std::vector<Attribute> attributes_of(Oid table);

// What rows have in a column that was added after they were written; nothing where they are NULL there, or were rewritten.
struct MissingValue {
  Oid type;
  Datum value;
};
std::optional<MissingValue> missing_value(Oid table, const std::string& column);

// Whether the server fills in a column of new rows.
bool is_filled_in(Oid table, const std::string& column);

// The equality of each column of an index, as OPERATOR(schema.name).
std::vector<std::string> equality_operators(Oid index);

}  // namespace pg
