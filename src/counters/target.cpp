#include "counters/target.hpp"

#include <algorithm>

#include "pg/index.hpp"
#include "pg/privileges.hpp"

namespace counters {

namespace {

pg::Error refusal(const pg::OpenRelation& table, int sqlstate, std::string detail) {
  return pg::Error{sqlstate, fmt::format("cannot count for table \"{}\"", table.name())}.detail(
      std::move(detail));
}

const FormData_pg_attribute& attribute(const pg::OpenRelation& table, AttrNumber number) {
  return *TupleDescAttr(table.columns(), number - 1);
}

std::string type_name(const FormData_pg_attribute& column) {
  return pg::call(::format_type_be, column.atttypid);
}

[[noreturn]] void refuse_column(const pg::OpenRelation& table, const std::string& name, int sqlstate,
                                std::string message, std::string detail) {
  throw pg::at(pg::Error{sqlstate, std::move(message)}.detail(std::move(detail)), table.oid(), name);
}

void refuse_computed(const pg::OpenRelation& table, const FormData_pg_attribute& column,
                     const std::string& name) {
  const char* what = column.attgenerated != '\0'  ? "a generated column"
                     : column.attidentity != '\0' ? "an identity column"
                                                  : nullptr;
  if (what != nullptr)
    refuse_column(table, name, ERRCODE_WRONG_OBJECT_TYPE,
                  fmt::format("column \"{}\" of table \"{}\" is {}", name, table.name(), what),
                  "A count is written into an ordinary column.");
}

}  // namespace

LockedTable::LockedTable(Oid table, const char* command, LOCKMODE lock)
    : OpenRelation{owned(table, command), lock} {
  owned(table, command);
}

Oid LockedTable::owned(Oid table, const char* command) {
  pg::require_writable(command);
  pg::require_owner(table);
  return table;
}

void require_countable(const pg::OpenRelation& table) {
  if (table.kind() != RELKIND_RELATION && table.kind() != RELKIND_PARTITIONED_TABLE)
    throw pg::at(
        refusal(table, ERRCODE_WRONG_OBJECT_TYPE,
                table.kind() == RELKIND_FOREIGN_TABLE ? "It is a foreign table." : "It is not a table."),
        table.oid());
  if (table.is_internal())
    throw pg::at(refusal(table, ERRCODE_WRONG_OBJECT_TYPE, "It belongs to the system or to steward itself."),
                 table.oid());
  if (table.is_partition())
    throw pg::at(refusal(table, ERRCODE_WRONG_OBJECT_TYPE, "It is a partition.")
                     .hint(fmt::format("Count for the partitioned table, {}.",
                                       pg::qualified_name(pg::ancestors_of(table.oid()).back()))),
                 table.oid());
  if (table.is_temporary())
    throw pg::at(refusal(table, ERRCODE_FEATURE_NOT_SUPPORTED,
                         "It is a temporary table, whose rows other sessions cannot see."),
                 table.oid());
}

KeyColumn require_key(const pg::OpenRelation& table) {
  const std::optional<pg::PrimaryKey> key = pg::primary_key_of(table.get());
  if (!key)
    throw pg::at(refusal(table, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "It has no primary key.")
                     .hint("A count belongs to a row by its key: ALTER TABLE ... ADD PRIMARY KEY (...)."),
                 table.oid());
  if (key->columns != 1)
    throw pg::at(
        refusal(table, ERRCODE_FEATURE_NOT_SUPPORTED,
                fmt::format("Its primary key has {} columns.", key->columns))
            .hint(table.kind() == RELKIND_PARTITIONED_TABLE
                      ? "A count belongs to a row by a key of one column: partition the table by the key "
                        "itself."
                      : "A count belongs to a row by a key of one column: give the table such a key, and make"
                        " the present one a UNIQUE constraint."),
        table.oid());
  if (key->deferrable)
    throw pg::at(refusal(table, ERRCODE_FEATURE_NOT_SUPPORTED, "Its primary key is deferrable.")
                     .hint("Two rows may have the same key for a while, but not the same count."),
                 table.oid());
  const FormData_pg_attribute& column = attribute(table, key->column);
  const std::string name = NameStr(column.attname);
  if (!key->deterministic)
    refuse_column(
        table, name, ERRCODE_FEATURE_NOT_SUPPORTED,
        fmt::format("key column \"{}\" of table \"{}\" has a nondeterministic collation", name, table.name()),
        "Keys that are spelt differently would be one row with several counts.");
  const Oid type = pg::call(::getBaseType, column.atttypid);
  constexpr Oid types[] = {INT2OID, INT4OID, INT8OID, UUIDOID, TEXTOID, VARCHAROID};
  if (std::find(std::begin(types), std::end(types), type) == std::end(types))
    refuse_column(
        table, name, ERRCODE_DATATYPE_MISMATCH,
        fmt::format("key column \"{}\" of table \"{}\" is of type {}", name, table.name(), type_name(column)),
        "Counted rows have a key of type smallint, integer, bigint, uuid, text or varchar.");
  return {name, type};
}

void require_count_column(const pg::OpenRelation& table, const std::string& name, const std::string& key) {
  const FormData_pg_attribute& column = attribute(table, pg::require_column(table, name));
  if (name == key)
    refuse_column(table, name, ERRCODE_INVALID_COLUMN_REFERENCE,
                  fmt::format("column \"{}\" of table \"{}\" is the key", name, table.name()),
                  "A count needs a column of its own.");
  if (column.atttypid != INT4OID && column.atttypid != INT8OID)
    refuse_column(
        table, name, ERRCODE_DATATYPE_MISMATCH,
        fmt::format("column \"{}\" of table \"{}\" is of type {}", name, table.name(), type_name(column)),
        "A count is kept in a column of type bigint or integer.");
  refuse_computed(table, column, name);
}

void require_last_column(const pg::OpenRelation& table, const std::string& name) {
  const FormData_pg_attribute& column = attribute(table, pg::require_column(table, name));
  if (column.atttypid != TIMESTAMPTZOID)
    refuse_column(
        table, name, ERRCODE_DATATYPE_MISMATCH,
        fmt::format("column \"{}\" of table \"{}\" is of type {}", name, table.name(), type_name(column)),
        "The time of the last hit is kept in a column of type timestamp with time zone.");
  refuse_computed(table, column, name);
}

}  // namespace counters
