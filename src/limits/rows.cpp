#include "limits/rows.hpp"

#include <array>
#include <charconv>

#include "limits/scopes.hpp"
#include "pg/condition.hpp"
#include "pg/functions.hpp"
#include "pg/spi.hpp"
#include "pg/watch.hpp"

namespace limits {

namespace {

constexpr std::array<const char*, 8> duty_names{"columns",   "insert", "insert_other", "update_from",
                                                "update_to", "delete", "truncate",     "end"};

Oid base_type(const pg::OpenRelation& table, AttrNumber number) {
  return number == 0 ? InvalidOid
                     : pg::call(::getBaseType, TupleDescAttr(table.columns(), number - 1)->atttypid);
}

std::string column_name(const pg::OpenRelation& table, AttrNumber number) {
  return number == 0 ? "" : NameStr(TupleDescAttr(table.columns(), number - 1)->attname);
}

}  // namespace

std::int64_t integer_of(Oid type, Datum value) {
  switch (type) {
    case INT2OID:
      return DatumGetInt16(value);
    case INT4OID:
      return DatumGetInt32(value);
    default:
      return DatumGetInt64(value);
  }
}

const char* name_of(Duty duty) { return duty_names[static_cast<std::size_t>(duty)]; }

std::optional<TriggerArguments> arguments_of(const Trigger& trigger) {
  return arguments_of(std::vector<std::string>(trigger.tgargs, trigger.tgargs + trigger.tgnargs));
}

std::optional<TriggerArguments> arguments_of(const std::vector<std::string>& words) {
  if (words.size() != 2) return std::nullopt;
  const std::string_view digits = words[0], name = words[1];
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

bool is_limited(Oid table, std::int32_t meter) {
  const AsSteward steward;
  pg::Spi spi;
  return spi.run_on_latest(
             "SELECT FROM steward._limited_tables WHERE rel OPERATOR(pg_catalog.=) $1 AND meter "
             "OPERATOR(pg_catalog.=) $2",
             pg::RelationId{table}, meter) > 0;
}

void record_limited(Oid table, std::int32_t meter) {
  const AsSteward steward;
  pg::Spi{}.run("INSERT INTO steward._limited_tables (rel, meter) VALUES ($1, $2)", pg::RelationId{table},
                meter);
  pg::announce_change(pg::own_relation(limited_tables_table));
}

void erase_limited(Oid table, std::int32_t meter) {
  const AsSteward steward;
  pg::Spi{}.run(
      "DELETE FROM steward._limited_tables WHERE rel OPERATOR(pg_catalog.=) $1 AND meter "
      "OPERATOR(pg_catalog.=) $2",
      pg::RelationId{table}, meter);
  pg::announce_change(pg::own_relation(limited_tables_table));
}

// The condition as it was given is what the triggers' own condition begins with: see counts().
std::optional<CountingRule> counting_rule(Oid table, std::int32_t meter) {
  const pg::OpenRelation relation{table, AccessShareLock};
  const std::optional<LimitedRows> rows = limited_rows(relation, meter);
  if (!rows || rows->insert_trigger == InvalidOid) return std::nullopt;
  pg::Parameters parameters;
  parameters.set("search_path", "pg_catalog, pg_temp");
  const std::string text = pg::trigger_condition(rows->insert_trigger);
  const std::string end =
      fmt::format(" IS TRUE) AND (new.{} IS NOT NULL))", pg::quoted_identifier(rows->subject_name));
  CountingRule rule{table, rows->subject_name, rows->measure_name, ""};
  if (text.starts_with("((") && text.ends_with(end))
    rule.condition = text.substr(2, text.size() - 2 - end.size());
  return rule;
}

void refuse_negative(Oid table, const std::string& column, std::int64_t value) {
  throw pg::at(pg::Error{ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE,
                         fmt::format("column \"{}\" is negative: {}", column, value)}
                   .detail("A limit counts it."),
               table, column);
}

}  // namespace limits
