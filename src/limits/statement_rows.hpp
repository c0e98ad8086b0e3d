// What the rows that a statement writes come to, by meter and subject: at little more than an addition each while they are written, and
// one decision for each sum when the statement ends.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace limits {

// A row comes to count n for a subject.
void count_row(std::int32_t meter, const std::string& subject, std::int64_t n);

// A row of what is standing ceases to count.
void uncount_row(std::int32_t meter, const std::string& subject, std::int64_t n);

// Between partitions a row goes from one and comes to the other, next to each other among the rows of a statement. Where it counted
// already it does not come to count: metered_row_leaves() says that it goes, metered_row_comes_again() whether this is that one.
void metered_row_leaves(std::int32_t meter, const std::string& subject);
bool metered_row_comes_again(std::int32_t meter, const std::string& subject);
// One that does not count has come, be it that one or not; or a trigger of somebody's has kept it from coming.
void no_metered_row_comes(std::int32_t meter);

// What has been summed up for a subject and not decided yet.
std::int64_t undecided(std::int32_t meter, std::string_view subject);

// Decides what has been summed up of a meter, or of all; raises when that is more than may be had. What a statement around the
// present savepoint has summed up waits for the end of that statement.
void decide_rows(std::int32_t meter);
void decide_rows();

void savepoint_released_with_rows(int level);
void savepoint_rolled_back_with_rows(int level);
void forget_rows() noexcept;

}  // namespace limits
