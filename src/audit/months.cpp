#include "audit/months.hpp"

#include "audit/scopes.hpp"
#include "partitions/manage.hpp"
#include "pg/memory.hpp"
#include "pg/relation.hpp"
#include "pg/spi.hpp"
#include "pg/watch.hpp"

namespace audit {

namespace {

constexpr const char* logs[] = {"audit_records", "audit_transactions"};

// Stands while both are known to be managed: goes with the table, and with the extension.
pg::Resident<pg::Watch> known_open;

bool is_known_open() { return known_open.get() != nullptr && !known_open.get()->changed(); }

// What this transaction has declared itself may be rolled back: so it asks again.
bool are_managed() {
  pg::Watch& watch = known_open.make(TopMemoryContext, "steward audit log");
  watch.start(pg::own_relation(logs[0]));
  const AsSteward steward;
  pg::Spi spi;
  const std::uint64_t found = spi.run_on_latest(
      "SELECT s.xmin FROM steward.partition_sets AS s WHERE s.rel OPERATOR(pg_catalog.=) $1"
      " OR s.rel OPERATOR(pg_catalog.=) $2",
      pg::RelationId{pg::own_relation(logs[0])}, pg::RelationId{pg::own_relation(logs[1])});
  bool is_ours = false;
  for (std::uint64_t i = 0; i < found; ++i) is_ours = is_ours || spi.is_own(i, 1);
  if (found < std::size(logs) || is_ours) known_open.drop();
  return found == std::size(logs);
}

void manage_both(bool makes_months) {
  const AsSteward steward;
  for (const char* name : logs)
    if (const Oid log = pg::own_relation(name); !partitions::find_options(log))
      partitions::manage(
          log, {.every = pg::Period{0, 0, 1}, .time_zone = "UTC", .makes_partitions = makes_months});
}

}  // namespace

// Under the lock that manage_partitions() takes, so that of two that come at once the second finds what the first has done.
void open_log() {
  if (is_known_open() || are_managed()) return;
  pg::lock_own_relation(logs[0], ShareUpdateExclusiveLock);
  if (!are_managed()) manage_both(true);
}

// Where another session is opening it, it need not be done twice.
void open_log_in_passing() {
  if (is_known_open() || are_managed()) return;
  const Oid log = pg::own_relation(logs[0]);
  if (pg::call(::ConditionalLockRelationOid, log, LOCKMODE{ShareUpdateExclusiveLock}) && !are_managed())
    manage_both(false);
}

}  // namespace audit
