#include "partitions/runs.hpp"

#include <algorithm>

#include "core/zone.hpp"
#include "partitions/scopes.hpp"
#include "pg/spi.hpp"
#include "settings.hpp"

namespace partitions {

namespace {

constexpr std::int64_t first_pause = 60 * core::microseconds_per_second, longest_pause = 60 * first_pause;

std::int32_t failures_of(pg::Spi& spi, Oid table) {
  return spi.run_on_latest("SELECT failures FROM steward._partition_runs WHERE rel OPERATOR(pg_catalog.=) $1",
                           pg::RelationId{table}) == 0
             ? 0
             : spi.value<std::int32_t>(0, 1);
}

std::int64_t pause_after(std::int32_t failures) {
  return std::min(longest_pause, first_pause << std::min(failures, 6));
}

}  // namespace

std::vector<Oid> tables_to_try() {
  const AsSteward steward;
  pg::Spi spi;
  const std::uint64_t count = spi.run_on_latest(
      "SELECT s.rel FROM steward.partition_sets AS s JOIN pg_catalog.pg_class AS c ON c.oid "
      "OPERATOR(pg_catalog.=) s.rel"
      " LEFT JOIN steward._partition_runs AS r ON r.rel OPERATOR(pg_catalog.=) s.rel"
      " WHERE r.next_retry IS NULL OR r.next_retry OPERATOR(pg_catalog.<=) $1 ORDER BY s.rel",
      pg::Timestamp{settings::now()});
  std::vector<Oid> tables;
  for (std::uint64_t i = 0; i < count; ++i) tables.push_back(spi.value<pg::RelationId>(i, 1).oid);
  return tables;
}

void record_run(Oid table, const std::optional<pg::Failure>& failure) {
  if (!failure) return record_idle({table});
  const AsSteward steward;
  pg::Spi spi;
  const std::int32_t failures = failures_of(spi, table);
  spi.run(
      "INSERT INTO steward._partition_runs (rel, last_run, last_error, sqlstate, failures, next_retry)"
      " SELECT s.rel, $2, $3, $4, $5, $6 FROM steward.partition_sets AS s WHERE s.rel OPERATOR(pg_catalog.=) "
      "$1 FOR KEY SHARE"
      " ON CONFLICT (rel) DO UPDATE SET last_run = EXCLUDED.last_run, last_error = EXCLUDED.last_error,"
      " sqlstate = EXCLUDED.sqlstate, failures = EXCLUDED.failures, next_retry = EXCLUDED.next_retry",
      pg::RelationId{table}, pg::Timestamp{settings::now()}, failure->message, failure->code(), failures + 1,
      pg::Timestamp{settings::now() + pause_after(failures)});
}

void record_idle(const std::vector<Oid>& tables) {
  std::vector<std::int64_t> oids{tables.begin(), tables.end()};
  const AsSteward steward;
  pg::Spi{}.run(
      "INSERT INTO steward._partition_runs (rel, last_run, failures)"
      " SELECT s.rel, $2, 0 FROM steward.partition_sets AS s"
      " WHERE s.rel OPERATOR(pg_catalog.=) ANY ($1::pg_catalog.oid[]) ORDER BY s.rel FOR KEY SHARE"
      " ON CONFLICT (rel) DO UPDATE SET last_run = $2, last_error = NULL, sqlstate = NULL, failures = 0,"
      " next_retry = NULL",
      oids, pg::Timestamp{settings::now()});
}

void note_locks(Oid table, const Action& action) {
  const AsSteward steward;
  pg::Spi{}.run(
      "INSERT INTO steward._lock_history (rel, action, at, waited, held, retries, blocked_by)"
      " VALUES ($1, $2, pg_catalog.clock_timestamp(), $3, $4, $5, NULLIF($6, ''))",
      pg::RelationId{table}, action.name, pg::Period{action.waited, 0, 0}, pg::Period{action.held, 0, 0},
      action.retries, action.blocked_by);
}

}  // namespace partitions
