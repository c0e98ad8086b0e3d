// A module that only this suite loads: the arithmetic of periods on the server's own time zones.
#include "core/periods.hpp"
#include "pg/function.hpp"
#include "pg/zone.hpp"

extern "C" {
PG_MODULE_MAGIC;
}

namespace {

core::periods::Period period_of(const pg::Period& length) {
  using core::periods::Unit;
  if (length.months % 12 == 0 && length.months != 0) return {Unit::year, length.months / 12};
  if (length.months != 0) return {Unit::month, length.months};
  if (length.days % 7 == 0 && length.days != 0) return {Unit::week, length.days / 7};
  if (length.days != 0) return {Unit::day, length.days};
  return {Unit::hour, static_cast<std::int32_t>(length.microseconds / core::microseconds_per_hour)};
}

std::optional<pg::Timestamp> timestamp(const std::optional<std::int64_t>& time) {
  return time ? std::optional{pg::Timestamp{*time}} : std::nullopt;
}

}  // namespace

namespace sql {

std::optional<pg::Timestamp> start_of(const pg::Period& length, const std::string& zone, pg::Timestamp time) {
  return timestamp(core::periods::start_of(period_of(length), pg::Zone{zone}, time.microseconds));
}

std::optional<pg::Timestamp> next_of(const pg::Period& length, const std::string& zone, pg::Timestamp time) {
  return timestamp(core::periods::next(period_of(length), pg::Zone{zone}, time.microseconds));
}

std::string month_name(const std::string& zone, pg::Timestamp time) {
  return core::periods::month_name(pg::Zone{zone}, time.microseconds);
}

}  // namespace sql

PG_SQL_FUNCTION(start_of);
PG_SQL_FUNCTION(next_of);
PG_SQL_FUNCTION(month_name);
