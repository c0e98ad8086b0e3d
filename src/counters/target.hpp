// What a table and its columns must be like for a counter, with one clear refusal for each fault.
#pragma once

#include <optional>
#include <string>

#include "pg/relation.hpp"

namespace counters {

// A table locked against writers, and against those who count. Its owner is asked for before the lock, or anybody could
// stop a table's writers by waiting for it, and again under the lock, as the owner may have changed during the wait.
class LockedTable : public pg::OpenRelation {
 public:
  LockedTable(Oid table, const char* command, LOCKMODE lock = ShareRowExclusiveLock);

 private:
  static Oid owned(Oid table, const char* command);
};

void require_countable(const pg::OpenRelation& table);

struct KeyColumn {
  std::string name;
  Oid type;  // a domain's base type
};
KeyColumn require_key(const pg::OpenRelation& table);

// The column that shows the count, and the one that shows the time of the last hit.
void require_count_column(const pg::OpenRelation& table, const std::string& name, const std::string& key);
void require_last_column(const pg::OpenRelation& table, const std::string& name);

}  // namespace counters
