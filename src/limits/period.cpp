#include "limits/period.hpp"

#include <array>
#include <string_view>

#include "core/periods.hpp"
#include "pg/zone.hpp"

namespace limits {

namespace {

namespace periods = core::periods;

// The latest answers. A use of a limit asks the same of every meter again and again, and a period is long.
struct Remembered {
  Every period = Every::none;
  bool has_anchor = false;
  std::uint8_t zone_size = 0;
  std::array<char, 50> zone = {};  // longer names are not remembered
  std::int64_t anchor = 0;
  Bounds bounds = {0, 0};

  bool is_of(Every of, std::string_view in, const std::optional<std::int64_t>& from,
             std::int64_t time) const {
    return bounds.start <= time && time < bounds.end && period == of && has_anchor == from.has_value() &&
           (!has_anchor || anchor == *from) && in == std::string_view{zone.data(), zone_size};
  }
};
std::array<Remembered, 8> remembered;
std::size_t next_remembered = 0;

void remember(Every period, std::string_view zone, const std::optional<std::int64_t>& anchor, Bounds bounds) {
  Remembered& place = remembered[next_remembered++ % remembered.size()];
  if (zone.size() > place.zone.size()) return;
  place = {period, anchor.has_value(), static_cast<std::uint8_t>(zone.size()),
           {},     anchor.value_or(0), bounds};
  zone.copy(place.zone.data(), zone.size());
}

periods::Period period_of(Every period) {
  switch (period) {
    case Every::hour:
      return {periods::Unit::hour};
    case Every::day:
      return {periods::Unit::day};
    case Every::week:
      return {periods::Unit::week};
    case Every::year:
      return {periods::Unit::year};
    default:  // also months from an anchor where there is none
      return {periods::Unit::month};
  }
}

[[noreturn]] void refuse_time() {
  throw pg::Error{ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range"};
}

[[gnu::noinline]] Bounds compute(Every period, const std::string& zone_name,
                                 const std::optional<std::int64_t>& anchor, std::int64_t time) {
  const pg::Zone zone{zone_name};
  const std::optional<periods::Bounds> bounds =
      anchor ? periods::anchored(*anchor, zone, time) : periods::bounds_of(period_of(period), zone, time);
  if (!bounds) refuse_time();
  return {bounds->start, bounds->end};
}

}  // namespace

Bounds period_at(Every period, const std::string& zone, std::optional<std::int64_t> anchor,
                 std::int64_t time) {
  if (period != Every::anchored) anchor.reset();
  for (const Remembered& one : remembered)
    if (one.is_of(period, zone, anchor, time)) return one.bounds;
  const Bounds bounds = compute(period, zone, anchor, time);
  remember(period, zone, anchor, bounds);
  return bounds;
}

std::string month_of(const std::string& zone, std::int64_t time) {
  if (!core::exists(time)) refuse_time();
  return periods::month_name(pg::Zone{zone}, time);
}

}  // namespace limits
