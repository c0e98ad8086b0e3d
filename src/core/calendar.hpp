// The Gregorian calendar, without end in either direction.
//
// Contract
// - Days are counted from 2000-01-01, months from January 2000; both are 0 there and negative before.
// - Any month within 100 million years of 2000, and any day of one.
#pragma once

#include <cstdint>

namespace core {

// Division that rounds down, also below zero.
constexpr std::int64_t floor_div(std::int64_t value, std::int64_t by) noexcept {
  return value / by - (value % by < 0);
}
constexpr std::int64_t floor_mod(std::int64_t value, std::int64_t by) noexcept {
  return value - floor_div(value, by) * by;
}

struct Date {
  std::int64_t month;
  std::int64_t day;  // of the month, from 0
};
Date date_of(std::int64_t day) noexcept;

std::int64_t first_day_of(std::int64_t month) noexcept;

inline std::int64_t year_of(std::int64_t month) noexcept { return 2000 + floor_div(month, 12); }

}  // namespace core
