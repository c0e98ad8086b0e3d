// The row of the counted table that a key means, whatever the caller may see of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "counters/counter.hpp"

namespace counters {

enum class RowLock { none, key_share, no_key_update };

struct TableRow {
  std::int64_t value;  // of the counted column; 0 for NULL
  bool own;            // this transaction has inserted or changed it
};

// Nothing when there is no such row. With a lock the row cannot be deleted, nor its key changed, until this transaction ends;
// no_key_update also waits for others that have it.
std::optional<TableRow> find_row(const Counter& counter, const std::string& key, RowLock lock);

// The same, where the row must be: raises QN003.
TableRow require_row(const Counter& counter, const std::string& key, RowLock lock);
[[noreturn]] void refuse_row(const Counter& counter, const std::string& key);

}  // namespace counters
