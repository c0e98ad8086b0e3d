// Counting rows one by one, at little more than an addition each: while a statement goes on with the same subject, more is held than is
// needed yet, and what was not needed is let go when the statement ends.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "limits/catalogue.hpp"

namespace limits {

// A row comes to count n for a subject; raises when that is more than may be had.
void count_row(const std::shared_ptr<const Meter>& meter, std::string_view subject, std::int64_t n);

// A row of what is standing ceases to count.
void uncount_row(const Meter& meter, std::string_view subject, std::int64_t n);

// Lets go what is held and was not needed: when a statement ends, a savepoint begins, or anybody asks what is left.
void end_run();
// Forgets the run, since what it held is given back as a whole.
void abandon_run() noexcept;

}  // namespace limits
