// Everything that is due, of every part.
#include "pg/notice.hpp"
#include "pg/privileges.hpp"
#include "pg/procedure.hpp"

namespace sql {

// The parts' own procedures.
void maintain_partitions(const std::optional<pg::RelationId>& rel);
void fold_counters(std::optional<pg::RelationId> rel);
void fold_limits();

}  // namespace sql

namespace upkeep {

namespace {

struct Part {
  const char* name;
  void (*run)();
};

// Partitions first: what rows went with them is for limits to count.
constexpr Part parts[] = {{"partitions", [] { sql::maintain_partitions(std::nullopt); }},
                          {"counters", [] { sql::fold_counters(std::nullopt); }},
                          {"limits", [] { sql::fold_limits(); }}};

}  // namespace

}  // namespace upkeep

namespace sql {

void maintain() {
  pg::require_writable("CALL maintain()");
  pg::Batches batches;
  for (const upkeep::Part& part : upkeep::parts)
    if (const std::optional<pg::Failure> failure = batches.attempt(part.run))
      pg::warn(fmt::format("could not maintain {}", part.name), failure->message, failure->hint);
}

}  // namespace sql

PG_SQL_PROCEDURE(maintain);
