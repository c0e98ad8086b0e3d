// The cells of counters: reading and writing single ones, beside what transactions hold back until they commit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "counters/counter.hpp"
#include "pg/datum.hpp"

namespace counters {

// The count of a row as this transaction sees it: committed, plus its own. Empty when the row does not exist.
// The caller has made sure that the user may.
std::optional<std::int64_t> current_count(const Counter& counter, const std::string& key);

// The cell's value alone, in mode inplace; empty when the row has never been counted.
std::optional<std::int64_t> cell_value(std::int32_t counter, const std::string& key);

// What this transaction has counted of a row and not committed, as the change from `committed`.
std::int64_t with_pending(std::int32_t counter, const std::string& key, std::int64_t committed);

// What this transaction has counted since the start of a bucket and not committed; empty when nothing.
std::optional<std::int64_t> pending_in_bucket(std::int32_t counter, const std::string& key,
                                              std::int64_t start);

// Removes the cells and deltas of a row, or of a whole counter, in the current transaction. What this transaction itself
// has counted of the row and not committed is forgotten with them.
void drop_cells(std::int32_t counter, const std::string& key);
void drop_cells(std::int32_t counter);

// Gives the cells and deltas of a row another key, in the current transaction. Waits for all transactions that count.
void move_cells(std::int32_t counter, const std::string& from, const std::string& to);

// What the fold has committed in the table for a row.
struct FoldedRow {
  std::string key;
  std::int64_t value;
  std::optional<pg::Timestamp> last;
};

// The row's cell is folded, unless it has changed since.
void mark_folded(std::int32_t counter, bool keeps_last, const FoldedRow& row);

// Whether this transaction holds hits back: of one counter, or of any.
bool has_pending(std::int32_t counter);
bool has_pending();

// While one of these lives, statements of our own may write the cell tables (they pass the guard).
class Unguarded {
 public:
  Unguarded() noexcept;
  Unguarded(const Unguarded&) = delete;
  Unguarded& operator=(const Unguarded&) = delete;
  ~Unguarded();

  static bool active() noexcept;
};

}  // namespace counters
