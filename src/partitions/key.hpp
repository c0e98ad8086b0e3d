// The values of a partition key, as numbers inside and as SQL outside.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/ladder.hpp"
#include "pg/partition.hpp"

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

// The bound as SQL wants it in FOR VALUES.
std::string bound_text(const Key& key, std::int64_t bound);

}  // namespace partitions
