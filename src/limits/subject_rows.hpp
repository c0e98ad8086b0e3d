// What is kept for subjects: it goes with their rows, and follows their keys.
#pragma once

#include <optional>
#include <string>

#include "limits/catalogue.hpp"

namespace limits {

// Deletes the usage, overrides and extras of a subject, or of all subjects of a table.
void drop_subject(Oid table, const std::optional<std::string>& subject);

// Gives them another key. What was left behind there goes.
void move_subject(Oid table, const std::string& from, const std::string& to);

// Waits for all transactions that hold something, of whatever meter, and keeps others from doing so until this one ends: whoever
// holds has rows only when it commits.
void lock_out_holders();

// Deletes those of one meter.
void drop_rows_of(const Meter& meter);

}  // namespace limits
