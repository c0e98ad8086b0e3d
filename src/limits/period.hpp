// When a meter's period begins and ends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "limits/catalogue.hpp"

namespace limits {

struct Bounds {
  std::int64_t start, end;  // microseconds as the server counts them
};

// The period that a time is in, in a zone. `anchor` is for Every::anchored: months from there, the 31st being the last day of
// shorter months, counted from the anchor and never cumulatively; without an anchor they are calendar months.
// Raises 22023 for an unknown zone.
Bounds period_at(Every period, const std::string& zone, std::optional<std::int64_t> anchor,
                 std::int64_t time);

// The number of the period that begins at a time: its date in the zone, for months from an anchor that of the month which they begin
// in. So it is the same period for who changes the zone or the anchor, and not another allowance. Hours have no date: it is their start.
std::int64_t number_of_period(Every period, const std::string& zone, std::int64_t start);

// YYYY-MM of a time in a zone.
std::string month_of(const std::string& zone, std::int64_t time);

}  // namespace limits
