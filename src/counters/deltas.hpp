// Mode row: what transactions have counted, as ordinary rows.
#pragma once

#include <cstdint>
#include <string>

#include "counters/pending.hpp"

namespace counters {

// Writes what this transaction has counted of a row.
void insert_delta(const Counted& row, const Change& change);

// The committed count of a row (its cell, or else what its column says, and its deltas) in one snapshot.
std::int64_t count_with_deltas(std::int32_t counter, const std::string& key, std::int64_t column);

// Deletes the deltas of a counter, or of one key of it.
void drop_deltas(std::int32_t counter, const std::string* key);

// Gives the deltas of a key another one, with writers locked out.
void lock_out_delta_writers();
void move_deltas(std::int32_t counter, const std::string& from, const std::string& to);

}  // namespace counters
