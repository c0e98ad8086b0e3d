// What maintenance would do.
#include "partitions/due.hpp"
#include "partitions/scopes.hpp"
#include "pg/function.hpp"
#include "pg/store.hpp"

namespace sql {

namespace {

using Plan = pg::Store<pg::RelationId, std::string, std::string, std::optional<std::string>, std::optional<std::string>,
                       std::string, std::string, std::optional<pg::Timestamp>>;

std::optional<std::string> shown(const partitions::Set& set, const partitions::Due& due, std::int64_t bound) {
  if (due.action == partitions::Due::Action::create_default) return std::nullopt;
  return partitions::bound_text(set.key, bound);
}

void put_plan(Plan& store, Oid relation) {
  const std::optional<partitions::Options> options = partitions::find_options(relation);
  if (!options) return;
  const partitions::Set set = partitions::Set::of(relation, *options, AccessShareLock);
  for (const partitions::Due& due : partitions::due_of(set))
    store.put(pg::RelationId{relation}, partitions::name_of(due.action), due.partition_name, shown(set, due, due.range.from),
              shown(set, due, due.range.to), due.statement, due.reason, std::nullopt);
}

}  // namespace

void plan_partitions(Plan& store, const std::optional<pg::RelationId>& rel) {
  if (rel) return put_plan(store, rel->oid);
  for (const Oid table : partitions::managed_tables()) put_plan(store, table);
}

}  // namespace sql

PG_SQL_STORE(plan_partitions);
