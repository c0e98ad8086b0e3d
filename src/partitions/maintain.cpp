// Maintenance: everything that is due, each action a transaction of its own, and no failure for all.
#include <algorithm>

#include "errors.hpp"
#include "partitions/create.hpp"
#include "partitions/due.hpp"
#include "partitions/order.hpp"
#include "partitions/orphans.hpp"
#include "partitions/recycle.hpp"
#include "partitions/retire.hpp"
#include "partitions/safety.hpp"
#include "partitions/scopes.hpp"
#include "pg/notice.hpp"
#include "pg/pause.hpp"
#include "pg/procedure.hpp"
#include "pg/spi.hpp"
#include "pg/subtransaction.hpp"
#include "pg/wait_point.hpp"
#include "settings.hpp"

namespace partitions {

namespace {

// A set that fails is tried again after a minute, then two, four … up to an hour.
constexpr std::int64_t first_pause = 60 * core::microseconds_per_second, longest_pause = 60 * first_pause;

class Maintenance {
 public:
  void run(const std::vector<Oid>& tables, bool asked_for) {
    for (const Oid table : tables)
      if (asked_for || is_time_to_try(table)) maintain(table);
  }

 private:
  // One action after the other, until nothing is due or one has failed.
  void maintain(Oid table) {
    for (bool more = true; more;) {
      pg::check_interrupts();
      more = false;
      std::optional<pg::Failure> failure = attempt(table, more);
      if (failure) more = false;
      if (!more) record(table, failure);
      pg::wait_point(more ? "maintain: acted" : "maintain: recorded");
      batches_.commit();
      pg::wait_point(more ? "maintain: committed" : "maintain: over");
    }
  }

  // Locks are waited for no longer than the set's budget, and somebody who is in the way gets a few more chances to go.
  std::optional<pg::Failure> attempt(Oid table, bool& more) {
    constexpr int most_tries = 4;
    std::optional<pg::Failure> failure;
    for (int tried = 0; tried < most_tries; ++tried) {
      failure = pg::subtransaction([&] { more = act_once(table); });
      if (!failure || failure->sqlstate != ERRCODE_LOCK_NOT_AVAILABLE) return failure;
      batches_.commit();
      pg::pause(50L << tried);
    }
    return pg::Failure{errors::budget_used_up, fmt::format("lock budget used up: {}", failure->message), {}};
  }

  // False when there was nothing to do.
  static bool act_once(Oid relation) {
    std::optional<Options> options = find_options(relation);
    if (!options) return false;
    const WithinBudget budget{options->lock_budget};
    pg::call(::LockRelationOid, relation, LOCKMODE{ShareUpdateExclusiveLock});
    // While it was waited for, the table may have been let go, declared anew, or dropped.
    options = find_options(relation);
    if (!options || pg::call(::get_rel_name, relation) == nullptr) return false;
    const Set set = Set::of(relation, *options, ShareUpdateExclusiveLock);
    const std::vector<Due> due = due_of(set);
    const auto next = std::find_if(due.begin(), due.end(), [](const Due& one) { return one.action != Due::Action::held; });
    if (next == due.end()) return false;
    if (next->partition) require_safe(set, due, next->action);
    act(set, *next);
    return true;
  }

  static void act(const Set& set, const Due& due) {
    switch (due.action) {
      case Due::Action::create:
        return create_partition(set, due.range);
      case Due::Action::create_default:
        return create_default(set);
      case Due::Action::detach:
        return retire(set, due);
      case Due::Action::drop:
        return purge(set, due);
      case Due::Action::held:
        return;
    }
  }

  static bool is_time_to_try(Oid table) {
    const AsSteward steward;
    pg::Spi spi;
    const std::uint64_t rows =
        spi.run("SELECT next_retry FROM steward._partition_runs WHERE rel OPERATOR(pg_catalog.=) $1", pg::RelationId{table});
    if (rows == 0) return true;
    const std::optional<pg::Timestamp> next = spi.find<pg::Timestamp>(0, 1);
    return !next || next->microseconds <= settings::now();
  }

  static void record(Oid table, const std::optional<pg::Failure>& failure) {
    if (failure) pg::warn(fmt::format("could not maintain partitions of table \"{}\"", name_of(table)), failure->message, failure->hint);
    const AsSteward steward;
    pg::Spi spi;
    const auto sqlstate = failure ? std::optional{failure->code()} : std::nullopt;
    const auto message = failure ? std::optional{failure->message} : std::nullopt;
    spi.run("INSERT INTO steward._partition_runs AS r (rel, last_run, last_error, sqlstate, failures, next_retry)"
            " SELECT $1, $2, $3, $4, CASE WHEN $3 IS NULL THEN 0 ELSE 1 END, CASE WHEN $3 IS NOT NULL THEN $5 END"
            " FROM steward.partition_sets AS s WHERE s.rel OPERATOR(pg_catalog.=) $1 FOR KEY SHARE"
            " ON CONFLICT (rel) DO UPDATE SET last_run = EXCLUDED.last_run, last_error = EXCLUDED.last_error,"
            " sqlstate = EXCLUDED.sqlstate,"
            " failures = CASE WHEN $3 IS NULL THEN 0 ELSE r.failures OPERATOR(pg_catalog.+) 1 END,"
            " next_retry = EXCLUDED.next_retry",
            pg::RelationId{table}, pg::Timestamp{settings::now()}, message, sqlstate,
            pg::Timestamp{settings::now() + pause_after(failures_of(spi, table))});
  }

  static std::int32_t failures_of(pg::Spi& spi, Oid table) {
    return spi.run("SELECT failures FROM steward._partition_runs WHERE rel OPERATOR(pg_catalog.=) $1", pg::RelationId{table}) == 0
               ? 0
               : spi.value<std::int32_t>(0, 1);
  }

  static std::int64_t pause_after(std::int32_t failures) {
    return std::min(longest_pause, first_pause << std::min(failures, 6));
  }

  static std::string name_of(Oid table) {
    const char* name = pg::call(::get_rel_name, table);
    return name != nullptr ? name : "?";
  }

  pg::Batches batches_;
};

}  // namespace

}  // namespace partitions

namespace sql {

void maintain_partitions(const std::optional<pg::RelationId>& rel) {
  pg::require_writable("CALL maintain_partitions()");
  if (rel && !partitions::find_options(rel->oid)) partitions::refuse_unmanaged(rel->oid);
  partitions::forget_gone();
  const std::vector<Oid> tables = rel ? std::vector<Oid>{rel->oid} : partitions::referencing_first(partitions::managed_tables());
  partitions::Maintenance{}.run(tables, rel.has_value());
}

}  // namespace sql

PG_SQL_PROCEDURE(maintain_partitions);
