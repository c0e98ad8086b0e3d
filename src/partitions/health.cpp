// How each set stands. Whoever has a set locked is waited for as long as maintenance would, and no set keeps the others from being seen.
#include <algorithm>

#include "errors.hpp"
#include "partitions/due.hpp"
#include "partitions/scopes.hpp"
#include "partitions/strays.hpp"
#include "pg/spi.hpp"
#include "pg/store.hpp"
#include "pg/subtransaction.hpp"
#include "settings.hpp"

namespace partitions {

namespace {

using core::ladder::Range;

// What the last maintenance came to.
struct Run {
  std::optional<pg::Timestamp> last_run{};
  std::optional<std::string> last_error{}, sqlstate{};
  std::optional<pg::Timestamp> next_retry{};
};

Run run_of(Oid table) {
  const AsSteward steward;
  pg::Spi spi;
  if (spi.run_on_latest("SELECT last_run, last_error, sqlstate, next_retry FROM steward._partition_runs"
                        " WHERE rel OPERATOR(pg_catalog.=) $1",
                        pg::RelationId{table}) == 0)
    return {};
  return {spi.find<pg::Timestamp>(0, 1), spi.find<std::string>(0, 2), spi.find<std::string>(0, 3),
          spi.find<pg::Timestamp>(0, 4)};
}

struct Health {
  bool late = false;
  std::optional<pg::Period> runway{};
  std::optional<std::int64_t> default_rows{};
};

// Where the partitions end that come without a gap from the present one on.
std::optional<std::int64_t> covered_until(const Set& set, std::int64_t present) {
  std::vector<Range> ranges;
  for (const Child& child : set.children)
    if (!child.detaching) ranges.push_back(child.range);
  return core::ladder::covered_until(ranges, present);
}

std::optional<pg::Period> runway_of(const Set& set, std::int64_t present, std::optional<std::int64_t> until) {
  if (!set.key.is_time() || until == core::ladder::highest) return std::nullopt;
  const std::int64_t left = until.value_or(present) - present;
  return pg::Period{left % core::microseconds_per_day,
                    static_cast<std::int32_t>(left / core::microseconds_per_day), 0};
}

// Partitions run out: there is none for now, or none for the step to come where two are made ahead.
bool is_short(const Set& set, std::int64_t present, std::optional<std::int64_t> until) {
  if (!until) return true;
  const std::optional<Range> step = set.steps.get().around(present);
  if (!step || set.options.premake < 2 || *until == core::ladder::highest) return false;
  return *until - present < step->to - step->from;
}

// Something is due, and nobody has seen to it for a step, or a day where that is shorter.
bool is_overdue(const Set& set, std::int64_t present, const Run& run) {
  std::int64_t patience = core::microseconds_per_day;
  if (const std::optional<Range> step = set.steps.get().around(present); step && set.key.is_time())
    patience = std::min(patience, step->to - step->from);
  if (run.last_run && settings::now() - run.last_run->microseconds <= patience) return false;
  const std::vector<Due> due = due_of(set);
  return std::any_of(due.begin(), due.end(), [](const Due& one) { return one.action != Due::Action::held; });
}

Health look_at(Oid table, const Options& options, const Run& run) {
  const WithinBudget budget{options.lock_budget};
  const Set set = Set::of(table, options, AccessShareLock);
  const std::int64_t present = set.present();
  const std::optional<std::int64_t> until = covered_until(set, present);
  const std::optional<Strays> strays = strays_of(set);
  return {
      .late = is_short(set, present, until) || is_overdue(set, present, run) || (strays && strays->misplaced),
      .runway = runway_of(set, present, until),
      .default_rows = strays ? strays->rows : std::nullopt};
}

const char* state_of(const Run& run, const Health& health) {
  if (!run.last_error) return health.late ? "late" : "ok";
  const int sqlstate = pg::sqlstate_of(run.sqlstate.value_or(""));
  return sqlstate == errors::budget_used_up || sqlstate == ERRCODE_LOCK_NOT_AVAILABLE ? "blocked" : "failed";
}

using List = pg::Store<pg::RelationId, std::string, std::optional<pg::Period>, std::optional<std::int64_t>,
                       std::optional<pg::Timestamp>, std::optional<std::string>, std::optional<std::string>,
                       std::optional<pg::Timestamp>>;

void put_health(List& list, Oid table) {
  const std::optional<Options> options = find_options(table);
  if (!options) return;
  Run run = run_of(table);
  Health health;
  const std::optional<pg::Failure> failure =
      pg::subtransaction([&] { health = look_at(table, *options, run); });
  if (failure && pg::call(::get_rel_name, table) == nullptr) return;
  if (failure && !run.last_error) {
    run.last_error = failure->message;
    run.sqlstate = failure->code();
  }
  list.put(pg::RelationId{table}, state_of(run, health), health.runway, health.default_rows, run.last_run,
           run.last_error, run.sqlstate, run.next_retry);
}

}  // namespace

}  // namespace partitions

namespace sql {

void _partition_health(partitions::List& list) {
  for (const Oid table : partitions::managed_tables()) {
    pg::check_interrupts();
    partitions::put_health(list, table);
  }
}

}  // namespace sql

PG_SQL_STORE(_partition_health);
