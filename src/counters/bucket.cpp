#include "counters/bucket.hpp"

#include "pg/datum.hpp"

namespace counters {

namespace {

// No zone's offset from UTC changes, and no bucket begins, between two quarters of an hour; offsets of old local times that are
// no multiple of it are told apart by the zone's own answer, which is asked once a quarter.
constexpr std::int64_t quarter = std::int64_t{15} * 60 * 1'000'000;

// The last answer: a counter's number alone may come to mean another bucket or zone.
struct Latest {
  std::int32_t counter;
  Bucket bucket;
  std::int64_t quarter, start;
};
Latest latest{};
std::string* latest_zone = nullptr;  // never freed: no global has a destructor

}  // namespace

std::int64_t bucket_start(const Counter& counter, std::int64_t time) {
  const std::int64_t of_time = time / quarter - (time < 0);
  if (latest_zone == nullptr) latest_zone = new std::string;
  if (latest.counter == counter.id && latest.bucket == counter.bucket && latest.quarter == of_time &&
      *latest_zone == counter.time_zone)
    return latest.start;
  const Datum start = pg::call(::DirectFunctionCall3Coll, ::timestamptz_trunc_zone, Oid{InvalidOid},
                               pg::Type<std::string_view>::to(bucket_name(counter.bucket)),
                               Int64GetDatum(time), pg::Type<std::string>::to(counter.time_zone));
  latest = {};
  *latest_zone = counter.time_zone;
  latest = {counter.id, counter.bucket, of_time, DatumGetInt64(start)};
  return latest.start;
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
