// As whom the statements of maintenance run.
#pragma once

#include <algorithm>

#include "pg/acting.hpp"

namespace partitions {

inline constexpr const char sets_table[] = "partition_sets";

using pg::AsOwnerOf;
using pg::AsSteward;

// Locks are waited for no longer than a set allows; 55P03 then. A lock_timeout of 0 would be none.
class WithinBudget {
 public:
  explicit WithinBudget(const pg::Period& lock_budget) {
    constexpr std::int64_t shortest = 1000;  // microseconds
    const std::int64_t budget = std::max(shortest, lock_budget.microseconds);
    parameters_.set("lock_timeout", fmt::format("{}us", budget).c_str());
  }

 private:
  pg::Parameters parameters_;
};

}  // namespace partitions
