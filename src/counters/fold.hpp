// Writing counts into their tables; README.md says in which transactions and why.
#pragma once

#include "counters/counter.hpp"

namespace counters {

// Writes all counts of a counter into its table in the current transaction, its own pending ones included, for
// drop_counter. The caller holds a lock on the table that keeps everybody else from writing it.
void fold_now(const Counter& counter);

}  // namespace counters
