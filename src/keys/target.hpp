// What a table must be like for its rows to be known by a key, with one clear refusal for each fault.
#pragma once

#include <optional>
#include <string>

#include "pg/relation.hpp"

namespace keys {

// A table locked against writers. Its owner is asked for before the lock, or anybody could stop a table's writers by waiting
// for it, and again under the lock, as the owner may have changed during the wait.
class LockedTable : public pg::OpenRelation {
 public:
  LockedTable(Oid table, const char* command, LOCKMODE lock = ShareRowExclusiveLock);

 private:
  static Oid owned(Oid table, const char* command);
};

// The words of the feature that refuses.
struct Words {
  const char* cannot;    // "cannot count for table"
  const char* instead;   // "Count for the partitioned table"
  const char* by_a_key;  // "A count belongs to a row by"
  const char* one;       // of what there must be one for each row: "count"
  const char* many;      // "counts"
  const char* rows;      // "Counted rows"
};

void require_table(const pg::OpenRelation& table, const Words& words);

struct KeyColumn {
  std::string name;
  Oid type;  // a domain's base type
};
// The column of the primary key, or the one of that name, which is as good as one.
KeyColumn require_key(const pg::OpenRelation& table, const Words& words);
KeyColumn require_key(const pg::OpenRelation& table, const Words& words, const std::string& name);

// The rest is for features to judge further columns with.
const FormData_pg_attribute& attribute(const pg::OpenRelation& table, AttrNumber number);

[[noreturn]] void refuse_column(const pg::OpenRelation& table, const std::string& name, int sqlstate,
                                std::string message, std::string detail);
// 42804, with what the column should be.
[[noreturn]] void refuse_type(const pg::OpenRelation& table, const FormData_pg_attribute& column,
                              std::string detail);

}  // namespace keys
