// Periods of time in a zone: hours, days, weeks from Monday, months, years, multiples of them, and months from an anchor.
//
// Contract
// - Periods follow each other without gap or overlap: start <= time < end, start_of(start) == start, and next(start) is
//   later than start. So it is with every zone, also where the clock leaves midnight out or shows it twice.
// - Days and longer: a period begins when the zone's clock first shows its beginning or a later time (Zone::first_showing).
//   A day that the clock leaves out is no period. What it shows again after a period has ended belongs to the next: there
//   is no way back.
// - Hours are hours that pass: one begins with each full hour of the clock, and when the clock is moved by what is no full
//   hour (those on both sides are then shorter). An hour that is shown twice is two.
// - Multiples are counted from 2000-01-01 00:00, weeks from Monday, 2000-01-03; hours from 2000-01-01 00:00 UTC, as far as
//   the zone's full hours are UTC's.
// - Nothing where a time, or the answer, is none that exists. A count below 1 is std::invalid_argument.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/zone.hpp"

namespace core::periods {

enum class Unit { hour, day, week, month, year };

struct Period {
  Unit unit;
  std::int32_t count = 1;

  bool operator==(const Period&) const = default;
};

struct Bounds {
  std::int64_t start, end;  // the end is the start of the next

  bool operator==(const Bounds&) const = default;
};

// The start of the period that a time is in.
std::optional<std::int64_t> start_of(Period period, const Zone& zone, std::int64_t time);

// The start of the period after the one that a time, usually a start, is in.
std::optional<std::int64_t> next(Period period, const Zone& zone, std::int64_t time);

// Both.
std::optional<Bounds> bounds_of(Period period, const Zone& zone, std::int64_t time);

// The month from an anchor that a time is in. The one numbered k begins k months after the anchor, at its local time of
// day; on the last day where a month has no such day. Each is counted from the anchor: January 31 is followed by
// February 28, then March 31.
std::optional<Bounds> anchored(std::int64_t anchor, const Zone& zone, std::int64_t time);

// YYYY-MM of the month that a time that exists is in; years are astronomical, 0000 being 1 BC.
std::string month_name(const Zone& zone, std::int64_t time);

}  // namespace core::periods
