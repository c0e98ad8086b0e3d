// What a table and its columns must be like for a counter.
#pragma once

#include <string>

#include "keys/target.hpp"

namespace counters {

using keys::KeyColumn;
using keys::LockedTable;

void require_countable(const pg::OpenRelation& table);
KeyColumn require_key(const pg::OpenRelation& table);

// The column that shows the count, and the one that shows the time of the last hit.
void require_count_column(const pg::OpenRelation& table, const std::string& name, const std::string& key);
void require_last_column(const pg::OpenRelation& table, const std::string& name);

}  // namespace counters
