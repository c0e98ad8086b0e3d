#include "keys/target.hpp"

#include "keys/key_text.hpp"
#include "pg/index.hpp"
#include "pg/privileges.hpp"

namespace keys {

namespace {

pg::Error refusal(const pg::OpenRelation& table, const Words& words, int sqlstate, std::string detail) {
  return pg::Error{sqlstate, fmt::format("{} \"{}\"", words.cannot, table.name())}.detail(std::move(detail));
}

std::string type_name(const FormData_pg_attribute& column) {
  return pg::call(::format_type_be, column.atttypid);
}

void require_immediate(const pg::OpenRelation& table, const Words& words, const pg::Key& key) {
  if (key.deferrable)
    throw pg::at(
        refusal(table, words, ERRCODE_FEATURE_NOT_SUPPORTED,
                fmt::format("Its {} is deferrable.", key.primary ? "primary key" : "unique key"))
            .hint(fmt::format("Two rows may have the same key for a while, but not the same {}.", words.one)),
        table.oid());
}

KeyColumn judge(const pg::OpenRelation& table, const Words& words, const pg::Key& key) {
  require_immediate(table, words, key);
  const FormData_pg_attribute& column = attribute(table, key.column);
  const std::string name = NameStr(column.attname);
  if (!key.deterministic)
    refuse_column(
        table, name, ERRCODE_FEATURE_NOT_SUPPORTED,
        fmt::format("key column \"{}\" of table \"{}\" has a nondeterministic collation", name, table.name()),
        fmt::format("Keys that are spelt differently would be one row with several {}.", words.many));
  const Oid type = pg::call(::getBaseType, column.atttypid);
  if (!is_key_type(type))
    refuse_column(
        table, name, ERRCODE_DATATYPE_MISMATCH,
        fmt::format("key column \"{}\" of table \"{}\" is of type {}", name, table.name(), type_name(column)),
        fmt::format("{} have a key of type smallint, integer, bigint, uuid, text or varchar.", words.rows));
  return {name, type};
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

void require_table(const pg::OpenRelation& table, const Words& words) {
  if (table.kind() != RELKIND_RELATION && table.kind() != RELKIND_PARTITIONED_TABLE)
    throw pg::at(
        refusal(table, words, ERRCODE_WRONG_OBJECT_TYPE,
                table.kind() == RELKIND_FOREIGN_TABLE ? "It is a foreign table." : "It is not a table."),
        table.oid());
  if (table.is_internal())
    throw pg::at(
        refusal(table, words, ERRCODE_WRONG_OBJECT_TYPE, "It belongs to the system or to steward itself."),
        table.oid());
  if (table.is_partition())
    throw pg::at(refusal(table, words, ERRCODE_WRONG_OBJECT_TYPE, "It is a partition.")
                     .hint(fmt::format("{}, {}.", words.instead,
                                       pg::qualified_name(pg::ancestors_of(table.oid()).back()))),
                 table.oid());
  if (table.is_temporary())
    throw pg::at(refusal(table, words, ERRCODE_FEATURE_NOT_SUPPORTED,
                         "It is a temporary table, whose rows other sessions cannot see."),
                 table.oid());
}

KeyColumn require_key(const pg::OpenRelation& table, const Words& words) {
  const std::optional<pg::Key> key = pg::primary_key_of(table.get());
  if (!key)
    throw pg::at(refusal(table, words, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "It has no primary key.")
                     .hint(fmt::format("{} its key: ALTER TABLE ... ADD PRIMARY KEY (...).", words.by_a_key)),
                 table.oid());
  if (key->columns != 1)
    throw pg::at(refusal(table, words, ERRCODE_FEATURE_NOT_SUPPORTED,
                         fmt::format("Its primary key has {} columns.", key->columns))
                     .hint(fmt::format("{} a key of one column: {}", words.by_a_key,
                                       table.kind() == RELKIND_PARTITIONED_TABLE
                                           ? "partition the table by the key itself."
                                           : "give the table such a key, and make the present one a UNIQUE"
                                             " constraint.")),
                 table.oid());
  return judge(table, words, *key);
}

KeyColumn require_key(const pg::OpenRelation& table, const Words& words, const std::string& name) {
  const AttrNumber number = pg::require_column(table, name);
  const std::optional<pg::Key> key = pg::unique_key_on(table.get(), number);
  if (!key || !attribute(table, number).attnotnull)
    throw pg::at(
        pg::Error{ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                  fmt::format("column \"{}\" of table \"{}\" {}", name, table.name(),
                              key ? "may be NULL" : "is not unique")}
            .hint(fmt::format("{} a key: it needs to be UNIQUE by itself, and NOT NULL.", words.by_a_key)),
        table.oid(), name);
  return judge(table, words, *key);
}

const FormData_pg_attribute& attribute(const pg::OpenRelation& table, AttrNumber number) {
  return *TupleDescAttr(table.columns(), number - 1);
}

void refuse_column(const pg::OpenRelation& table, const std::string& name, int sqlstate, std::string message,
                   std::string detail) {
  throw pg::at(pg::Error{sqlstate, std::move(message)}.detail(std::move(detail)), table.oid(), name);
}

void refuse_type(const pg::OpenRelation& table, const FormData_pg_attribute& column, std::string detail) {
  const std::string name = NameStr(column.attname);
  refuse_column(
      table, name, ERRCODE_DATATYPE_MISMATCH,
      fmt::format("column \"{}\" of table \"{}\" is of type {}", name, table.name(), type_name(column)),
      std::move(detail));
}

}  // namespace keys
