// Declaring that a table's partitions are made and retired.
#pragma once

#include "partitions/set.hpp"

namespace partitions {

// What is asked for; what is not given stays as it is, or is as manage_partitions() says.
struct Wanted {
  std::optional<pg::Period> every{};
  std::optional<std::int32_t> premake{};
  std::optional<pg::Period> retention{};                            // of 0: none
  std::optional<std::string> retention_action{}, archive_schema{};  // an empty one: none
  std::optional<std::int64_t> key_step{};
  std::optional<pg::Timestamp> since{};
  std::optional<std::string> time_zone{};
  std::optional<bool> default_partition{};
  std::optional<pg::Period> keep_detached{}, lock_budget{};
  bool makes_partitions = true;  // those that are missing, at once
};

// As the current user, who owns the table.
void manage(Oid table, const Wanted& wanted);

}  // namespace partitions
