#include "partitions/safety.hpp"

#include <algorithm>
#include <cstdlib>

#include "core/json.hpp"
#include "errors.hpp"
#include "partitions/scopes.hpp"
#include "pg/spi.hpp"
#include "settings.hpp"

namespace partitions {

namespace {

void require_few(const Set& set, const std::vector<Due>& due, Due::Action action) {
  const auto count =
      std::count_if(due.begin(), due.end(), [&](const Due& one) { return one.action == action; });
  if (count <= settings::partition_max_drops()) return;
  throw pg::at(
      pg::Error{
          errors::refused_for_safety,
          fmt::format("{} partition{} of table \"{}\" would be {} at once, more than {}", count,
                      count == 1 ? "" : "s", set.name, action == Due::Action::drop ? "dropped" : "detached",
                      settings::partition_max_drops())}
          .hint("steward.plan_partitions() shows them. If they may all go, set steward.partition_max_drops "
                "higher for one CALL."),
      set.relation);
}

std::optional<std::int64_t> last_clock(Oid table) {
  const AsSteward steward;
  pg::Spi spi;
  if (spi.run_on_latest("SELECT last_run FROM steward._partition_runs WHERE rel OPERATOR(pg_catalog.=) $1",
                        pg::RelationId{table}) == 0)
    return std::nullopt;
  const auto last = spi.find<pg::Timestamp>(0, 1);
  return last ? std::optional{last->microseconds} : std::nullopt;
}

// Two steps; two days at the least, or a set by the hour whose maintenance comes once a day would never lose anything.
std::int64_t longest_rest(const Set& set) {
  constexpr std::int64_t shortest = 2 * core::microseconds_per_day;
  const std::optional<core::ladder::Range> step = set.steps.get().around(set.present());
  return step ? std::max(shortest, 2 * (step->to - step->from)) : shortest;
}

void require_steady_clock(const Set& set) {
  const std::optional<std::int64_t> last = last_clock(set.relation);
  if (!last || std::abs(settings::now() - *last) <= longest_rest(set)) return;
  throw pg::at(
      pg::Error{errors::refused_for_safety,
                fmt::format("clock went from {} to {} since the last maintenance of table \"{}\"",
                            core::iso_time(*last), core::iso_time(settings::now()), set.name)}
          .hint("Nothing is detached or dropped in this run. If the time is right, the next one goes on."),
      set.relation);
}

}  // namespace

void require_safe(const Set& set, const std::vector<Due>& due, Due::Action action) {
  require_steady_clock(set);
  require_few(set, due, action);
}

}  // namespace partitions
