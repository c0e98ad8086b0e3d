// Declaring that a table's rows count for a meter, and taking that back; verifying and repairing what is recorded.
#include <tuple>

#include "errors.hpp"
#include "keys/key_text.hpp"
#include "keys/target.hpp"
#include "limits/catalogue.hpp"
#include "limits/escrow.hpp"
#include "limits/recount.hpp"
#include "limits/rights.hpp"
#include "limits/rows.hpp"
#include "limits/scopes.hpp"
#include "limits/subject_rows.hpp"
#include "limits/subjects.hpp"
#include "limits/wrong_cells.hpp"
#include "pg/condition.hpp"
#include "pg/function.hpp"
#include "pg/functions.hpp"
#include "pg/parameters.hpp"
#include "pg/privileges.hpp"
#include "pg/spi.hpp"
#include "pg/store.hpp"

namespace sql {

namespace {

using limits::Kind;
using limits::Meter;

constexpr keys::Words words{"cannot limit rows of table", "Name the partitioned table", "", "", "", ""};

enum class Family { integers, uuids, texts };

Family family_of(Oid type) {
  if (type == UUIDOID) return Family::uuids;
  return type == TEXTOID || type == VARCHAROID ? Family::texts : Family::integers;
}

void require_subject_column(const pg::OpenRelation& table, const std::string& name, const Meter& meter) {
  const FormData_pg_attribute& column = keys::attribute(table, pg::require_column(table, name));
  const auto subjects = limits::require_subjects(meter.subjects);
  const Oid type = pg::call(::getBaseType, column.atttypid);
  if (keys::is_key_type(type) && family_of(type) == family_of(subjects->key_type)) return;
  keys::refuse_type(
      table, column,
      fmt::format("Subjects of meter \"{}\" are known by column \"{}\" of table \"{}\", of type {}.",
                  meter.name, subjects->key, pg::call(::get_rel_name, subjects->relation),
                  pg::call(::format_type_be, subjects->key_type)));
}

void require_measure_column(const pg::OpenRelation& table, const std::string& name) {
  const FormData_pg_attribute& column = keys::attribute(table, pg::require_column(table, name));
  const Oid type = pg::call(::getBaseType, column.atttypid);
  if (type == INT2OID || type == INT4OID || type == INT8OID) return;
  keys::refuse_type(table, column, "What a row comes to is an integer.");
}

// What is NULL in a call is left as it is; what is empty takes it away.
struct Wanted {
  std::string subject;
  std::optional<std::string> measure, condition;
};

// A condition in words that no search_path changes. What was declared before is in such words already.
struct Wording {
  std::string of_old, of_new;
};
Wording wording_of(const pg::Condition& condition) { return {condition.text("old"), condition.text("new")}; }

Wording condition_of(const pg::OpenRelation& table, const Wanted& wanted,
                     const std::optional<limits::CountingRule>& present) {
  if (wanted.condition && wanted.condition->empty()) return {};
  if (!wanted.condition && (!present || present->condition.empty())) return {};
  std::optional<pg::Condition> asked;
  if (wanted.condition) asked.emplace(table, *wanted.condition);
  pg::Parameters parameters;
  parameters.set("search_path", "pg_catalog, pg_temp");
  return wording_of(asked ? *asked : pg::Condition::written(table, present->condition, "new"));
}

limits::RowRule rule_of(const pg::OpenRelation& table, const Meter& meter, const Wanted& wanted,
                        const std::optional<limits::CountingRule>& present) {
  const Wording condition = condition_of(table, wanted, present);
  return {wanted.subject,
          wanted.measure ? *wanted.measure
          : present      ? present->measure
                         : "",
          condition.of_old,
          condition.of_new,
          meter.kind == Kind::standing,
          table.kind() == RELKIND_PARTITIONED_TABLE};
}

bool is_same(const limits::CountingRule& present, const limits::RowRule& rule) {
  return std::tie(present.subject, present.measure, present.condition) ==
         std::tie(rule.subject, rule.measure, rule.new_condition);
}

// Another rule means other triggers in the place of the old ones, and DROP TRIGGER's lock from the start.
LOCKMODE lock_to_limit(Oid table, const Meter& meter, const Wanted& wanted) {
  pg::require_owner(table);
  if (!limits::is_limited(table, meter.id)) return ShareRowExclusiveLock;
  const std::optional<limits::CountingRule> present = limits::counting_rule(table, meter.id);
  const pg::OpenRelation relation{table, AccessShareLock};
  return present && is_same(*present, rule_of(relation, meter, wanted, present)) ? ShareRowExclusiveLock
                                                                                 : AccessExclusiveLock;
}

// Rows use what is other people's, and those of what is standing give it back, too: whoever declares that they do must be allowed to
// do so by calls.
void require_consumer(const Meter& meter) {
  const bool standing = meter.kind == Kind::standing;
  const Oid call = pg::function_named(standing ? "steward.release(text, text, bigint)"
                                               : "steward.consume(text, text, bigint, text)");
  if (pg::may_execute(GetUserId(), call) || pg::has_rights_of(GetUserId(), pg::owner_of(meter.subjects)))
    return;
  throw pg::Error{ERRCODE_INSUFFICIENT_PRIVILEGE,
                  fmt::format("permission denied for meter \"{}\"", meter.name)}
      .detail(standing ? "Whoever declares that rows count for what is standing must be allowed to release."
                       : "Whoever declares that rows count for a meter must be allowed to consume.")
      .hint(
          fmt::format("steward.grant_access(role, '{}') allows it, as does owning the table of the subjects.",
                      standing ? "admin" : "app"));
}

// What calls have used would be taken for rows.
void require_unused(const Meter& meter) {
  if (!limits::limited_tables(meter.id).empty()) return;
  limits::lock_out_holders();
  const limits::AsSteward steward;
  pg::Spi spi;
  if (!limits::has_holds() &&
      spi.run_on_latest(
          "SELECT FROM (SELECT meter FROM steward._usage WHERE used OPERATOR(pg_catalog.<>) 0"
          " UNION ALL SELECT meter FROM steward._ledger) AS u WHERE meter OPERATOR(pg_catalog.=) $1 LIMIT 1",
          meter.id) == 0)
    return;
  throw pg::Error{ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                  fmt::format("meter \"{}\" is used by calls", meter.name)}
      .detail("What is standing is counted by calls or by rows, and not by both.")
      .hint("Define another meter for the rows.");
}

}  // namespace

void limit_rows(pg::RelationId rel, const pg::Name& subject_col, std::string_view meter_name,
                const std::optional<pg::Name>& measure_col,
                const std::optional<std::string_view>& condition) {
  const std::shared_ptr<const Meter> meter = limits::require_meter(meter_name);
  require_consumer(*meter);
  Wanted wanted{subject_col.text, std::nullopt, std::nullopt};
  if (measure_col) wanted.measure = measure_col->text;
  if (condition) wanted.condition = *condition;
  std::optional<limits::CountingRule> present;
  limits::RowRule rule;
  bool declared = false;
  {
    const keys::LockedTable table{rel.oid, "limit_rows()", lock_to_limit(rel.oid, *meter, wanted)};
    keys::require_table(table, words);
    require_subject_column(table, wanted.subject, *meter);
    declared = limits::is_limited(rel.oid, meter->id);
    if (declared) present = limits::counting_rule(rel.oid, meter->id);
    rule = rule_of(table, *meter, wanted, present);
    if (!rule.measure.empty()) require_measure_column(table, rule.measure);
  }
  if (rule.standing && !declared) require_unused(*meter);
  if (!present || !is_same(*present, rule)) limits::unbind_rows(rel.oid, meter->id);
  const bool made = limits::bind_rows(rel.oid, meter->id, rule);
  if (!declared) limits::record_limited(rel.oid, meter->id);
  if (rule.standing && (made || !declared)) limits::recount(*meter, limits::Negative::is_refused);
}

void unlimit_rows(pg::RelationId rel, std::string_view meter_name) {
  const std::shared_ptr<const Meter> meter = limits::require_meter(meter_name);
  { const keys::LockedTable table{rel.oid, "unlimit_rows()", AccessExclusiveLock}; }
  if (!limits::is_limited(rel.oid, meter->id))
    throw pg::at(
        pg::Error{errors::unknown_limit, fmt::format("rows of table \"{}\" do not count for meter \"{}\"",
                                                     pg::call(::get_rel_name, rel.oid), meter->name)}
            .hint("steward.limit_rows() declares that they do."),
        rel.oid);
  limits::unbind_rows(rel.oid, meter->id);
  limits::erase_limited(rel.oid, meter->id);
  if (meter->kind == Kind::standing) limits::recount(*meter);
}

// A difference is told of also where the caller may not see whose it is.
void verify_limits(
    pg::Store<pg::RelationId, std::string, std::optional<std::string>, std::int64_t, std::int64_t>& store) {
  const auto put = [&](const Meter& meter, const std::string& subject, std::int64_t counted,
                       std::int64_t recorded) {
    const bool seen = limits::may_see(*limits::require_subjects(meter.subjects), subject);
    store.put(pg::RelationId{meter.subjects}, meter.name, seen ? std::optional{subject} : std::nullopt,
              counted, recorded);
  };
  for (const Oid relation : limits::bound_relations())
    for (const auto& meter : limits::meters_of(relation)) {
      if (!meter->by_rows) continue;
      for (const limits::Difference& one : limits::differences(*meter))
        put(*meter, one.subject, one.counted, one.recorded);
    }
  for (const limits::WrongCell& one : limits::wrong_cells())
    if (const auto meter = limits::find_meter(one.account.owner());
        meter && limits::find_subjects(meter->subjects))
      put(*meter, std::string{one.account.key()}, one.used, one.recorded);
}

std::int64_t repair_limits() {
  pg::require_writable("repair_limits()");
  std::int64_t repaired = 0;
  for (const Oid relation : limits::bound_relations())
    for (const auto& meter : limits::meters_of(relation)) {
      if (!meter->by_rows) continue;
      const std::vector<limits::Difference> differing = limits::differences(*meter);
      if (differing.empty()) continue;
      limits::recount(*meter);
      repaired += static_cast<std::int64_t>(differing.size());
    }
  return repaired + limits::drop_wrong_cells();
}

}  // namespace sql

PG_SQL_FUNCTION(limit_rows);
PG_SQL_FUNCTION(unlimit_rows);
PG_SQL_STORE(verify_limits);
PG_SQL_FUNCTION(repair_limits);
