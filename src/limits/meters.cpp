// Meters: what is counted, for the subjects of which table.
#include "errors.hpp"
#include "keys/target.hpp"
#include "limits/catalogue.hpp"
#include "limits/escrow.hpp"
#include "limits/rows.hpp"
#include "limits/scopes.hpp"
#include "limits/subject_rows.hpp"
#include "limits/subjects.hpp"
#include "limits/values.hpp"
#include "pg/argument.hpp"
#include "pg/function.hpp"
#include "pg/sequence.hpp"
#include "pg/spi.hpp"

namespace sql {

namespace {

using limits::Every;
using limits::Kind;
using limits::Meter;

// What is NULL in a call is left as it is.
struct Wanted {
  std::optional<Oid> subjects;
  std::optional<Kind> kind;
  std::optional<Every> period;
  std::optional<std::string> unit, max_col;
  std::optional<std::int64_t> max_unit;
};

Kind require_kind(std::string_view name) {
  if (const std::optional<Kind> kind = limits::kind_named(name)) return *kind;
  pg::refuse_word("kind", name, "metered (used up in each period), standing (how much there is now)");
}

Every require_period(std::string_view name) {
  if (const std::optional<Every> period = limits::period_named(name); period && *period != Every::none)
    return *period;
  pg::refuse_word("period", name,
                  "hour, day, week, month, year, anchored (months from the subject's anchor)");
}

Wanted wanted(const std::optional<pg::RelationId>& subjects, const std::optional<std::string_view>& kind,
              const std::optional<std::string_view>& period, const std::optional<std::string_view>& unit,
              const std::optional<pg::Name>& max_col, std::optional<std::int64_t> max_unit) {
  Wanted wanted;
  if (subjects) wanted.subjects = subjects->oid;
  if (kind) wanted.kind = require_kind(*kind);
  if (period) wanted.period = require_period(*period);
  if (unit) wanted.unit = *unit;
  if (max_col) wanted.max_col = max_col->text;
  if (max_unit)
    pg::require_positive("max_unit", *max_unit,
                         "The limit in max_col is so many times what the meter counts.");
  wanted.max_unit = max_unit;
  return wanted;
}

template <typename T>
void require_given(const std::optional<T>& value, std::string_view meter, const char* what) {
  if (!value)
    throw pg::Error{ERRCODE_NULL_VALUE_NOT_ALLOWED, fmt::format("meter \"{}\" needs {}", meter, what)}.hint(
        "What is NULL is left as it is, and a new meter has nothing yet.");
}

// The meter as it is to be: what is wanted over what there is.
Meter merged(const std::string& name, const Wanted& wanted, const Meter* present) {
  if (present == nullptr) {
    require_given(wanted.subjects, name, "subjects");
    require_given(wanted.kind, name, "a kind");
  }
  Meter meter;
  if (present != nullptr)
    meter = *present;
  else
    meter.name = name;
  meter.subjects = wanted.subjects.value_or(meter.subjects);
  meter.kind = wanted.kind.value_or(meter.kind);
  if (meter.kind == Kind::standing) meter.period = Every::none;
  meter.period = wanted.period.value_or(meter.period);
  meter.unit = wanted.unit.value_or(meter.unit);
  meter.max_col = wanted.max_col.value_or(meter.max_col);
  if (meter.max_col.empty()) meter.max_unit = 1;
  meter.max_unit = wanted.max_unit.value_or(meter.max_unit);
  return meter;
}

void require_consistent(const Meter& meter, const Wanted& wanted) {
  if (meter.kind == Kind::metered && meter.period == Every::none)
    pg::refuse_argument(
        fmt::format("metered meter \"{}\" needs a period", meter.name),
        "A period is hour, day, week, month, year, or anchored: months from the subject's anchor.");
  if (meter.kind == Kind::standing && meter.period != Every::none)
    pg::refuse_argument(fmt::format("standing meter \"{}\" has no period", meter.name),
                        "It says how much there is now, whenever it came.");
  if (meter.max_col.empty() && wanted.max_unit)
    pg::refuse_argument("max_unit needs a max_col", "It says what the limit in that column is counted in.");
}

void require_max_column(const Meter& meter) {
  if (meter.max_col.empty()) return;
  const pg::OpenRelation table{meter.subjects, AccessShareLock};
  const FormData_pg_attribute& column = keys::attribute(table, pg::require_column(table, meter.max_col));
  const Oid type = pg::call(::getBaseType, column.atttypid);
  if (type != INT2OID && type != INT4OID && type != INT8OID)
    keys::refuse_type(table, column, "A limit is kept in a column of type smallint, integer or bigint.");
}

bool has_rows(std::int32_t meter, const std::vector<const char*>& tables) {
  const limits::AsSteward owner;
  pg::Spi spi;
  for (const char* table : tables)
    if (spi.run_on_latest(fmt::format("SELECT FROM steward.{} WHERE meter OPERATOR(pg_catalog.=) {} LIMIT 1",
                                      table, meter)) != 0)
      return true;
  return false;
}

// What would give another meaning to numbers that have been counted.
void require_changeable(const Meter& present, const Meter& meter) {
  const char* what = present.subjects != meter.subjects ? "subjects"
                     : present.kind != meter.kind       ? "kind"
                     : present.period != meter.period   ? "period"
                                                        : nullptr;
  if (what == nullptr) return;
  limits::lock_out_holders();
  const bool holds = limits::has_holds();  // of whatever meter: they are committed first
  limits::forget_accounts(present.id, std::nullopt);
  std::vector<const char*> tables{limits::ledger_table, limits::usage_table, limits::limited_tables_table};
  if (present.subjects != meter.subjects)
    tables.insert(tables.end(), {limits::overrides_table, limits::extras_table});
  if (holds || has_rows(present.id, tables))
    throw pg::Error{ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                    fmt::format("cannot change the {} of meter \"{}\"", what, present.name)}
        .detail("What its subjects have used would mean something else.")
        .hint("Define another meter; or drop this one with what was used of it, and define it again.");
}

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional{text};
}

void insert(const Meter& meter) {
  const auto id = static_cast<std::int32_t>(pg::next_value(pg::own_relation("_meter_ids")));
  const std::string max_col = meter.max_col;
  const limits::AsSteward owner;
  pg::Spi{}.run(
      "INSERT INTO steward._meters (id, meter, subjects, kind, period, unit, max_col, max_unit)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      id, meter.name, pg::RelationId{meter.subjects}, std::string{limits::name_of(meter.kind)},
      unless_empty(limits::name_of(meter.period)), unless_empty(meter.unit),
      max_col.empty() ? std::nullopt : std::optional{pg::Name{max_col}}, meter.max_unit);
}

void update(const Meter& meter) {
  const limits::AsSteward owner;
  limits::require_changed(pg::Spi{}.run(
      "UPDATE steward._meters SET subjects = $2, kind = $3, period = $4, unit = $5, max_col = $6,"
      " max_unit = $7 WHERE id OPERATOR(pg_catalog.=) $1",
      meter.id, pg::RelationId{meter.subjects}, std::string{limits::name_of(meter.kind)},
      unless_empty(limits::name_of(meter.period)), unless_empty(meter.unit),
      meter.max_col.empty() ? std::nullopt : std::optional{pg::Name{meter.max_col}}, meter.max_unit));
}

bool is_same(const Meter& a, const Meter& b) {
  return std::tie(a.subjects, a.kind, a.period, a.unit, a.max_col, a.max_unit) ==
         std::tie(b.subjects, b.kind, b.period, b.unit, b.max_col, b.max_unit);
}

}  // namespace

void define_meter(const std::string& meter, const std::optional<pg::RelationId>& subjects,
                  const std::optional<std::string_view>& kind, const std::optional<std::string_view>& period,
                  const std::optional<std::string_view>& unit, const std::optional<pg::Name>& max_col,
                  std::optional<std::int64_t> max_unit) {
  pg::require_writable("define_meter()");
  limits::require_name("meter", meter);
  const Wanted options = wanted(subjects, kind, period, unit, max_col, max_unit);
  // Before the catalogue, as in bind_subjects(); kept, so that the table stays bound until this transaction ends.
  if (options.subjects) {
    limits::require_subjects(*options.subjects);
    const pg::OpenRelation table{*options.subjects, AccessShareLock};
  }
  limits::lock_catalogue();
  const auto present = limits::find_meter(meter);
  const Meter next = merged(meter, options, present.get());
  limits::require_subjects(next.subjects);
  require_consistent(next, options);
  if (!present || options.max_col || present->subjects != next.subjects) require_max_column(next);
  if (!present) return insert(next);
  if (is_same(*present, next)) return;
  require_changeable(*present, next);
  update(next);
}

// With its limits, overrides and extras, and all that was used of it.
void drop_meter(std::string_view meter) {
  pg::require_writable("drop_meter()");
  limits::lock_catalogue();
  const auto known = limits::require_meter(meter);
  {
    // Who is giving an override or an extra keeps the meter: wait for them before their rows are looked for.
    const limits::AsSteward owner;
    pg::Spi{}.run("SELECT FROM steward._meters WHERE id OPERATOR(pg_catalog.=) $1 FOR UPDATE", known->id);
  }
  if (const std::vector<Oid> tables = limits::limited_tables(known->id); !tables.empty())
    throw pg::Error{ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST,
                    fmt::format("rows of table \"{}\" count for meter \"{}\"",
                                pg::call(::get_rel_name, tables.front()), known->name)}
        .hint("steward.unlimit_rows() lets them count no longer.");
  limits::drop_rows_of(*known);
  const limits::AsSteward owner;
  pg::Spi spi;
  spi.run("DELETE FROM steward._limited_tables WHERE meter OPERATOR(pg_catalog.=) $1", known->id);
  limits::require_changed(
      spi.run("DELETE FROM steward._limits WHERE meter OPERATOR(pg_catalog.=) $1", known->id),
      known->limits.size());
  limits::require_changed(
      spi.run("DELETE FROM steward._meters WHERE id OPERATOR(pg_catalog.=) $1", known->id));
}

}  // namespace sql

PG_SQL_FUNCTION(define_meter);
PG_SQL_FUNCTION(drop_meter);
