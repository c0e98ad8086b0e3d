// Relations: opened and closed by scope, named in messages, read row by row.
#pragma once

#include "pg/datum.hpp"

namespace pg {

// An open relation. Closing keeps the lock until the transaction ends, as a reader of the catalog may rely on it.
class OpenRelation : faults::Counted {
 public:
  // Raises 42P01 when there is none, as a regclass may hold any number.
  OpenRelation(Oid relation, LOCKMODE lock);
  OpenRelation(const OpenRelation&) = delete;
  OpenRelation& operator=(const OpenRelation&) = delete;
  ~OpenRelation() { relation_close(relation_, NoLock); }

  Relation get() const noexcept { return relation_; }
  Oid oid() const noexcept { return RelationGetRelid(relation_); }
  char kind() const noexcept { return relation_->rd_rel->relkind; }
  bool is_partition() const noexcept { return relation_->rd_rel->relispartition; }
  bool has_triggers() const noexcept { return relation_->rd_rel->relhastriggers; }
  bool is_temporary() const noexcept { return relation_->rd_rel->relpersistence == RELPERSISTENCE_TEMP; }
  // Of the server's catalogs, or of schema steward.
  bool is_internal() const;
  std::string name() const { return RelationGetRelationName(relation_); }
  TupleDesc columns() const noexcept { return RelationGetDescr(relation_); }

 private:
  Relation relation_;
};

// How large a table is.
std::uint32_t pages_of(const OpenRelation& table);

// The tables that a partition belongs to, nearest first; none for what is no partition. A partition that is being detached
// concurrently belongs to its table until that is done.
std::vector<Oid> ancestors_of(Oid relation);

// A table and its partitions at every level, those above before those below, each locked: who writes a partition by its own
// name locks no other.
std::vector<Oid> partition_tree(Oid table, LOCKMODE lock);

// The partitions of a table, none of them locked.
std::vector<Oid> partition_oids(Oid table);

// By plain inheritance, or as partitions.
bool has_children(Oid table);
// The tables that one inherits from, or is a partition of.
std::vector<Oid> parents_of(Oid table);

// The relations that have this name, in whatever schema.
std::vector<Oid> relations_named(const std::string& name);

// The relation of that name in schema steward; InvalidOid when there is none.
Oid own_relation(const std::string& name);
// The same where even the schema may be gone.
Oid find_own_relation(const char* name);

// The same, locked until the transaction ends: the one that has the name once the lock is held.
Oid lock_own_relation(const std::string& name, LOCKMODE lock);

// Whether a relation is of schema steward.
bool is_own(Oid relation);

// The role that owns a relation.
Oid owner_of(Oid relation);

// As it is called, and the schema that it is in; empty where there is no such relation.
std::string name_of(Oid relation);
std::string schema_of(Oid relation);

// "schema.name", quoted as SQL wants it.
std::string qualified_name(Oid relation);
std::string quoted_identifier(std::string_view name);
std::string quoted_literal(std::string_view text);

// The error's schema and table fields, filled from the catalog.
Error&& at(Error&& error, Oid relation);
Error&& at(Error&& error, Oid relation, std::string column);

// The number of a user's column; raises 42703 when there is none, 42809 for a system column.
AttrNumber require_column(const OpenRelation& table, const std::string& name);

// One row of a scan.
class Row {
 public:
  Row(HeapTuple tuple, TupleDesc columns) noexcept : tuple_{tuple}, columns_{columns} {}

  // The value of the column with this number (from 1), which is declared NOT NULL.
  template <typename T>
  T get(int column) const {
    bool null = false;
    return Type<T>::from(call(::heap_getattr, tuple_, column, columns_, &null));
  }

  // The same of a column that may be NULL, which is empty.
  template <typename T>
  std::optional<T> find(int column) const {
    bool null = false;
    const Datum datum = call(::heap_getattr, tuple_, column, columns_, &null);
    if (null) return std::nullopt;
    return Type<T>::from(datum);
  }

 private:
  HeapTuple tuple_;
  TupleDesc columns_;
};

// Reads all rows of a small table as they are committed now, whatever snapshot the statement runs under, as the
// server reads its catalogs: the caches that are filled from it outlive the statement. Parallel workers may, too.
class TableScan : faults::Counted {
 public:
  explicit TableScan(Oid relation);
  TableScan(const TableScan&) = delete;
  TableScan& operator=(const TableScan&) = delete;
  ~TableScan() { systable_endscan(scan_); }

  std::optional<Row> next();

 private:
  OpenRelation relation_;
  SysScanDesc scan_;
};

}  // namespace pg
