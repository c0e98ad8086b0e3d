#include "pg/zone.hpp"

#include "core/calendar.hpp"

extern "C" {
#include "parser/scansup.h"
#include "pgtime.h"
#include "utils/datetime.h"
}

namespace pg {

namespace {

// The server's zones count seconds since 1970.
constexpr std::int64_t year_2000 = std::int64_t{POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE} *
                                   (core::microseconds_per_day / core::microseconds_per_second);

// As timestamptz_zone() does it. Null for what is no zone.
pg_tz* find(const std::string& name) {
  char* const lower =
      call(::downcase_truncate_identifier, name.c_str(), static_cast<int>(name.size()), false);
  int type = 0, offset = 0;
  pg_tz* zone = nullptr;
#if PG_VERSION_NUM >= 160000
  DateTimeErrorExtra extra;
  if (call(::DecodeTimezoneAbbrev, 0, static_cast<const char*>(lower), &type, &offset, &zone, &extra) != 0)
    type = UNKNOWN_FIELD;
#else
  type = call(::DecodeTimezoneAbbrev, 0, lower, &offset, &zone);
#endif
  ::pfree(lower);
  if (type == TZ || type == DTZ) return call(::pg_tzset_offset, -static_cast<long>(offset));
  return type == DYNTZ ? zone : call(::pg_tzset, name.c_str());
}

pg_tz* require(const std::string& name) {
  if (pg_tz* const zone = find(name)) return zone;
  throw Error{ERRCODE_INVALID_PARAMETER_VALUE, fmt::format("time zone \"{}\" not recognized", name)};
}

}  // namespace

Zone::Zone(const std::string& name) : zone_{require(name)} {}

bool is_zone(const std::string& name) { return find(name) != nullptr; }

core::Zone::Stretch Zone::stretch_at(std::int64_t time) const {
  const pg_time_t second = core::floor_div(time, core::microseconds_per_second) + year_2000;
  pg_time_t boundary = 0;
  long offset = 0, next_offset = 0;
  int summer = 0, next_summer = 0;
  // Raises nothing.
  const auto find_boundary = [&](pg_time_t from) {
    return ::pg_next_dst_boundary(&from, &offset, &summer, &boundary, &next_offset, &next_summer, zone_) == 1;
  };
  // At the last change of its table, centuries ahead, and only then, the server sees none of those that follow by rule.
  std::int64_t end = core::never;
  if ((find_boundary(second) || find_boundary(second + 1)) &&
      __builtin_mul_overflow(boundary - year_2000, core::microseconds_per_second, &end))
    end = core::never;
  return {static_cast<std::int32_t>(offset), end};
}

}  // namespace pg
