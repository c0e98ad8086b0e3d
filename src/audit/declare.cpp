// Declaring that a table's changes are recorded, and taking that back.
#include <algorithm>
#include <set>

#include "audit/marks.hpp"
#include "audit/months.hpp"
#include "audit/options.hpp"
#include "audit/pending.hpp"
#include "audit/redaction.hpp"
#include "audit/relations.hpp"
#include "audit/table_triggers.hpp"
#include "keys/target.hpp"
#include "pg/argument.hpp"
#include "pg/array.hpp"
#include "pg/function.hpp"
#include "pg/index.hpp"
#include "pg/notice.hpp"

namespace sql {

namespace {

constexpr keys::Words words{.cannot = "cannot audit table",
                            .instead = "Audit the partitioned table",
                            .by_a_key = "A record is found by",
                            .one = "history",
                            .many = "histories",
                            .rows = "Audited rows"};

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

[[noreturn]] void refuse_column(const pg::OpenRelation& table, const std::string& column, const char* message,
                                const char* detail) {
  throw pg::at(pg::Error{ERRCODE_INVALID_PARAMETER_VALUE,
                         fmt::format("column \"{}\" of table \"{}\" {}", column, table.name(), message)}
                   .detail(detail),
               table.oid(), column);
}

void require_marks(const pg::OpenRelation& table, const audit::Marks& marks) {
  for (const std::string& column : marks.ignored) pg::require_column(table, column);
  for (const std::string& column : marks.redacted) pg::require_column(table, column);
  if (marks.tenant) pg::require_column(table, *marks.tenant);
  for (const std::string& column : marks.redacted)
    if (has(marks.ignored, column))
      refuse_column(table, column, "cannot be ignored and redacted",
                    "What is ignored is not recorded at all.");
  if (marks.tenant && has(marks.redacted, *marks.tenant))
    refuse_column(table, *marks.tenant, "cannot be redacted", "It says whose row it is, in every record.");
  for (const AttrNumber key : pg::primary_key_columns(table.get())) {
    const std::string name = NameStr(TupleDescAttr(table.columns(), key - 1)->attname);
    if (has(marks.redacted, name))
      refuse_column(table, name, "cannot be redacted",
                    "It is of the primary key, by which records are found.");
    if (has(marks.ignored, name))
      refuse_column(table, name, "cannot be ignored",
                    "It is of the primary key, by which records are found.");
  }
}

void require_redact_as(const std::optional<std::string_view>& redact_as) {
  if (!redact_as || *redact_as == "hash" || *redact_as == "mask") return;
  pg::refuse_word("redact_as", *redact_as, "hash, mask");
}

// What others see of the table that is not seen here.
void warn_of_limits(const pg::OpenRelation& table) {
  if (pg::primary_key_columns(table.get()).empty())
    pg::notice(fmt::format(
        "table \"{}\" has no primary key: records have whole rows, and no row's history can be told",
        table.name()));
  if (table.kind() == RELKIND_RELATION && pg::has_children(table.oid()))
    pg::warn(
        fmt::format("table \"{}\" has children by inheritance, whose changes are not recorded", table.name()),
        "", "Audit each of them.");
  if (table.get()->rd_rel->relpersistence == RELPERSISTENCE_UNLOGGED)
    pg::warn(fmt::format("table \"{}\" is unlogged: a crash empties it without a record", table.name()));
}

// Each once, in the order in which marks_of() has them.
std::vector<std::string> texts(const std::vector<pg::Name>& names) {
  std::set<std::string> found;
  for (const pg::Name& name : names) found.insert(name.text);
  return {found.begin(), found.end()};
}

std::optional<std::string> text(const std::optional<std::string_view>& value) {
  if (!value) return std::nullopt;
  return std::string{*value};
}

}  // namespace

void audit_table(pg::RelationId rel, const std::optional<std::vector<pg::Name>>& ignore_cols,
                 const std::optional<std::vector<pg::Name>>& redact_cols,
                 const std::optional<std::string_view>& redact_as, const std::optional<bool>& full_rows,
                 const std::optional<pg::Name>& tenant_col, const std::optional<std::string_view>& resource) {
  require_redact_as(redact_as);
  const std::optional<audit::Options> present = audit::find_options(rel.oid);
  audit::Options options = present.value_or(audit::Options{0, {}, false, false});
  audit::Marks marks, marked;
  {
    const keys::LockedTable table{rel.oid, "audit_table()"};
    keys::require_table(table, words);
    marked = audit::marks_of(table);
    marks = marked;
    if (ignore_cols) marks.ignored = texts(*ignore_cols);
    if (redact_cols) marks.redacted = texts(*redact_cols);
    if (tenant_col) marks.tenant = tenant_col->text.empty() ? std::nullopt : std::optional{tenant_col->text};
    require_marks(table, marks);
    if (!present) warn_of_limits(table);
  }
  audit::open_log();
  audit::make_hash_key();
  options.number = audit::number_for(rel.oid, text(resource));
  if (!present) audit::recorded_from_now_on(rel.oid);
  if (redact_as) options.masked = *redact_as == "mask";
  if (full_rows) options.full_rows = *full_rows;
  // By the names of now: who asks again says which columns are to be hidden, and which no longer.
  if (redact_cols || !present) options.redacted = marks.redacted;
  audit::store_options(rel.oid, options, !present);
  if (!present || marks != marked) audit::set_marks(rel.oid, options.number, marks);
  audit::make_triggers(rel.oid, options.number);
}

void unaudit_table(pg::RelationId rel) {
  { const keys::LockedTable table{rel.oid, "unaudit_table()"}; }
  const std::optional<audit::Options> options = audit::find_options(rel.oid);
  if (!options)
    throw pg::at(pg::Error{ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                           fmt::format("table \"{}\" is not audited", pg::call(::get_rel_name, rel.oid))}
                     .hint("View steward.audited_tables shows those that are."),
                 rel.oid);
  audit::flush();
  audit::drop_triggers(rel.oid, options->number);
  audit::erase_options(rel.oid);
}

}  // namespace sql

PG_SQL_FUNCTION(audit_table);
PG_SQL_FUNCTION(unaudit_table);
