// Writing counts into the tables that show them.
#pragma once

#include "counters/counter.hpp"

namespace counters {

// Writes all counts that the table has yet to be told, in the current transaction, waiting for locked rows.
void fold_now(const Counter& counter);

}  // namespace counters
