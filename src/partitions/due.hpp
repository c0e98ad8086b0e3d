// What is due of a set. The plan shows it, maintenance does it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "partitions/set.hpp"

namespace partitions {

// As many as one call may make.
inline constexpr std::int32_t most_premade = 10'000;

struct Due {
  // Of what is held the plan tells, and maintenance leaves it.
  enum class Action { create_default, create, move, detach, drop, held } action;
  std::string partition_name;
  std::optional<Oid> partition{};  // one that is there
  core::ladder::Range range{core::ladder::lowest, core::ladder::highest};
  std::optional<std::string> lower_bound{}, upper_bound{};  // as SQL
  std::string statement{}, reason{};
};

// In the order in which it is to be done.
std::vector<Due> due_of(const Set& set);

// Without what is due for its age.
std::vector<Due> missing_of(const Set& set);

const char* name_of(Due::Action action);

}  // namespace partitions
