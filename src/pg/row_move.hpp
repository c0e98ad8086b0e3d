// Rows that change from one table into another below SQL: as they are, with their index entries, and without triggers, foreign
// keys, rules or policies. Only the caller knows that each row fits where it goes.
#pragma once

#include <vector>

#include "pg/relation.hpp"

namespace pg {

// Where a row lies in its table; a value of type tid.
struct RowId {
  ItemPointerData at;
};

template <>
struct Type<RowId> {
  static RowId from(Datum datum) { return {*reinterpret_cast<ItemPointer>(DatumGetPointer(datum))}; }
};

// Deletes rows that nobody else can reach: the table is locked. 55000, in the server's own words, where a publication needs a
// replica identity to tell of it.
void take_rows(const OpenRelation& table, const std::vector<RowId>& rows);

// Inserts what this transaction has taken out of another table with the same columns, in whatever order.
void put_rows(const OpenRelation& from, const OpenRelation& to, const std::vector<RowId>& rows);

}  // namespace pg
