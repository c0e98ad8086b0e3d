// Declaring that a column gets codes, and taking that back.
#include <algorithm>

#include "codes/assignment.hpp"
#include "codes/column.hpp"
#include "codes/draw.hpp"
#include "codes/messages.hpp"
#include "codes/series.hpp"
#include "errors.hpp"
#include "keys/target.hpp"
#include "pg/argument.hpp"
#include "pg/function.hpp"
#include "pg/privileges.hpp"
#include "pg/spi.hpp"
#include "pg/trigger.hpp"

namespace sql {

namespace {

constexpr int default_length = 8, default_growth = 4;
constexpr std::size_t longest_prefix = 32;  // bytes

void require_plain_table(const pg::OpenRelation& table) {
  const auto refusal = [&](std::string detail) {
    return pg::Error{ERRCODE_WRONG_OBJECT_TYPE, fmt::format("cannot assign codes on \"{}\"", table.name())}
        .detail(std::move(detail));
  };
  if (table.kind() == RELKIND_PARTITIONED_TABLE || table.is_partition())
    throw pg::at(
        refusal("A unique index on the code column alone cannot span partitions.")
            .hint("A series needs no index to be unique: ALTER TABLE ... ALTER COLUMN ... SET DEFAULT"
                  " steward.next_code('...')."),
        table.oid());
  if (table.kind() != RELKIND_RELATION) throw pg::at(refusal("It is not a table."), table.oid());
}

void check_lengths(const codes::Assignment& how, const codes::CodeColumn& column) {
  const int longest = static_cast<int>(codes::longest_code);
  if (how.length < 1 || how.length > longest)
    pg::refuse_argument(fmt::format("code length {} is out of range", how.length),
                        fmt::format("A random code has 1 to {} characters.", longest));
  if (how.max_length < how.length || how.max_length > longest)
    pg::refuse_argument(fmt::format("max_length {} is out of range", how.max_length),
                        fmt::format("It may be from the length, {}, to {}.", how.length, longest));
  column.require_room(how.max_length, how.prefix);
}

void check_series(const codes::Assignment& how, const codes::CodeColumn& column) {
  codes::lock_sequence(how.series, AccessShareLock);  // until the trigger is there for drop_series() to see
  column.require_room(static_cast<int>(codes::series_named(how.series).codec().code_size()), how.prefix);
  codes::require_series_right(column, how.series);
}

void check_prefix(std::string_view prefix) {
  if (prefix.size() > longest_prefix)
    pg::refuse_argument(fmt::format("prefix {} is too long", codes::shown(prefix)),
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
    pg::refuse_argument("length and max_length do not go with a series",
                        fmt::format("The codes of series {} have the length that it was created with.",
                                    codes::shown(how.series)));
  if (!how.series.empty()) return {.length = 0, .max_length = 0, .series = how.series, .prefix = how.prefix};
  if (length || how.length == 0) how.length = length.value_or(default_length);
  if (max_length)
    how.max_length = *max_length;
  else if (how.max_length < how.length)
    how.max_length =
        std::max(how.length, std::min({how.length + default_growth, room, int{codes::longest_code}}));
  return how;
}

// Under 63 bytes whatever the column's name, and numbered where that name is taken: by the trigger of a column that has
// been renamed since, of one whose name begins alike, or by one of the user's own.
std::string free_trigger_name(const pg::OpenRelation& table, const std::string& column) {
  for (int number = 1;; ++number) {
    const std::string suffix = number == 1 ? "" : fmt::format("_{}", number);
    std::string name = "steward_code_" + column;
    name.resize(static_cast<std::size_t>(pg::call(::pg_mbcliplen, static_cast<const char*>(name.c_str()),
                                                  static_cast<int>(name.size()),
                                                  NAMEDATALEN - 1 - static_cast<int>(suffix.size()))));
    name += suffix;
    if (pg::call(::get_trigger_oid, table.oid(), static_cast<const char*>(name.c_str()), true) == InvalidOid)
      return name;
  }
}

// In place of the one of that name only if that is the column's own.
void create_trigger(const pg::OpenRelation& table, const std::string& column, const std::string& name,
                    bool replaces, const codes::Assignment& how) {
  std::string arguments;
  for (const std::string& argument : how.arguments())
    arguments += (arguments.empty() ? "" : ", ") + pg::quoted_literal(argument);
  pg::Spi{}.run(
      fmt::format("CREATE {}TRIGGER {} BEFORE INSERT OR UPDATE OF {} ON {}"
                  " FOR EACH ROW EXECUTE FUNCTION steward.assign_code({})",
                  replaces ? "OR REPLACE " : "", pg::quoted_identifier(name), pg::quoted_identifier(column),
                  pg::qualified_name(table.oid()), arguments));
}

// CREATE OR REPLACE has made the trigger one that fires as usual: back to what somebody has set.
void restore_state(Oid table, const std::string& name, char state) {
  if (state == TRIGGER_FIRES_ON_ORIGIN) return;
  pg::Spi{}.run(fmt::format("ALTER TABLE {} {} TRIGGER {}", pg::qualified_name(table), pg::enabling(state),
                            pg::quoted_identifier(name)));
}

}  // namespace

void assign_codes(pg::RelationId rel, const pg::Name& col, std::optional<std::int32_t> length,
                  std::optional<std::string_view> series, std::optional<std::int32_t> max_length,
                  std::optional<std::string_view> prefix) {
  std::string name;
  std::optional<char> state;
  {
    const keys::LockedTable table{rel.oid, "assign_codes()"};
    require_plain_table(table);
    const codes::CodeColumn column =
        codes::require_code_column(table.get(), pg::require_column(table, col.text));
    // Copied at once: the server may load the table's triggers anew whenever another relation is looked at.
    std::optional<codes::Assignment> before;
    if (const Trigger* old = codes::find_trigger(table.get(), column.number)) {
      name = old->tgname;
      state = old->tgenabled;
      before = codes::assignment_of(*old);
    } else {
      name = free_trigger_name(table, column.name);
    }
    if (prefix) check_prefix(*prefix);
    const int room = column.room_behind(prefix ? *prefix : before ? before->prefix : "");
    const codes::Assignment how = merge(before, length, series, max_length, prefix, room);
    if (how.series.empty())
      check_lengths(how, column);
    else
      check_series(how, column);
    if (before == how) return;
    create_trigger(table, column.name, name, before.has_value(), how);
  }
  // ALTER TABLE wants the table closed; it is still locked.
  if (state) restore_state(rel.oid, name, *state);
}

void unassign_codes(pg::RelationId rel, const pg::Name& col) {
  // As DROP TRIGGER takes it: raised later, the lock would wait for readers who, to write, wait for us.
  const keys::LockedTable table{rel.oid, "unassign_codes()", AccessExclusiveLock};
  const Trigger* trigger = codes::find_trigger(table.get(), pg::require_column(table, col.text));
  if (trigger == nullptr)
    throw pg::at(
        pg::Error{ERRCODE_UNDEFINED_OBJECT,
                  fmt::format("column \"{}\" of table \"{}\" has no codes assigned", col.text, table.name())},
        table.oid(), col.text);
  const std::string name = trigger->tgname;
  pg::Spi{}.run(
      fmt::format("DROP TRIGGER {} ON {}", pg::quoted_identifier(name), pg::qualified_name(table.oid())));
}

}  // namespace sql

PG_SQL_FUNCTION(assign_codes);
PG_SQL_FUNCTION(unassign_codes);
