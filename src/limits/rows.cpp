#include "limits/rows.hpp"

#include <array>
#include <charconv>

#include "keys/triggers.hpp"
#include "limits/scopes.hpp"
#include "pg/condition.hpp"
#include "pg/functions.hpp"
#include "pg/spi.hpp"

namespace limits {

namespace {

constexpr std::array<const char*, 8> duty_names{"columns",   "insert", "insert_other", "update_from",
                                                "update_to", "delete", "truncate",     "end"};

const char* name_of(Duty duty) { return duty_names[static_cast<std::size_t>(duty)]; }

std::string trigger_name(std::int32_t meter, Duty duty) {
  return fmt::format("steward_limit_{}_{}", meter, name_of(duty));
}

std::string is_true(const std::string& condition) {
  return condition.empty() ? "true" : fmt::format("(({}) IS TRUE)", condition);
}

// Whether a row counts: it does, and it is somebody's.
std::string counts(const char* row, const RowRule& rule, const std::string& condition) {
  return fmt::format("({} AND {}.{} IS NOT NULL)", is_true(condition), row,
                     pg::quoted_identifier(rule.subject));
}

std::string differs(const std::string& column) {
  const std::string name = pg::quoted_identifier(column);
  return fmt::format("(old.{0} IS DISTINCT FROM new.{0})", name);
}

// What CREATE TRIGGER says after the name; empty for a duty that the rule has no use for.
std::string definition(Oid table, std::int32_t meter, Duty duty, const RowRule& rule) {
  const std::string on = pg::qualified_name(table);
  const std::string call =
      fmt::format("EXECUTE FUNCTION steward.count_rows('{}', '{}')", meter, name_of(duty));
  const std::string was = counts("old", rule, rule.old_condition),
                    is = counts("new", rule, rule.new_condition);
  const std::string changed = rule.measure.empty()
                                  ? differs(rule.subject)
                                  : fmt::format("({} OR {})", differs(rule.subject), differs(rule.measure));
  const std::string measure = rule.measure.empty() ? "" : ", " + pg::quoted_identifier(rule.measure);
  switch (duty) {
    case Duty::columns:
      return fmt::format("AFTER UPDATE OF {}{} ON {} FOR EACH ROW WHEN (false) {}",
                         pg::quoted_identifier(rule.subject), measure, on, call);
    case Duty::insert:
      return fmt::format("AFTER INSERT ON {} FOR EACH ROW WHEN ({}) {}", on, is, call);
    case Duty::insert_other:
      if (rule.standing || !rule.partitioned) return "";
      return fmt::format("AFTER INSERT ON {} FOR EACH ROW WHEN (NOT {}) {}", on, is, call);
    case Duty::update_from:
      if (!rule.standing) return "";
      return fmt::format("AFTER UPDATE ON {} FOR EACH ROW WHEN ({} AND (NOT {} OR {})) {}", on, was, is,
                         changed, call);
    case Duty::update_to:
      if (!rule.standing)
        return fmt::format("AFTER UPDATE ON {} FOR EACH ROW WHEN ({} AND NOT {}) {}", on, is, was, call);
      return fmt::format("AFTER UPDATE ON {} FOR EACH ROW WHEN ({} AND (NOT {} OR {})) {}", on, is, was,
                         changed, call);
    case Duty::remove:
      if (!rule.standing && !rule.partitioned) return "";
      return fmt::format("AFTER DELETE ON {} FOR EACH ROW WHEN ({}) {}", on, was, call);
    case Duty::truncate:
      return rule.standing ? fmt::format("AFTER TRUNCATE ON {} FOR EACH STATEMENT {}", on, call) : "";
    default:
      return fmt::format("AFTER INSERT OR UPDATE OR DELETE ON {} FOR EACH STATEMENT {}", on, call);
  }
}

Oid base_type(const pg::OpenRelation& table, AttrNumber number) {
  return number == 0 ? InvalidOid
                     : pg::call(::getBaseType, TupleDescAttr(table.columns(), number - 1)->atttypid);
}

std::string column_name(const pg::OpenRelation& table, AttrNumber number) {
  return number == 0 ? "" : NameStr(TupleDescAttr(table.columns(), number - 1)->attname);
}

}  // namespace

std::optional<TriggerArguments> arguments_of(const Trigger& trigger) {
  if (trigger.tgnargs != 2) return std::nullopt;
  const std::string_view digits = trigger.tgargs[0], name = trigger.tgargs[1];
  std::int32_t meter = 0;
  const auto [stop, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), meter);
  if (fault != std::errc{} || stop != digits.data() + digits.size() || meter <= 0) return std::nullopt;
  for (std::size_t i = 0; i < duty_names.size(); ++i)
    if (name == duty_names[i]) return TriggerArguments{meter, static_cast<Duty>(i)};
  return std::nullopt;
}

std::optional<LimitedRows> limited_rows(const pg::OpenRelation& table, std::int32_t meter) {
  const Oid function = pg::function_named("steward.count_rows()");
  LimitedRows rows{meter, 0, 0, InvalidOid, InvalidOid, "", "", InvalidOid};
  // No server function may be called while the triggers are walked: it could load them anew.
  const TriggerDesc* triggers = table.get()->trigdesc;
  for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i) {
    const Trigger& trigger = triggers->triggers[i];
    const std::optional<TriggerArguments> arguments =
        trigger.tgfoid == function ? arguments_of(trigger) : std::nullopt;
    if (!arguments || arguments->meter != meter) continue;
    if (arguments->duty == Duty::insert) rows.insert_trigger = trigger.tgoid;
    if (arguments->duty != Duty::columns || trigger.tgnattr < 1 || trigger.tgnattr > 2) continue;
    rows.subject = trigger.tgattr[0];
    rows.measure = trigger.tgnattr == 2 ? trigger.tgattr[1] : AttrNumber{0};
  }
  if (rows.subject == 0) return std::nullopt;
  rows.subject_type = base_type(table, rows.subject);
  rows.measure_type = base_type(table, rows.measure);
  rows.subject_name = column_name(table, rows.subject);
  rows.measure_name = column_name(table, rows.measure);
  return rows;
}

std::vector<Oid> limited_tables(std::int32_t meter) {
  const AsSteward steward;
  pg::Spi spi;
  const std::uint64_t count = spi.run_on_latest(
      "SELECT t.rel FROM steward._limited_tables AS t JOIN pg_catalog.pg_class AS c ON c.oid "
      "OPERATOR(pg_catalog.=) t.rel"
      " WHERE t.meter OPERATOR(pg_catalog.=) $1 ORDER BY t.rel",
      meter);
  std::vector<Oid> tables;
  for (std::uint64_t i = 0; i < count; ++i) tables.push_back(spi.value<pg::RelationId>(i, 1).oid);
  return tables;
}

void bind_rows(Oid table, std::int32_t meter, const RowRule& rule) {
  for (std::size_t i = 0; i < duty_names.size(); ++i) {
    const auto duty = static_cast<Duty>(i);
    const std::string text = definition(table, meter, duty, rule);
    if (!text.empty()) keys::make_trigger(table, trigger_name(meter, duty), text, TRIGGER_FIRES_ON_ORIGIN);
  }
}

void unbind_rows(Oid table, std::int32_t meter) {
  std::vector<std::string> names;
  {
    const Oid function = pg::function_named("steward.count_rows()");
    const pg::OpenRelation relation{table, NoLock};
    const TriggerDesc* triggers = relation.get()->trigdesc;
    for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i) {
      const Trigger& trigger = triggers->triggers[i];
      if (trigger.tgfoid != function || trigger.tgisclone) continue;
      const std::optional<TriggerArguments> arguments = arguments_of(trigger);
      if (arguments && arguments->meter == meter) names.emplace_back(trigger.tgname);
    }
  }
  for (const std::string& name : names) keys::drop_trigger(table, name);
}

std::string counting_query(const pg::OpenRelation& table, const LimitedRows& rows) {
  const std::string condition = pg::trigger_condition(rows.insert_trigger);
  const std::string only = table.kind() == RELKIND_PARTITIONED_TABLE ? "" : "ONLY ";
  return fmt::format(
      "SELECT new.{0}::pg_catalog.text AS subject, {1} AS n FROM {2}{3} AS new WHERE {4} GROUP BY new.{0}",
      pg::quoted_identifier(rows.subject_name),
      rows.measure == 0 ? "pg_catalog.count(*)"
                        : fmt::format("COALESCE(pg_catalog.sum(new.{}), 0)::pg_catalog.int8",
                                      pg::quoted_identifier(rows.measure_name)),
      only, pg::qualified_name(table.oid()), condition.empty() ? "true" : condition);
}

}  // namespace limits
