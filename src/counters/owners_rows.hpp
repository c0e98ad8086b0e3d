// The rows of a counted table, read and written as its owner.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "counters/counter.hpp"
#include "pg/datum.hpp"

namespace counters {

struct OwnersRow {
  std::string key;
  std::optional<std::int64_t> value;
  std::optional<pg::Timestamp> last;
};

// The rows with these keys, as they are committed now or by this transaction.
std::vector<OwnersRow> read_rows(const Counter& counter, const std::vector<std::string>& keys);

// The same, each locked until the transaction ends: against being deleted, or against being written. Rows that others
// have locked are left out, or waited for.
enum class Against { deleting, writing };
enum class Locked { left_out, waited_for };
std::vector<OwnersRow> lock_rows(const Counter& counter, const std::vector<std::string>& keys,
                                 Against against, Locked locked);

// Writes counts, and times of the last hit where the counter has them and they are not NULL. Gives the rows as they are
// stored now, which the table's triggers have had their say in.
struct NewCounts {
  std::vector<std::string> keys;
  std::vector<std::int64_t> values;
  std::vector<std::optional<pg::Timestamp>> lasts;
};
std::vector<OwnersRow> write_rows(const Counter& counter, const NewCounts& counts);

}  // namespace counters
