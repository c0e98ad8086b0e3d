#include "limits/period.hpp"

#include "core/calendar.hpp"
#include "pg/period.hpp"
#include "pg/zone.hpp"

namespace limits {

namespace {

core::periods::Unit unit_of(Every period) {
  using core::periods::Unit;
  switch (period) {
    case Every::hour:
      return Unit::hour;
    case Every::day:
      return Unit::day;
    case Every::week:
      return Unit::week;
    case Every::year:
      return Unit::year;
    default:  // also months from an anchor where there is none
      return Unit::month;
  }
}

}  // namespace

Bounds period_at(Every period, const std::string& zone, std::optional<std::int64_t> anchor,
                 std::int64_t time) {
  const core::periods::Bounds bounds = period == Every::anchored && anchor
                                           ? pg::anchored_at(*anchor, zone, time)
                                           : pg::period_at({unit_of(period)}, zone, time);
  return {bounds.start, bounds.end};
}

std::int64_t number_of_period(Every period, const std::string& zone, std::int64_t start) {
  if (period == Every::hour) return start;
  const std::int64_t day = core::floor_div(pg::Zone{zone}.local(start), core::microseconds_per_day);
  const std::int64_t first = period == Every::anchored ? core::first_day_of(core::date_of(day).month) : day;
  return first * core::microseconds_per_day;
}

std::string month_of(const std::string& zone, std::int64_t time) { return pg::month_name_at(zone, time); }

}  // namespace limits
