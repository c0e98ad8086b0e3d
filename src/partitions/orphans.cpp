#include "partitions/orphans.hpp"

#include "core/zone.hpp"
#include "partitions/scopes.hpp"
#include "pg/spi.hpp"

namespace partitions {

void forget_set(Oid table) {
  const AsSteward steward;
  for (const char* kept :
       {"partition_sets", "_partition_runs", "recycled_partitions", "_moving_partitions", "_lock_history"})
    pg::Spi{}.run(fmt::format("DELETE FROM steward.{} WHERE rel OPERATOR(pg_catalog.=) $1", kept),
                  pg::RelationId{table});
}

void forget_gone() {
  const AsSteward steward;
  const auto forget = [](const char* kept, const char* column, const char* condition) {
    pg::Spi{}.run(
        fmt::format("DELETE FROM steward.{} AS k WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_class AS c"
                    " WHERE c.oid OPERATOR(pg_catalog.=) k.{}{})",
                    kept, column, condition));
  };
  forget("partition_sets", "rel", "");
  forget("_partition_runs", "rel", "");
  forget("_lock_history", "rel", "");
  forget("_moving_partitions", "part", " AND c.relispartition");
  forget("recycled_partitions", "rel", "");
  forget("recycled_partitions", "part", " AND NOT c.relispartition");
  forget("held_partitions", "part", "");
  constexpr std::int64_t a_month = 30 * core::microseconds_per_day;
  pg::Spi{}.run("DELETE FROM steward._lock_history WHERE at OPERATOR(pg_catalog.<) $1",
                pg::Timestamp{GetCurrentTransactionStartTimestamp() - a_month});
}

}  // namespace partitions
