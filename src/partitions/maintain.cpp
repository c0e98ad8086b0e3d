// Maintenance: everything that is due, each action a transaction of its own, and no failure for all.
#include <algorithm>

#include "errors.hpp"
#include "partitions/create.hpp"
#include "partitions/default_rows.hpp"
#include "partitions/drain.hpp"
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
#include "pg/session_lock.hpp"
#include "pg/spi.hpp"
#include "pg/subtransaction.hpp"
#include "pg/transaction.hpp"
#include "settings.hpp"

namespace partitions {

namespace {

// A set that fails is tried again after a minute, then two, four … up to an hour.
constexpr std::int64_t first_pause = 60 * core::microseconds_per_second, longest_pause = 60 * first_pause;

// What an action has come to, whether it was done or not.
struct Action {
  std::string name, partition;  // empty before it is known
  std::int64_t waited = 0, held = 0;
  std::int32_t retries = 0;
  std::string blocked_by{};
};

class Maintenance {
 public:
  void run(const std::vector<Oid>& tables, bool asked_for) {
    for (const Oid table : tables)
      if (asked_for || is_time_to_try(table)) maintain_alone(table);
  }

 private:
  // A set that another maintenance is busy with is left to that.
  void maintain_alone(Oid table) {
    const pg::LockName set{pg::own_relation(sets_table), table};
    if (!pg::try_lock_session(set)) return;
    maintain(table);
    pg::release_session(set);
  }

  // One action after the other. One that fails is left for the next time, and the others go on: but not where it was for
  // locks, which they would wait for, too.
  void maintain(Oid table) {
    failed_.clear();
    std::optional<pg::Failure> first_failure;
    bool acted = false;
    while (failed_.size() < most_failures) {
      pg::check_interrupts();
      Action action;
      std::optional<pg::Failure> failure = attempt(table, action);
      const bool done = !failure && !action.name.empty();
      if (!action.name.empty()) {
        const std::int64_t begun = clock();
        batches_.commit();
        if (done) action.held += clock() - begun;
        note_locks(table, action);
        acted = true;
      }
      if (failure && !first_failure) first_failure = failure;
      if (failure && (action.name.empty() || is_for_locks(*failure))) break;
      if (failure) failed_.emplace_back(action.name, action.partition);
      if (!failure && !done) break;
    }
    record(table, first_failure);
    if (!acted && !first_failure) pg::commit_lazily();
    batches_.commit();
  }

  // Locks are waited for no longer than the set's budget, and somebody who is in the way gets a few more chances to go.
  std::optional<pg::Failure> attempt(Oid table, Action& action) {
    constexpr int most_tries = 4;
    std::optional<pg::Failure> failure;
    for (int tried = 0; tried < most_tries; ++tried) {
      Locks locks;
      failure = pg::subtransaction([&] { act_once(table, action, locks); });
      action.retries = tried;
      action.waited += locks.waited();
      if (!locks.blocked_by().empty()) action.blocked_by = locks.blocked_by();
      if (!failure) action.held = locks.held();
      if (!failure || failure->sqlstate != ERRCODE_LOCK_NOT_AVAILABLE) return failure;
      batches_.commit();
      pg::pause(first_retry << tried);
    }
    return pg::Failure{errors::budget_used_up, fmt::format("lock budget used up: {}", failure->message),
                       action.blocked_by.empty() ? "" : fmt::format("In the way was {}.", action.blocked_by)};
  }

  // Leaves the action without a name when there was nothing to do.
  void act_once(Oid relation, Action& action, Locks& locks) const {
    const std::optional<Options> options = find_options(relation);
    if (!options || pg::call(::get_rel_name, relation) == nullptr) return;
    const WithinBudget budget{options->lock_budget};
    locks.take(relation, ShareUpdateExclusiveLock);
    const Set set = Set::of(relation, *options, ShareUpdateExclusiveLock);
    const std::vector<Due> due = due_of(set);
    const auto next = std::find_if(due.begin(), due.end(), [&](const Due& one) { return is_next(set, one); });
    if (next == due.end()) return;
    action.name = partitions::name_of(next->action);
    action.partition = next->partition_name;
    if (next->action == Due::Action::detach || next->action == Due::Action::drop)
      require_safe(set, due, next->action);
    act(set, *next, locks);
  }

  // Only one partition of a set is being filled at a time.
  bool is_next(const Set& set, const Due& due) const {
    if (due.action == Due::Action::held) return false;
    if (due.action == Due::Action::move && set.filling && !due.partition) return false;
    return std::find(failed_.begin(), failed_.end(),
                     std::pair{std::string{partitions::name_of(due.action)}, due.partition_name}) == failed_.end();
  }

  static void act(const Set& set, const Due& due, Locks& locks) {
    switch (due.action) {
      case Due::Action::create:
        create_or_move(set, due, locks);
        return;
      case Due::Action::create_default:
        Maker{set, locks}.make_default();
        return;
      case Due::Action::move:
        return move_rows(set, due, locks);
      case Due::Action::detach:
        return retire(set, due, locks);
      case Due::Action::drop:
        return purge(set, due, locks);
      case Due::Action::held:
        return;
    }
  }

  // Without an index on the key what is due cannot know of all rows in the default partition.
  static void create_or_move(const Set& set, const Due& due, Locks& locks) {
    if (!set.filling && default_has_rows(set, due.range))
      move_rows(set, due, locks);
    else
      Maker{set, locks}.make(due.range);
  }

  static bool is_for_locks(const pg::Failure& failure) {
    return failure.sqlstate == errors::budget_used_up || failure.sqlstate == ERRCODE_T_R_DEADLOCK_DETECTED;
  }

  static std::int64_t clock() { return pg::call(::GetCurrentTimestamp); }

  static bool is_time_to_try(Oid table) {
    const AsSteward steward;
    pg::Spi spi;
    const std::uint64_t rows =
        spi.run("SELECT next_retry FROM steward._partition_runs WHERE rel OPERATOR(pg_catalog.=) $1",
                pg::RelationId{table});
    if (rows == 0) return true;
    const std::optional<pg::Timestamp> next = spi.find<pg::Timestamp>(0, 1);
    return !next || next->microseconds <= settings::now();
  }

  static void note_locks(Oid table, const Action& action) {
    const AsSteward steward;
    pg::Spi{}.run(
        "INSERT INTO steward._lock_history (rel, action, at, waited, held, retries, blocked_by)"
        " VALUES ($1, $2, pg_catalog.clock_timestamp(), $3, $4, $5, NULLIF($6, ''))",
        pg::RelationId{table}, action.name, pg::Period{action.waited, 0, 0}, pg::Period{action.held, 0, 0},
        action.retries, action.blocked_by);
  }

  static void record(Oid table, const std::optional<pg::Failure>& failure) {
    if (failure)
      pg::warn(fmt::format("could not maintain partitions of table \"{}\"", name_of(table)), failure->message,
               failure->hint);
    const AsSteward steward;
    pg::Spi spi;
    const auto sqlstate = failure ? std::optional{failure->code()} : std::nullopt;
    const auto message = failure ? std::optional{failure->message} : std::nullopt;
    spi.run(
        "INSERT INTO steward._partition_runs AS r (rel, last_run, last_error, sqlstate, failures, next_retry)"
        " VALUES ($1, $2, $3, $4, CASE WHEN $3 IS NULL THEN 0 ELSE 1 END, CASE WHEN $3 IS NOT NULL THEN $5 "
        "END)"
        " ON CONFLICT (rel) DO UPDATE SET last_run = EXCLUDED.last_run, last_error = EXCLUDED.last_error,"
        " sqlstate = EXCLUDED.sqlstate,"
        " failures = CASE WHEN $3 IS NULL THEN 0 ELSE r.failures OPERATOR(pg_catalog.+) 1 END,"
        " next_retry = EXCLUDED.next_retry",
        pg::RelationId{table}, pg::Timestamp{settings::now()}, message, sqlstate,
        pg::Timestamp{settings::now() + pause_after(failures_of(spi, table))});
  }

  static std::int32_t failures_of(pg::Spi& spi, Oid table) {
    return spi.run("SELECT failures FROM steward._partition_runs WHERE rel OPERATOR(pg_catalog.=) $1",
                   pg::RelationId{table}) == 0
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

  static constexpr std::size_t most_failures = 10;
  static constexpr long first_retry = 50;  // milliseconds

  std::vector<std::pair<std::string, std::string>> failed_;  // actions of this run, and on what
  pg::Batches batches_;
};

}  // namespace

}  // namespace partitions

namespace sql {

void maintain_partitions(const std::optional<pg::RelationId>& rel) {
  pg::require_writable("CALL maintain_partitions()");
  if (rel && !partitions::find_options(rel->oid)) partitions::refuse_unmanaged(rel->oid);
  partitions::forget_gone();
  const std::vector<Oid> tables =
      rel ? std::vector<Oid>{rel->oid} : partitions::referencing_first(partitions::managed_tables());
  partitions::Maintenance{}.run(tables, rel.has_value());
}

}  // namespace sql

PG_SQL_PROCEDURE(maintain_partitions);
