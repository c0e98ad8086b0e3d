#include "core/calendar.hpp"

#include <chrono>

namespace core {
namespace {

// After 400 years everything repeats, so that the standard library's years, which are few, are enough.
constexpr std::int64_t days_of_cycle = 146'097;
constexpr std::int64_t months_of_cycle = 4'800;

using std::chrono::sys_days;
constexpr std::chrono::year first_year{2000};
constexpr sys_days first_day{first_year / 1 / 1};

}  // namespace

Date date_of(std::int64_t day) noexcept {
  const std::chrono::days in_cycle{floor_mod(day, days_of_cycle)};
  const std::chrono::year_month_day date{first_day + in_cycle};
  const std::int64_t month =
      (date.year() - first_year).count() * 12 + (date.month() - std::chrono::January).count();
  return {floor_div(day, days_of_cycle) * months_of_cycle + month, unsigned{date.day()} - std::int64_t{1}};
}

std::int64_t first_day_of(std::int64_t month) noexcept {
  const auto in_cycle = static_cast<int>(floor_mod(month, months_of_cycle));
  const sys_days day{first_year / 1 / 1 + std::chrono::months{in_cycle}};
  return floor_div(month, months_of_cycle) * days_of_cycle + (day - first_day).count();
}

}  // namespace core
