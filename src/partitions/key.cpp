#include "partitions/key.hpp"

#include <array>

#include "core/calendar.hpp"
#include "core/json.hpp"

namespace partitions {

namespace {

using core::microseconds_per_day;
using core::ladder::highest;
using core::ladder::lowest;

// UUIDv7 counts milliseconds since 1970.
constexpr std::int64_t year_2000 =
    std::int64_t{POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE} * microseconds_per_day;
constexpr std::int64_t microseconds_per_millisecond = 1000;

std::int64_t time_of(const pg::Uuid& uuid) {
  std::int64_t milliseconds = 0;
  for (std::size_t i = 0; i < 6; ++i) milliseconds = milliseconds * 256 + uuid.bytes[i];
  return milliseconds * microseconds_per_millisecond - year_2000;
}

// The first of a millisecond: all that follows the time is 0, which is no UUIDv7 itself and before all that are.
std::string uuid_text(std::int64_t time) {
  const std::int64_t milliseconds =
      std::max(std::int64_t{0}, (time + year_2000) / microseconds_per_millisecond);
  return fmt::format("{:08x}-{:04x}-0000-0000-000000000000", milliseconds >> 16, milliseconds & 0xFFFF);
}

std::int64_t bound_number(const Key& key, const pg::PartitionBound& bound) {
  using Kind = pg::PartitionBound::Kind;
  if (bound.kind == Kind::value) return number_of(key, bound.value);
  return bound.kind == Kind::lowest ? lowest : highest;
}

}  // namespace

std::optional<KeyKind> kind_of(Oid type) {
  switch (type) {
    case TIMESTAMPTZOID:
      return KeyKind::timestamptz;
    case TIMESTAMPOID:
      return KeyKind::timestamp;
    case DATEOID:
      return KeyKind::date;
    case INT4OID:
    case INT8OID:
      return KeyKind::number;
    case UUIDOID:
      return KeyKind::uuid;
    default:
      return std::nullopt;
  }
}

std::int64_t number_of(const Key& key, Datum value) {
  switch (key.kind) {
    case KeyKind::date:
      return pg::date_number(value);
    case KeyKind::uuid:
      return time_of(pg::Type<pg::Uuid>::from(value));
    default:
      return key.type == INT4OID ? DatumGetInt32(value) : DatumGetInt64(value);
  }
}

core::ladder::Range range_of(const Key& key, const pg::Partition& partition) {
  return {bound_number(key, partition.from), bound_number(key, partition.to)};
}

std::string bound_text(const Key& key, std::int64_t bound) {
  if (bound == lowest) return "MINVALUE";
  if (bound == highest) return "MAXVALUE";
  return fmt::format("'{}'", value_text(key, bound));
}

std::string value_text(const Key& key, std::int64_t value) {
  switch (key.kind) {
    case KeyKind::timestamptz:
      return core::iso_time(value);
    case KeyKind::timestamp:
    case KeyKind::date: {
      std::string text = core::iso_time(value);
      text.pop_back();  // the Z
      return text;
    }
    case KeyKind::uuid:
      return uuid_text(value);
    default:
      return fmt::format("{}", value);
  }
}

std::string selected(const Key& key) {
  const std::string column = pg::quoted_identifier(key.column);
  if (key.kind == KeyKind::date) return column + "::pg_catalog.timestamp";
  if (key.kind == KeyKind::number) return column + "::pg_catalog.int8";
  return column;
}

std::int64_t selected_value(const Key& key, const pg::Spi& spi, std::uint64_t row, int column) {
  if (key.kind == KeyKind::uuid) return time_of(spi.value<pg::Uuid>(row, column));
  if (key.kind == KeyKind::number) return spi.value<std::int64_t>(row, column);
  return spi.value<pg::Timestamp>(row, column).microseconds;
}

std::int64_t bound_of(const Key& key, const std::string& text) {
  if (text == "MINVALUE") return lowest;
  if (text == "MAXVALUE") return highest;
  pg::Spi spi;
  spi.run(fmt::format("SELECT {} FROM (SELECT {}::{} AS {}) AS bound", selected(key), text,
                      pg::call(::format_type_be_qualified, key.type), pg::quoted_identifier(key.column)));
  return selected_value(key, spi, 0, 1);
}

core::ladder::Range limits_of(const Key& key) {
  if (key.type == INT4OID) return {PG_INT32_MIN, PG_INT32_MAX};
  return {lowest, highest};
}

std::string condition_of(const Key& key, const core::ladder::Range& range) {
  const core::ladder::Range limits = limits_of(key);
  if (range.from > limits.to || range.to <= limits.from) return "false";
  const std::string column = pg::quoted_identifier(key.column);
  std::string condition = column + " IS NOT NULL";
  if (range.from > limits.from)
    condition += fmt::format(" AND {} OPERATOR(pg_catalog.>=) {}", column, bound_text(key, range.from));
  if (range.to <= limits.to && range.to != highest)
    condition += fmt::format(" AND {} OPERATOR(pg_catalog.<) {}", column, bound_text(key, range.to));
  return condition;
}

}  // namespace partitions
