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

// YYYY-MM of a time in a zone.
std::string month_of(const std::string& zone, std::int64_t time);

}  // namespace limits
