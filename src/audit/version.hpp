// What a table was called and which columns it had, and what has become of its rows from one to the next.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pg/jsonb.hpp"
#include "pg/relation.hpp"

namespace audit {

struct Version {
  std::string schema, name;
  std::vector<std::string> columns;
  std::vector<std::int16_t> numbers;  // of the columns

  bool is_of(const Version& other) const {
    return schema == other.schema && name == other.name && columns == other.columns &&
           numbers == other.numbers;
  }
};

// By the catalog, without a lock: who writes a partition by its own name has none on the table above.
Version present_version(Oid table);

// The log's last word.
std::optional<Version> last_version(std::int32_t number);

void insert_version(std::int32_t number, const Version& version, const std::string& changes);

// As JSON. What rows have in a new column is asked of the tables in turn, and of their partitions.
std::string changes_since(const Version& last, const Version& present, const std::vector<Oid>& tables,
                          bool altered);

// What became of all rows of a table at once.
struct Alteration {
  std::int64_t from_id;
  pg::Timestamp at;
  std::vector<std::string> dropped;
  std::vector<std::pair<std::string, std::string>> renamed;
  std::vector<pg::Member> added;
};

// In order.
std::vector<Alteration> alterations_of(std::int32_t number);

}  // namespace audit
