// What the views of the catalogue ask the triggers for.
#include "limits/rows.hpp"
#include "limits/scopes.hpp"
#include "limits/subjects.hpp"
#include "pg/condition.hpp"
#include "pg/parameters.hpp"
#include "pg/spi.hpp"
#include "pg/store.hpp"

namespace limits {

namespace {

std::optional<pg::Name> name_or_null(const std::string& column) {
  return column.empty() ? std::nullopt : std::optional{pg::Name{column}};
}

struct Declared {
  pg::RelationId table;
  std::int32_t meter;
};

std::vector<Declared> declared_tables() {
  const AsSteward steward;
  pg::Spi spi;
  const std::uint64_t count = spi.query(
      "SELECT t.rel, t.meter FROM steward._limited_tables AS t"
      " JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) t.rel");
  std::vector<Declared> found;
  for (std::uint64_t i = 0; i < count; ++i)
    found.push_back({spi.value<pg::RelationId>(i, 1), spi.value<std::int32_t>(i, 2)});
  return found;
}

// As it was said, and not as the triggers have it.
std::optional<std::string> condition_of(const CountingRule& rule) {
  if (rule.condition.empty()) return std::nullopt;
  pg::Parameters parameters;
  parameters.set("search_path", "pg_catalog, pg_temp");
  const pg::OpenRelation table{rule.table, AccessShareLock};
  return pg::Condition::written(table, rule.condition, "new").text();
}

}  // namespace

}  // namespace limits

namespace sql {

using OptionalName = std::optional<pg::Name>;

void _subject_columns(
    pg::Store<pg::RelationId, OptionalName, OptionalName, OptionalName, OptionalName, OptionalName>& store) {
  using limits::name_or_null;
  for (const Oid relation : limits::bound_relations())
    if (const auto table = limits::find_subjects(relation))
      store.put({relation}, name_or_null(table->key), name_or_null(table->tier), name_or_null(table->expires),
                name_or_null(table->zone), name_or_null(table->anchor));
}

void _row_rules(
    pg::Store<pg::RelationId, std::int32_t, OptionalName, OptionalName, std::optional<std::string>>& store) {
  for (const limits::Declared& one : limits::declared_tables()) {
    const auto rule = limits::counting_rule(one.table.oid, one.meter)
                          .value_or(limits::CountingRule{one.table.oid, "", "", ""});
    store.put(one.table, one.meter, limits::name_or_null(rule.subject), limits::name_or_null(rule.measure),
              limits::condition_of(rule));
  }
}

}  // namespace sql

PG_SQL_STORE(_subject_columns);
PG_SQL_STORE(_row_rules);
