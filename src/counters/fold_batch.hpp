// The parts of a fold that are one transaction each. The caller makes them, and commits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "counters/cells.hpp"
#include "counters/counter.hpp"

namespace counters {

using Keys = std::vector<std::string>;

// The counter of that number if it is bound to the relation, which is locked as a writer does until the transaction ends;
// nothing if it is not, or the relation is gone. Waits for the lock for a short time only.
std::shared_ptr<const Counter> bound_counter(std::int32_t id, Oid relation);

struct Folded {
  std::vector<FoldedRow> rows;  // what the table holds now, to be marked once this is committed
  bool keeps_last = false;
  Keys missing;    // no row was found
  Keys unwilling;  // the table's own triggers kept another count
};

// Writes the counts of cells into the table where it does not hold them, except into rows that somebody has locked.
Folded fold_batch(const Counter& counter, const Keys& keys);

// Marks cells folded, in a transaction after that which wrote the table.
void mark_batch(std::int32_t counter, const Folded& folded);

// Removes cells whose rows are still missing once nobody else writes the table.
void drop_missing(std::int32_t id, Oid relation, const Keys& keys);

}  // namespace counters
