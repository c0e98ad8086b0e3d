#include "partitions/retire.hpp"

#include "core/json.hpp"
#include "errors.hpp"
#include "partitions/age.hpp"
#include "partitions/hold.hpp"
#include "partitions/newest.hpp"
#include "partitions/recycle.hpp"
#include "partitions/scopes.hpp"
#include "pg/spi.hpp"
#include "pg/wait_point.hpp"
#include "settings.hpp"

namespace partitions {

namespace {

// What is left on a table instead of its bounds.
constexpr const char bounds_check[] = "steward_bounds";

std::string detach_statement(const Set& set, Oid partition) {
  return fmt::format("ALTER TABLE {} DETACH PARTITION {}", pg::qualified_name(set.relation),
                     pg::qualified_name(partition));
}

// In the order of everybody who reads or writes the table.
void lock_for_retiring(const Set& set, Oid partition, Locks& locks) {
  locks.take_referring(set.relation);
  locks.take(set.relation, AccessExclusiveLock);
  if (set.default_partition) locks.take(*set.default_partition, AccessExclusiveLock);
  locks.take(partition, AccessExclusiveLock);
}

// Bounds are promises of the server for its own rows: not for those of a foreign table, nor where its catalog was written by
// hand.
void require_old_rows(const Set& set, const Due& due) {
  const std::optional<std::int64_t> newest = newest_key(set, *due.partition);
  if (!newest || *newest < cutoff_of(set).value()) return;
  throw pg::at(pg::Error{errors::refused_for_safety,
                         fmt::format("partition \"{}\" holds a row from {}, which its bounds exclude",
                                     due.partition_name, core::iso_time(time_of(set, *newest).microseconds))}
                   .detail(fmt::format("They go from {} to {}.", *due.lower_bound, *due.upper_bound))
                   .hint("Find out how it got there; steward.hold_partition() keeps the partition."),
               *due.partition);
}

// Each table of a partitioned one would need a CHECK of its own, which could then not be dropped from one alone.
void leave_bounds(Oid partition) {
  if (pg::call(::get_rel_relkind, partition) == RELKIND_PARTITIONED_TABLE) return;
  // Somebody may have attached by hand what was detached before.
  drop_bounds_check(partition);
  pg::add_bounds_check(partition, bounds_check);
}

Recycled detach(const Set& set, const Due& due) {
  const Oid partition = due.partition.value();
  const bool drops = set.options.retention_action == "drop";
  const AsOwnerOf owner{set.relation};
  pg::require_owner(partition);
  leave_bounds(partition);
  pg::Spi{}.run(due.statement);
  if (!drops && set.options.archive_schema)
    pg::Spi{}.run(fmt::format("ALTER TABLE {} SET SCHEMA {}", pg::qualified_name(partition),
                              pg::quoted_identifier(*set.options.archive_schema)));
  return {.table = partition,
          .set = set.relation,
          .lower_bound = *due.lower_bound,
          .upper_bound = *due.upper_bound,
          .detached_at = {settings::now()},
          .drop_after = drops ? std::optional{kept_until(set)} : std::nullopt,
          .keys = drop_foreign_keys(partition)};
}

}  // namespace

void drop_bounds_check(Oid table) {
  pg::Parameters parameters;
  parameters.set("client_min_messages", "warning");
  pg::Spi{}.run(
      fmt::format("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}", pg::qualified_name(table), bounds_check));
}

void add_retired(std::vector<Due>& due, const Set& set) {
  const std::optional<std::int64_t> cutoff = cutoff_of(set);
  if (!cutoff) return;
  const std::string reason =
      fmt::format("all its rows are from before {}", core::iso_time(time_of(set, *cutoff).microseconds));
  for (const Child& child : set.children) {
    if (child.range.to > *cutoff || child.detaching) continue;
    const std::optional<std::string> held = hold_of(child.relation);
    due.push_back({.action = held ? Due::Action::held : Due::Action::detach,
                   .partition_name = pg::call(::get_rel_name, child.relation),
                   .partition = child.relation,
                   .range = child.range,
                   .lower_bound = bound_text(set.key, child.range.from),
                   .upper_bound = bound_text(set.key, child.range.to),
                   .statement = detach_statement(set, child.relation),
                   .reason = with_hold(reason, held)});
  }
}

void retire(const Set& set, const Due& due, Locks& locks) {
  lock_for_retiring(set, due.partition.value(), locks);
  pg::wait_point("retire: locked");
  require_not_held(*due.partition);
  require_old_rows(set, due);
  const Recycled detached = detach(set, due);
  pg::wait_point("retire: detached");
  list(detached);
  pg::wait_point("retire: listed");
}

}  // namespace partitions
