#include "partitions/orphans.hpp"

#include "core/zone.hpp"
#include "partitions/scopes.hpp"
#include "pg/spi.hpp"

namespace partitions {

namespace {

void forget_rows(const std::string& kept, const char* condition) {
  pg::Spi{}.run(fmt::format("DELETE FROM steward.{} AS k WHERE {}", kept, condition));
}

// Most of these tables are empty most of the time: to plan a statement for each takes longer than to look.
bool is_empty(const std::string& kept) {
  return pg::pages_of(pg::OpenRelation{pg::own_relation(kept), AccessShareLock}) == 0;
}

std::vector<Oid> gone_sets() {
  pg::Spi spi;
  const std::uint64_t count = spi.run_on_latest(
      "SELECT s.rel FROM steward.partition_sets AS s"
      " WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_class AS c WHERE c.oid OPERATOR(pg_catalog.=) s.rel)");
  std::vector<Oid> gone;
  for (std::uint64_t i = 0; i < count; ++i) gone.push_back(spi.value<pg::RelationId>(i, 1).oid);
  return gone;
}

void forget_old_locks() {
  constexpr std::int64_t a_month = 30 * core::microseconds_per_day;
  pg::Spi{}.run("DELETE FROM steward._lock_history WHERE at OPERATOR(pg_catalog.<) $1",
                pg::Timestamp{GetCurrentTransactionStartTimestamp() - a_month});
}

}  // namespace

void forget_set(Oid table) {
  const AsSteward steward;
  for (const char* kept :
       {"partition_sets", "_partition_runs", "recycled_partitions", "_moving_partitions", "_lock_history"})
    pg::Spi{}.run(fmt::format("DELETE FROM steward.{} WHERE rel OPERATOR(pg_catalog.=) $1", kept),
                  pg::RelationId{table});
}

void forget_gone() {
  const AsSteward steward;
  for (const Oid table : gone_sets()) forget_set(table);
  const char* no_table =
      "NOT EXISTS (SELECT FROM pg_catalog.pg_class AS c WHERE c.oid OPERATOR(pg_catalog.=) k.part)";
  const char* no_partition =
      "NOT EXISTS (SELECT FROM pg_catalog.pg_class AS c WHERE c.oid OPERATOR(pg_catalog.=) k.part AND "
      "c.relispartition)";
  const char* nothing_detached =
      "NOT EXISTS (SELECT FROM pg_catalog.pg_class AS c WHERE c.oid OPERATOR(pg_catalog.=) k.part AND NOT "
      "c.relispartition)";
  if (!is_empty("held_partitions")) forget_rows("held_partitions", no_table);
  if (!is_empty("_moving_partitions")) forget_rows("_moving_partitions", no_partition);
  if (!is_empty("recycled_partitions")) forget_rows("recycled_partitions", nothing_detached);
  if (!is_empty("_lock_history")) forget_old_locks();
}

}  // namespace partitions
