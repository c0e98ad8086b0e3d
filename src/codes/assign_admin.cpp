// Declaring that a column gets codes, and taking that back.
#include "codes/assignment.hpp"
#include "codes/draw.hpp"
#include "codes/messages.hpp"
#include "codes/series.hpp"
#include "errors.hpp"
#include "pg/function.hpp"
#include "pg/functions.hpp"
#include "pg/index.hpp"
#include "pg/privileges.hpp"
#include "pg/spi.hpp"

namespace codes {

int room_for_code(int type_modifier, std::string_view prefix) {
  if (type_modifier < 0) return longest_code;
  const int characters = pg::call(::pg_mbstrlen_with_len, prefix.data(), static_cast<int>(prefix.size()));
  return type_modifier - static_cast<int>(VARHDRSZ) - characters;
}

pg::Error no_unique_index(Oid relation, const std::string& column) {
  return pg::Error{ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                   fmt::format("column \"{}\" has no unique index", column)}
      .detail("Codes are looked up in the column's unique index: on this column alone, valid, of all rows or of those"
              " that are not null.")
      .hint(fmt::format("CREATE UNIQUE INDEX ON {} ({});", pg::qualified_name(relation), pg::quoted_identifier(column)));
}

pg::Error no_series_right(const std::string& series) {
  return pg::Error{ERRCODE_INSUFFICIENT_PRIVILEGE,
                   fmt::format("the table's owner may not take codes from series {}", shown(series))}
      .hint("Grant access of level app to the owner: SELECT steward.grant_access(role, 'app');");
}

}  // namespace codes

namespace sql {

namespace {

constexpr int default_growth = 4;
constexpr std::size_t longest_prefix = 32;  // bytes

struct Column {
  AttrNumber number;
  std::string name;
  int type_modifier;
};

[[noreturn]] void refuse_kind(const pg::OpenRelation& table, std::string detail) {
  throw pg::at(pg::Error{ERRCODE_WRONG_OBJECT_TYPE, fmt::format("cannot assign codes on \"{}\"", table.name())}
                   .detail(std::move(detail))
                   .hint("A series needs no index to be unique: ALTER TABLE … ALTER COLUMN … SET DEFAULT"
                         " steward.next_code('…')."),
               table.oid());
}

void require_plain_table(const pg::OpenRelation& table) {
  if (table.kind() == RELKIND_PARTITIONED_TABLE || table.is_partition())
    refuse_kind(table, "A unique index on the code column alone cannot span partitions.");
  if (table.kind() != RELKIND_RELATION) refuse_kind(table, "It is not a table.");
}

Column find_column(const pg::OpenRelation& table, const std::string& name) {
  const AttrNumber number = pg::call(::get_attnum, table.oid(), name.c_str());
  if (number == InvalidAttrNumber)
    throw pg::at(pg::Error{ERRCODE_UNDEFINED_COLUMN,
                           fmt::format("column \"{}\" of table \"{}\" does not exist", name, table.name())},
                 table.oid());
  if (number < 0)
    throw pg::at(pg::Error{ERRCODE_WRONG_OBJECT_TYPE, fmt::format("column \"{}\" is a system column", name)},
                 table.oid());
  const FormData_pg_attribute* attribute = TupleDescAttr(table.columns(), number - 1);
  if (attribute->atttypid != TEXTOID && attribute->atttypid != VARCHAROID)
    throw pg::at(pg::Error{ERRCODE_DATATYPE_MISMATCH,
                           fmt::format("column \"{}\" is of type {}", name,
                                       pg::call(::format_type_be, attribute->atttypid))}
                     .detail("A code is kept in a column of type text or varchar."),
                 table.oid(), name);
  if (attribute->attgenerated != '\0')
    throw pg::at(pg::Error{ERRCODE_WRONG_OBJECT_TYPE, fmt::format("column \"{}\" is a generated column", name)},
                 table.oid(), name);
  return {number, name, attribute->atttypmod};
}

[[noreturn]] void refuse_parameter(std::string message, std::string detail) {
  throw pg::Error{ERRCODE_INVALID_PARAMETER_VALUE, std::move(message)}.detail(std::move(detail));
}

void check_lengths(const codes::Assignment& how, int room) {
  const int longest = static_cast<int>(codes::longest_code);
  if (how.length < 1 || how.length > longest)
    refuse_parameter(fmt::format("code length {} is out of range", how.length),
                     fmt::format("A random code has 1 to {} characters.", longest));
  if (how.max_length < how.length || how.max_length > longest)
    refuse_parameter(fmt::format("max_length {} is out of range", how.max_length),
                     fmt::format("It may be from the length, {}, to {}.", how.length, longest));
  if (how.max_length > room)
    refuse_parameter(fmt::format("codes of {} characters do not fit the column", how.max_length),
                     fmt::format("It has room for {}, the prefix not counted.", room));
}

void check_series(const codes::Assignment& how, Oid owner, int room) {
  const auto size = static_cast<int>(codes::series_named(how.series).codec().code_size());
  if (size > room)
    refuse_parameter(fmt::format("codes of {} characters do not fit the column", size),
                     fmt::format("It has room for {}, the prefix not counted.", room));
  if (!pg::may_execute(owner, pg::function_named("steward.next_code(text)")))
    throw codes::no_series_right(how.series);
}

void check_prefix(std::string_view prefix) {
  if (prefix.size() > longest_prefix)
    refuse_parameter(fmt::format("prefix {} is too long", codes::shown(prefix)),
                     fmt::format("A prefix has at most {} bytes.", longest_prefix));
}

// What is declared already, changed by what is not NULL.
codes::Assignment merge(const std::optional<codes::Assignment>& before, std::optional<int> length,
                        std::optional<std::string_view> series, std::optional<int> max_length,
                        std::optional<std::string_view> prefix, int room) {
  codes::Assignment how = before.value_or(codes::Assignment{});
  if (series) how.series = *series;
  if (prefix) how.prefix = *prefix;
  if (!how.series.empty() && (length || max_length))
    refuse_parameter("length and max_length do not go with a series",
                     fmt::format("The codes of series {} have the length that it was created with.",
                                 codes::shown(how.series)));
  if (length) how.length = *length;
  if (max_length)
    how.max_length = *max_length;
  else if (how.max_length < how.length)
    how.max_length = std::min({how.length + default_growth, static_cast<int>(codes::longest_code),
                               std::max(room, how.length)});
  return how;
}

// Under 63 bytes whatever the column's name; unique in practice, and the server says so if not.
std::string trigger_name(const std::string& column) {
  const std::string name = "steward_code_" + column;
  const int size = pg::call(::pg_mbcliplen, name.c_str(), static_cast<int>(name.size()), NAMEDATALEN - 1);
  return name.substr(0, static_cast<std::size_t>(size));
}

void create_trigger(const pg::OpenRelation& table, const Column& column, const Trigger* old,
                    const codes::Assignment& how) {
  std::string arguments;
  for (const std::string& argument : how.arguments())
    arguments += (arguments.empty() ? "" : ", ") + pg::quoted_literal(argument);
  pg::Spi{}.run(fmt::format("CREATE OR REPLACE TRIGGER {} BEFORE INSERT OR UPDATE OF {} ON {}"
                            " FOR EACH ROW EXECUTE FUNCTION steward.assign_code({})",
                            pg::quoted_identifier(old != nullptr ? old->tgname : trigger_name(column.name)),
                            pg::quoted_identifier(column.name), pg::qualified_name(table.oid()), arguments));
}

}  // namespace

void assign_codes(pg::RelationId rel, const pg::Name& col, std::optional<std::int32_t> length,
                  std::optional<std::string_view> series, std::optional<std::int32_t> max_length,
                  std::optional<std::string_view> prefix) {
  const pg::OpenRelation table{rel.oid, ShareRowExclusiveLock};
  pg::require_owner(table);
  require_plain_table(table);
  const Column column = find_column(table, col.text);
  if (!pg::unique_index_on(table.get(), column.number))
    throw pg::at(codes::no_unique_index(table.oid(), column.name), table.oid(), column.name);

  const Trigger* old = codes::find_trigger(table.get(), column.number);
  std::optional<codes::Assignment> before;
  if (old != nullptr) before = codes::Assignment::from_arguments(codes::arguments_of(*old));
  if (prefix) check_prefix(*prefix);
  const int room = codes::room_for_code(column.type_modifier, prefix ? *prefix : before ? before->prefix : "");
  const codes::Assignment how = merge(before, length, series, max_length, prefix, room);
  if (how.series.empty())
    check_lengths(how, room);
  else
    check_series(how, pg::owner_of(table.oid()), room);
  if (before != how) create_trigger(table, column, old, how);
}

void unassign_codes(pg::RelationId rel, const pg::Name& col) {
  const pg::OpenRelation table{rel.oid, ShareRowExclusiveLock};
  pg::require_owner(table);
  const Column column = find_column(table, col.text);
  const Trigger* trigger = codes::find_trigger(table.get(), column.number);
  if (trigger == nullptr)
    throw pg::at(pg::Error{ERRCODE_UNDEFINED_OBJECT,
                           fmt::format("column \"{}\" of table \"{}\" has no codes assigned", column.name, table.name())},
                 table.oid(), column.name);
  pg::Spi{}.run(fmt::format("DROP TRIGGER {} ON {}", pg::quoted_identifier(trigger->tgname),
                            pg::qualified_name(table.oid())));
}

}  // namespace sql

PG_SQL_FUNCTION(assign_codes);
PG_SQL_FUNCTION(unassign_codes);
