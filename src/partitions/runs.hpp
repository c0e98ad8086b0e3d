// What maintenance has come to: when each set was last seen to, what failed, when it is tried again, and what its locks cost.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pg/relation.hpp"
#include "pg/subtransaction.hpp"

namespace partitions {

// An action, whether it was done or not. Times are in microseconds.
struct Action {
  std::string name, partition;  // empty before it is known
  std::int64_t waited = 0, held = 0;
  std::int32_t retries = 0;
  std::string blocked_by{};
};

// The managed tables that did not fail a moment ago.
std::vector<Oid> tables_to_try();

// Of tables that are managed; one may have been let go meanwhile. One that fails is tried again after a minute, then two, four … up to an hour.
void record_run(Oid table, const std::optional<pg::Failure>& failure);
// All is well with them.
void record_idle(const std::vector<Oid>& tables);

void note_locks(Oid table, const Action& action);

}  // namespace partitions
