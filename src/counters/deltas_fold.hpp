// Mode row: what transactions have counted is added up in the cells.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "counters/counter.hpp"

namespace counters {

// Adds up the deltas of the next keys after a key, in the current transaction, and gives the last of these keys; nothing
// when there were none. Deltas of rows that somebody is deleting are left for another time.
std::optional<std::string> merge_next(const Counter& counter, const std::optional<std::string>& after);

// Adds up all deltas of a counter in the current transaction, while nobody else can write deltas and cells.
void merge_deltas(const Counter& counter);

// The same for all counters, when the mode changes. Those that are bound to no table lose theirs.
void merge_deltas();

}  // namespace counters
