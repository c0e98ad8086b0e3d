// Declaring that a column gets codes, and taking that back.
#include <algorithm>

#include "codes/assignment.hpp"
#include "codes/column.hpp"
#include "codes/draw.hpp"
#include "codes/messages.hpp"
#include "codes/series.hpp"
#include "errors.hpp"
#include "pg/function.hpp"
#include "pg/privileges.hpp"
#include "pg/spi.hpp"

namespace sql {

namespace {

constexpr int default_length = 8, default_growth = 4;
constexpr std::size_t longest_prefix = 32;  // bytes

// A table locked against writers. Its owner is asked for before the lock, or anybody could stop a table's writers by
// waiting for it, and again under the lock, as the owner may have changed during the wait.
struct LockedTable : pg::OpenRelation {
  LockedTable(Oid table, const char* command) : OpenRelation{owned(table, command), ShareRowExclusiveLock} { owned(table, command); }

 private:
  static Oid owned(Oid table, const char* command) {
    pg::require_writable(command);
    pg::require_owner(table);
    return table;
  }
};

void require_plain_table(const pg::OpenRelation& table) {
  const auto refusal = [&](std::string detail) {
    return pg::Error{ERRCODE_WRONG_OBJECT_TYPE, fmt::format("cannot assign codes on \"{}\"", table.name())}.detail(
        std::move(detail));
  };
  if (table.kind() == RELKIND_PARTITIONED_TABLE || table.is_partition())
    throw pg::at(refusal("A unique index on the code column alone cannot span partitions.")
                     .hint("A series needs no index to be unique: ALTER TABLE ... ALTER COLUMN ... SET DEFAULT"
                           " steward.next_code('...')."),
                 table.oid());
  if (table.kind() != RELKIND_RELATION) throw pg::at(refusal("It is not a table."), table.oid());
}

AttrNumber find_column(const pg::OpenRelation& table, const std::string& name) {
  const AttrNumber number = pg::call(::get_attnum, table.oid(), name.c_str());
  if (number == InvalidAttrNumber)
    throw pg::at(pg::Error{ERRCODE_UNDEFINED_COLUMN,
                           fmt::format("column \"{}\" of table \"{}\" does not exist", name, table.name())},
                 table.oid());
  if (number < 0)
    throw pg::at(pg::Error{ERRCODE_WRONG_OBJECT_TYPE, fmt::format("column \"{}\" is a system column", name)},
                 table.oid());
  return number;
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

void check_series(const codes::Assignment& how, const codes::CodeColumn& column, int room) {
  const auto size = static_cast<int>(codes::series_named(how.series).codec().code_size());
  if (size > room)
    refuse_parameter(fmt::format("codes of {} characters do not fit the column", size),
                     fmt::format("It has room for {}, the prefix not counted.", room));
  codes::require_series_right(column, how.series);
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
  if (!how.series.empty()) return {.length = 0, .max_length = 0, .series = how.series, .prefix = how.prefix};
  if (length || how.length == 0) how.length = length.value_or(default_length);
  if (max_length)
    how.max_length = *max_length;
  else if (how.max_length < how.length)
    how.max_length = std::max(how.length, std::min({how.length + default_growth, room, int{codes::longest_code}}));
  return how;
}

// Under 63 bytes whatever the column's name; unique in practice, and the server says so if not.
std::string trigger_name(const std::string& column) {
  const std::string name = "steward_code_" + column;
  const int size = pg::call(::pg_mbcliplen, name.c_str(), static_cast<int>(name.size()), NAMEDATALEN - 1);
  return name.substr(0, static_cast<std::size_t>(size));
}

void create_trigger(const pg::OpenRelation& table, const std::string& column, const std::string& name,
                    const codes::Assignment& how) {
  std::string arguments;
  for (const std::string& argument : how.arguments())
    arguments += (arguments.empty() ? "" : ", ") + pg::quoted_literal(argument);
  pg::Spi{}.run(fmt::format("CREATE OR REPLACE TRIGGER {} BEFORE INSERT OR UPDATE OF {} ON {}"
                            " FOR EACH ROW EXECUTE FUNCTION steward.assign_code({})",
                            pg::quoted_identifier(name), pg::quoted_identifier(column), pg::qualified_name(table.oid()),
                            arguments));
}

}  // namespace

void assign_codes(pg::RelationId rel, const pg::Name& col, std::optional<std::int32_t> length,
                  std::optional<std::string_view> series, std::optional<std::int32_t> max_length,
                  std::optional<std::string_view> prefix) {
  const LockedTable table{rel.oid, "assign_codes()"};
  require_plain_table(table);
  const codes::CodeColumn column = codes::require_code_column(table.get(), find_column(table, col.text));
  // Copied at once: the server may load the table's triggers anew whenever another relation is looked at.
  std::string name = trigger_name(column.name);
  std::optional<codes::Assignment> before;
  if (const Trigger* old = codes::find_trigger(table.get(), column.number)) {
    name = old->tgname;
    before = codes::assignment_of(*old);
  }
  if (prefix) check_prefix(*prefix);
  const int room = column.room_behind(prefix ? *prefix : before ? before->prefix : "");
  const codes::Assignment how = merge(before, length, series, max_length, prefix, room);
  if (how.series.empty())
    check_lengths(how, room);
  else
    check_series(how, column, room);
  if (before != how) create_trigger(table, column.name, name, how);
}

void unassign_codes(pg::RelationId rel, const pg::Name& col) {
  const LockedTable table{rel.oid, "unassign_codes()"};
  const Trigger* trigger = codes::find_trigger(table.get(), find_column(table, col.text));
  if (trigger == nullptr)
    throw pg::at(pg::Error{ERRCODE_UNDEFINED_OBJECT,
                           fmt::format("column \"{}\" of table \"{}\" has no codes assigned", col.text, table.name())},
                 table.oid(), col.text);
  const std::string name = trigger->tgname;
  pg::Spi{}.run(fmt::format("DROP TRIGGER {} ON {}", pg::quoted_identifier(name), pg::qualified_name(table.oid())));
}

}  // namespace sql

PG_SQL_FUNCTION(assign_codes);
PG_SQL_FUNCTION(unassign_codes);
