// As whom the statements of maintenance run.
#pragma once

#include <algorithm>

#include "core/zone.hpp"
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
    const std::int64_t budget = std::clamp(lock_budget.microseconds, shortest, longest);
    parameters_.set("lock_timeout", fmt::format("{}us", budget).c_str());
  }

  static bool can_be(const pg::Period& lock_budget) {
    return lock_budget.months == 0 && lock_budget.days == 0 && lock_budget.microseconds <= longest;
  }

 private:
  static constexpr std::int64_t longest = core::microseconds_per_hour;

  pg::Parameters parameters_;
};

}  // namespace partitions
