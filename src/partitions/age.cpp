#include "partitions/age.hpp"

#include <algorithm>

#include "settings.hpp"

namespace partitions {

namespace {

// What a clock shows so long after, 22008 where it cannot.
std::int64_t local_after(std::int64_t local, const pg::Period& period) {
  return DatumGetInt64(pg::call(::DirectFunctionCall2Coll, ::timestamp_pl_interval, Oid{InvalidOid},
                                Int64GetDatum(local), pg::Type<pg::Period>::to(period)));
}

[[noreturn]] void refuse_time() {
  throw pg::Error{ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range"};
}

// Months and days go by the zone's clock, hours and what is shorter by time that passes.
std::int64_t time_after(const pg::Zone& zone, std::int64_t time, const pg::Period& period) {
  const std::int64_t local = local_after(zone.local(time), {0, period.days, period.months});
  std::int64_t after = 0;
  const std::optional<std::int64_t> day = zone.first_showing(local);
  if (!day || __builtin_add_overflow(*day, period.microseconds, &after) || !core::exists(after))
    refuse_time();
  return after;
}

pg::Period negative(const pg::Period& period) { return {-period.microseconds, -period.days, -period.months}; }

}  // namespace

std::optional<std::int64_t> cutoff_of(const Set& set) {
  if (!set.key.is_time() || !set.options.retention) return std::nullopt;
  const pg::Period back = negative(*set.options.retention);
  return set.key.has_zone() ? time_after(pg::Zone{set.options.time_zone}, set.present(), back)
                            : local_after(set.present(), back);
}

std::int64_t oldest_wanted(const Set& set) {
  const std::int64_t since = set.options.since.microseconds;
  const std::int64_t wanted = set.key.has_zone() ? since : pg::Zone{set.options.time_zone}.local(since);
  return std::max(wanted, cutoff_of(set).value_or(core::ladder::lowest));
}

pg::Timestamp kept_until(const Set& set) {
  return {time_after(pg::Zone{set.options.time_zone}, settings::now(), set.options.keep_detached)};
}

pg::Timestamp time_of(const Set& set, std::int64_t value) {
  if (set.key.has_zone()) return {value};
  const std::optional<std::int64_t> time = pg::Zone{set.options.time_zone}.first_showing(value);
  if (!time) refuse_time();
  return {*time};
}

}  // namespace partitions
