// Unique indexes: which one guards a column, and whether it holds a value already.
#pragma once

#include "pg/relation.hpp"

namespace pg {

// What a probe needs to know about an index, resolved once.
struct UniqueIndex {
  Oid oid;
  Oid collation;
  RegProcedure equality;
};

// A unique index or constraint on exactly this column that holds all its values (a condition other than
// "column IS NOT NULL" leaves some out); nothing when there is none.
std::optional<UniqueIndex> unique_index_on(Relation relation, AttrNumber column);

// The column's equality with a value, as the index compares, for an IndexLookup of its table.
ScanKeyData equals(const UniqueIndex& index, AttrNumber column, Datum value);

// Whether the index holds the text, in any row that is or may yet be live: also one of a transaction that is still
// running, unlike a SELECT.
bool index_holds(Relation relation, const UniqueIndex& index, std::string_view text);

// Whether an index is being made while others write, or was left unfinished: rows get entries in it, and the server goes by their
// transactions to tell which it has to add.
bool is_being_indexed(Relation relation);

// The index of the primary key; InvalidOid without one.
Oid primary_key_index(Relation relation);
// Its columns, in its order; none without one.
std::vector<AttrNumber> primary_key_columns(Relation relation);

// What is known of a primary key, or of another one that is as good. A primary key may have more columns than the first.
struct Key {
  AttrNumber column;
  int columns;
  bool primary;
  bool deferrable;
  bool deterministic;  // its collation takes values for equal only if they are the same bytes
};
std::optional<Key> primary_key_of(Relation relation);

// A unique key of all values of exactly this column: one that is checked at once, if there are several.
std::optional<Key> unique_key_on(Relation relation, AttrNumber column);

}  // namespace pg
