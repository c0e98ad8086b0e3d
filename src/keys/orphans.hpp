// What was left behind while no trigger tied it to its table.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "keys/target.hpp"

namespace keys {

struct Kept {
  const char* what;  // "their counts"
  // Keys in order for which something is kept, behind one of them; none at the end.
  std::function<std::vector<std::string>(const std::optional<std::string>& last)> keys_behind;
  std::function<void(const std::string& key)> drop;
};

// Drops what is kept for rows that do not exist. Raises 55000 where row level security hides rows from the table's owner.
void drop_orphans(Oid table, const KeyColumn& key, const Kept& kept);

// Those of some keys, at most so many at once, that no row of the table has now.
std::vector<std::string> without_row(Oid table, const KeyColumn& key, const std::vector<std::string>& keys);

// How many keys are looked up at once.
inline constexpr int keys_at_once = 1000;

}  // namespace keys
