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
#include "partitions/runs.hpp"
#include "partitions/safety.hpp"
#include "partitions/scopes.hpp"
#include "pg/notice.hpp"
#include "pg/pause.hpp"
#include "pg/procedure.hpp"
#include "pg/session_lock.hpp"
#include "pg/transaction.hpp"
#include "pg/wait_point.hpp"

namespace partitions {

namespace {

class Maintenance {
 public:
  void run(const std::vector<Oid>& tables) {
    for (const Oid table : tables.size() == 1 ? tables : busy_among(tables)) maintain_alone(table);
  }

 private:
  // Most have nothing due most of the time: many are looked at in one transaction, as a reader would, and written down at once. What
  // a crash loses of that nobody misses. Those that something is due of, or that cannot be looked at, are left.
  std::vector<Oid> busy_among(const std::vector<Oid>& tables) {
    constexpr std::size_t at_once = 32;  // as many locks are held
    std::vector<Oid> busy, idle;
    for (std::size_t i = 0; i < tables.size(); ++i) {
      pg::check_interrupts();
      bool is_idle = false;
      const auto failure = pg::subtransaction([&] { is_idle = has_nothing_due(tables[i]); });
      (failure || !is_idle ? busy : idle).push_back(tables[i]);
      if (idle.size() < at_once && i + 1 < tables.size()) continue;
      if (!idle.empty()) record_idle(idle);
      idle.clear();
      pg::commit_lazily();
      batches_.commit();
    }
    return busy;
  }

  static bool has_nothing_due(Oid table) {
    const std::optional<Options> options = find_options(table);
    if (!options) return true;
    const WithinBudget budget{options->lock_budget};
    const std::vector<Due> due = due_of(Set::of(table, *options, AccessShareLock));
    return std::all_of(due.begin(), due.end(),
                       [](const Due& one) { return one.action == Due::Action::held; });
  }

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
    while (failed_.size() < most_failures) {
      pg::check_interrupts();
      Action action;
      std::optional<pg::Failure> failure = attempt(table, action);
      const bool done = !failure && !action.name.empty();
      if (!action.name.empty()) {
        const std::int64_t begun = clock();
        pg::wait_point("maintain: acted");
        batches_.commit();
        pg::wait_point("maintain: committed");
        if (done) action.held += clock() - begun;
        note_locks(table, action);
      }
      if (failure && !first_failure) first_failure = failure;
      if (failure && (action.name.empty() || action.retries > 0)) break;
      if (failure) failed_.emplace_back(action.name, action.partition);
      if (!failure && !done) break;
    }
    if (first_failure)
      pg::warn(fmt::format("could not maintain partitions of table \"{}\"", name_of(table)),
               first_failure->message, first_failure->hint);
    record_run(table, first_failure);
    pg::wait_point("maintain: recorded");
    batches_.commit();
    pg::wait_point("maintain: over");
  }

  // Somebody who is in the way gets a few chances to go while nobody has to wait behind maintenance. Only then it waits itself, no
  // longer than the set's budget.
  std::optional<pg::Failure> attempt(Oid table, Action& action) {
    constexpr int most_tries = 4;
    std::optional<pg::Failure> failure;
    for (int tried = 0; tried < most_tries; ++tried) {
      Locks locks{tried + 1 < most_tries ? Locks::Waiting::never : Locks::Waiting::within_budget};
      failure = pg::subtransaction([&] { act_once(table, action, locks); });
      action.retries = tried;
      action.waited += locks.waited();
      if (!locks.blocked_by().empty()) action.blocked_by = locks.blocked_by();
      if (!failure) action.held = locks.held();
      if (!failure || failure->sqlstate != ERRCODE_LOCK_NOT_AVAILABLE) return failure;
      batches_.commit();
      if (tried + 1 < most_tries) pg::pause(first_retry << tried);
    }
    return pg::Failure{errors::budget_used_up, fmt::format("lock budget used up: {}", failure->message),
                       "steward.lock_history shows who was in the way."};
  }

  // Leaves the action without a name when there was nothing to do.
  void act_once(Oid relation, Action& action, Locks& locks) const {
    std::optional<Options> options = find_options(relation);
    if (!options) return;
    const WithinBudget budget{options->lock_budget};
    locks.take(relation, ShareUpdateExclusiveLock);
    // While it was waited for, the table may have been let go, declared anew, or dropped.
    options = find_options(relation);
    if (!options || pg::call(::get_rel_name, relation) == nullptr) return;
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
                     std::pair{std::string{partitions::name_of(due.action)}, due.partition_name}) ==
           failed_.end();
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

  static std::int64_t clock() { return pg::call(::GetCurrentTimestamp); }

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
      rel ? std::vector<Oid>{rel->oid} : partitions::referencing_first(partitions::tables_to_try());
  partitions::Maintenance{}.run(tables);
}

}  // namespace sql

PG_SQL_PROCEDURE(maintain_partitions);
