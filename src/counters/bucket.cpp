#include "counters/bucket.hpp"

#include "pg/period.hpp"

namespace counters {

namespace {

core::periods::Unit unit_of(Bucket bucket) {
  using core::periods::Unit;
  switch (bucket) {
    case Bucket::hour:
      return Unit::hour;
    case Bucket::day:
      return Unit::day;
    case Bucket::week:
      return Unit::week;
    default:
      return Unit::month;
  }
}

}  // namespace

std::int64_t bucket_start(const Counter& counter, std::int64_t time) {
  return pg::period_at({unit_of(counter.bucket)}, counter.time_zone, time).start;
}

const char* bucket_name(Bucket bucket) {
  switch (bucket) {
    case Bucket::hour:
      return "hour";
    case Bucket::day:
      return "day";
    case Bucket::week:
      return "week";
    case Bucket::month:
      return "month";
    default:
      return "";
  }
}

Bucket bucket_named(std::string_view name) {
  for (const Bucket bucket : {Bucket::hour, Bucket::day, Bucket::week, Bucket::month})
    if (name == bucket_name(bucket)) return bucket;
  return Bucket::none;
}

}  // namespace counters
