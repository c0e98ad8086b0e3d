// Periods in the server's time zones, by the zone's name.
//
// The latest answers are remembered, since those who count ask the same again and again and a period is long: 20 ns, and
// half a microsecond for another one.
#pragma once

#include "core/periods.hpp"
#include "pg/prelude.hpp"

namespace pg {

// core::periods::bounds_of and anchored; a time that is out of range is 22008, a zone that is unknown 22023.
core::periods::Bounds period_at(core::periods::Period period, const std::string& zone, std::int64_t time);
core::periods::Bounds anchored_at(std::int64_t anchor, const std::string& zone, std::int64_t time);

// Whether a zone is known, which for those of the latest answers takes a comparison.
bool knows_zone(const std::string& zone);

// core::periods::month_name, likewise.
std::string month_name_at(const std::string& zone, std::int64_t time);

}  // namespace pg
