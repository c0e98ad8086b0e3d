// What maintenance would do.
#include "partitions/age.hpp"
#include "partitions/due.hpp"
#include "partitions/newest.hpp"
#include "partitions/order.hpp"
#include "partitions/scopes.hpp"
#include "pg/function.hpp"
#include "pg/store.hpp"

namespace sql {

namespace {

using Plan = pg::Store<pg::RelationId, std::string, std::string, std::optional<std::string>,
                       std::optional<std::string>, std::string, std::string, std::optional<pg::Timestamp>>;

std::optional<pg::Timestamp> newest_row(const partitions::Set& set, const partitions::Due& due) {
  if (!due.partition) return std::nullopt;
  const std::optional<std::int64_t> newest = partitions::newest_key(set, *due.partition);
  return newest ? std::optional{partitions::time_of(set, *newest)} : std::nullopt;
}

void put_plan(Plan& store, Oid relation) {
  const std::optional<partitions::Options> options = partitions::find_options(relation);
  if (!options) return;
  const partitions::Set set = partitions::Set::of(relation, *options, AccessShareLock);
  for (const partitions::Due& due : partitions::due_of(set))
    store.put(pg::RelationId{relation}, partitions::name_of(due.action), due.partition_name, due.lower_bound,
              due.upper_bound, due.statement, due.reason, newest_row(set, due));
}

}  // namespace

void plan_partitions(Plan& store, const std::optional<pg::RelationId>& rel) {
  if (rel && !partitions::find_options(rel->oid)) partitions::refuse_unmanaged(rel->oid);
  if (rel) return put_plan(store, rel->oid);
  for (const Oid table : partitions::referencing_first(partitions::managed_tables())) put_plan(store, table);
}

}  // namespace sql

PG_SQL_STORE(plan_partitions);
