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

#if PG_VERSION_NUM >= 160000
pg_tz* find(const std::string& name) { return call(::DecodeTimezoneNameToTz, name.c_str()); }
#else
// As timestamptz_zone() does it.
pg_tz* find(const std::string& name) {
  char* const lower =
      call(::downcase_truncate_identifier, name.c_str(), static_cast<int>(name.size()), false);
  int offset = 0;
  pg_tz* zone = nullptr;
  const int type = call(::DecodeTimezoneAbbrev, 0, lower, &offset, &zone);
  ::pfree(lower);
  if (type == TZ || type == DTZ) return call(::pg_tzset_offset, -static_cast<long>(offset));
  if (type != DYNTZ) zone = call(::pg_tzset, name.c_str());
  if (zone == nullptr)
    throw Error{ERRCODE_INVALID_PARAMETER_VALUE, fmt::format("time zone \"{}\" not recognized", name)};
  return zone;
}
#endif

}  // namespace

Zone::Zone(const std::string& name) : zone_{find(name)} {}

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
