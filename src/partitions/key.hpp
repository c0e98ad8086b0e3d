// The values of a partition key, as numbers inside and as SQL outside.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/ladder.hpp"
#include "pg/partition.hpp"
#include "pg/spi.hpp"

namespace partitions {

// What a key's values are; times without a zone are those of a clock that the set's zone sets.
enum class KeyKind { timestamptz, timestamp, date, number, uuid };

struct Key {
  std::string column;
  Oid type;
  KeyKind kind;

  bool is_time() const noexcept { return kind != KeyKind::number; }
  bool has_zone() const noexcept { return kind == KeyKind::timestamptz || kind == KeyKind::uuid; }
};

// Nothing for a type that no set can have.
std::optional<KeyKind> kind_of(Oid type);

// Microseconds since 2000 for times, of UUIDv7 those of their first 48 bits; else the number itself.
std::int64_t number_of(const Key& key, Datum value);
core::ladder::Range range_of(const Key& key, const pg::Partition& partition);

// The bound as SQL wants it in FOR VALUES; and a value as the type's input wants it.
std::string bound_text(const Key& key, std::int64_t bound);
// What that text says.
std::int64_t bound_of(const Key& key, const std::string& text);
std::string value_text(const Key& key, std::int64_t value);

// The key's column in a query, and its value in the result.
std::string selected(const Key& key);
std::int64_t selected_value(const Key& key, const pg::Spi& spi, std::uint64_t row, int column);

// Between which values bounds can lie.
core::ladder::Range limits_of(const Key& key);

// The condition that a row is in a range. Infinite ends are left out.
std::string condition_of(const Key& key, const core::ladder::Range& range);

}  // namespace partitions
