// The changes of a row as the log has them, read with the caller's own rights.
#pragma once

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audit/keyed.hpp"
#include "pg/kept_query.hpp"

namespace audit {

using Values = std::map<std::string, pg::Json>;

struct Entry {
  enum class Action { create, update, remove };

  std::int64_t id;
  pg::Timestamp at;
  std::int64_t tx;
  std::int32_t seq;
  Action action;
  std::vector<std::string> changed;
  Values old_values, new_values;

  bool is_whole() const { return action != Action::update || new_values.size() > changed.size(); }
};

// Up to which record, and which time.
struct Bound {
  std::int64_t id = std::numeric_limits<std::int64_t>::max();
  pg::Timestamp at{std::numeric_limits<std::int64_t>::max()};
};

// Of a query whose columns from the first on are id, at, tx, seq, action, changed, old_values, new_values.
Entry read_entry(const pg::Spi& spi, std::uint64_t row, int first_column);

// The number of the last entry of a key; 0 where there is none.
std::int64_t last_entry(const pg::Spi& spi, std::int32_t number, const RowKey& key, Bound bound);

// Some entries of a key: those up to a number, latest first; those after one, in order.
std::vector<Entry> entries_back(const pg::Spi& spi, std::int32_t number, const RowKey& key,
                                std::int64_t last);
std::vector<Entry> entries_on(const pg::Spi& spi, std::int32_t number, const RowKey& key, std::int64_t after);

// The last truncation of the table, 0 for none; the first after a number.
std::int64_t last_truncate(const pg::Spi& spi, std::int32_t number, Bound bound);
std::int64_t next_truncate(const pg::Spi& spi, std::int32_t number, std::int64_t after);

// What became of a key with an entry: the row came by it from another key, or went by it to another.
struct Move {
  std::optional<RowKey> from, to;
};
Move move_of(const KeyedTable& table, const RowKey& key, const Entry& entry);

}  // namespace audit
