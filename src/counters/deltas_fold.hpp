// Mode row: adding deltas up to cells.
#pragma once

namespace counters {

// Adds all deltas of all counters to their cells, in the current transaction, with the tables locked against everybody.
void merge_deltas();

}  // namespace counters
