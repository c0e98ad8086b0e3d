#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "cells/mode.hpp"
#include "counters/bucket.hpp"
#include "counters/cells.hpp"
#include "counters/key.hpp"
#include "counters/rights.hpp"
#include "counters/scopes.hpp"
#include "counters/table_text.hpp"
#include "pg/argument.hpp"
#include "pg/cursor.hpp"
#include "pg/store.hpp"
#include "pg/transaction.hpp"
#include "settings.hpp"

namespace counters {

namespace {

constexpr long portion = 1000;

struct KeyCount {
  std::string key;
  std::int64_t value;
};

// Mode row: of some rows, the cell, or else what the column says, and the deltas, as the calling statement sees them.
void add_rows_of_mode(const Counter& counter, std::vector<KeyCount>& rows) {
  std::vector<std::string> keys;
  keys.reserve(rows.size());
  for (const KeyCount& row : rows) keys.push_back(row.key);
  std::unordered_map<std::string, std::int64_t> cells, deltas;
  const AsSteward steward;
  pg::Spi spi;
  std::uint64_t count = spi.query(
      "SELECT key, value FROM steward._counts WHERE counter OPERATOR(pg_catalog.=) $1"
      " AND key OPERATOR(pg_catalog.=) ANY ($2)",
      counter.id, keys);
  for (std::uint64_t i = 0; i < count; ++i)
    cells.emplace(spi.value<std::string>(i, 1), spi.value<std::int64_t>(i, 2));
  count = spi.query(
      "SELECT key, pg_catalog.sum(delta)::pg_catalog.int8 FROM steward._count_deltas"
      " WHERE counter OPERATOR(pg_catalog.=) $1 AND key OPERATOR(pg_catalog.=) ANY ($2) GROUP BY key",
      counter.id, keys);
  for (std::uint64_t i = 0; i < count; ++i)
    deltas.emplace(spi.value<std::string>(i, 1), spi.value<std::int64_t>(i, 2));
  for (KeyCount& row : rows) {
    if (const auto cell = cells.find(row.key); cell != cells.end()) row.value = cell->second;
    if (const auto delta = deltas.find(row.key); delta != deltas.end()) row.value += delta->second;
  }
}

// Gives every row that the caller may read, with its current count, to a function.
template <typename Take>
void for_each_count(const Counter& counter, Take&& take) {
  require_select(counter);
  pg::lock_own_relation(counts_table, AccessShareLock);  // the mode stays as it is
  const bool by_rows = cells::mode() == cells::Mode::row;
  pg::Spi spi;
  pg::Cursor cursor{fmt::format("SELECT t.{}::pg_catalog.text, t.{}::pg_catalog.int8 FROM {} AS t",
                                pg::quoted_identifier(counter.key_name), pg::quoted_identifier(counter.name),
                                table_text(counter))};
  std::vector<KeyCount> rows;
  while (const std::uint64_t count = cursor.fetch(portion)) {
    pg::check_interrupts();
    rows.clear();
    const pg::Scratch scratch;  // what one portion needs is given back before the next
    for (std::uint64_t i = 0; i < count; ++i)
      rows.push_back({spi.value<std::string>(i, 1), spi.find<std::int64_t>(i, 2).value_or(0)});
    if (by_rows) add_rows_of_mode(counter, rows);
    for (KeyCount& row : rows) {
      if (!by_rows) row.value = cell_value(counter.id, row.key).value_or(row.value);
      row.value = with_pending(counter.id, row.key, row.value);
      take(std::move(row));
    }
  }
  cursor.close();
}

// The best few of many: by count, and where these are equal by key, numbers as numbers.
class Best {
 public:
  Best(const Counter& counter, std::int32_t most)
      : most_{static_cast<std::size_t>(most)},
        numbers_{counter.key_type == INT2OID || counter.key_type == INT4OID || counter.key_type == INT8OID} {}

  // Whether a row would be among them as it stands.
  bool wants(const KeyCount& row) const { return heap_.size() < most_ || before(row, heap_.front()); }

  void add(KeyCount row) {
    const auto order = [this](const KeyCount& a, const KeyCount& b) { return before(a, b); };
    heap_.push_back(std::move(row));
    std::push_heap(heap_.begin(), heap_.end(), order);
    if (heap_.size() <= most_) return;
    std::pop_heap(heap_.begin(), heap_.end(), order);
    heap_.pop_back();
  }

  std::vector<KeyCount> sorted() && {
    std::sort(heap_.begin(), heap_.end(),
              [this](const KeyCount& a, const KeyCount& b) { return before(a, b); });
    return std::move(heap_);
  }

 private:
  bool before(const KeyCount& a, const KeyCount& b) const {
    if (a.value != b.value) return a.value > b.value;
    return numbers_ ? number(a.key) < number(b.key) : a.key < b.key;
  }
  static std::int64_t number(const std::string& key) {
    std::int64_t value = 0;
    std::from_chars(key.data(), key.data() + key.size(), value);
    return value;
  }

  std::size_t most_;
  bool numbers_;
  std::vector<KeyCount> heap_;  // the worst is at the front
};

[[noreturn]] void refuse_without_buckets(const Counter& counter) {
  throw pg::at(
      pg::Error{ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                fmt::format("counter on column \"{}\" has no buckets", counter.name)}
          .hint("steward.create_counter(..., bucket => interval '1 day') counts by day from then on."),
      counter.relation, counter.name);
}

// What was counted in buckets, with the deltas of mode row: rows of (key, start, value), which may be several for one bucket.
constexpr const char in_buckets[] =
    "SELECT key, start, pg_catalog.sum(value)::pg_catalog.int8 FROM ("
    "SELECT key, start, value FROM steward._bucket_counts WHERE counter OPERATOR(pg_catalog.=) $1{0}"
    " UNION ALL SELECT key, start, hits FROM steward._count_deltas WHERE counter OPERATOR(pg_catalog.=) $1"
    " AND start IS NOT NULL{0}) AS b GROUP BY key, start ORDER BY key, start";

bool may_read(const Counter& counter, const std::string& key) {
  pg::Spi spi;
  return spi.query(
             fmt::format("SELECT FROM {} AS t WHERE t.{} OPERATOR(pg_catalog.=) $1::{}", table_text(counter),
                         pg::quoted_identifier(counter.key_name), key_cast(counter.key_type)),
             key) > 0;
}

// One pass in the order of keys: memory for the best only. A row is looked for when it would be among them.
void top_since(const Counter& counter, pg::Timestamp since, Best& best) {
  require_select(counter);
  if (counter.bucket == Bucket::none) refuse_without_buckets(counter);
  std::optional<KeyCount> sum;
  const auto finish = [&] {
    if (sum && best.wants(*sum) && may_read(counter, sum->key)) best.add(std::move(*sum));
    sum.reset();
  };
  pg::Spi spi;
  std::optional<pg::Cursor> cursor;
  {
    const AsSteward steward;
    cursor.emplace(fmt::format(fmt::runtime(in_buckets), " AND start OPERATOR(pg_catalog.>=) $2"), counter.id,
                   since);
  }
  struct Part {
    std::string key;
    std::int64_t start, value;
  };
  std::vector<Part> parts;
  while (const std::uint64_t count = cursor->fetch(portion)) {
    pg::check_interrupts();
    const pg::Scratch scratch;
    parts.clear();
    for (std::uint64_t i = 0; i < count; ++i)
      parts.push_back({spi.value<std::string>(i, 1), spi.value<pg::Timestamp>(i, 2).microseconds,
                       spi.value<std::int64_t>(i, 3)});
    for (Part& part : parts) {
      if (!sum || sum->key != part.key) {
        finish();
        sum = KeyCount{part.key, 0};
      }
      sum->value += part.value + pending_in_bucket(counter.id, part.key, part.start).value_or(0);
    }
  }
  cursor->close();
  finish();
}

}  // namespace

}  // namespace counters

namespace sql {

namespace {

using Counts = pg::Store<std::string, std::int64_t>;
using Series = pg::Store<pg::Timestamp, std::int64_t>;

std::optional<std::string> text_of(const std::optional<pg::Name>& name) {
  return name ? std::optional{name->text} : std::nullopt;
}

template <typename Key>
void count_series(Series& store, pg::RelationId rel, const Key& given, std::optional<pg::Timestamp> since,
                  std::optional<pg::Timestamp> until, const std::optional<pg::Name>& col) {
  const auto counter = counters::counter_of(rel.oid, text_of(col));
  const std::string key = counters::key_text(*counter, given);
  counters::require_readable_row(*counter, key);
  if (counter->bucket == counters::Bucket::none) counters::refuse_without_buckets(*counter);
  // All that this transaction counts is counted in one bucket.
  const std::int64_t present = counters::bucket_start(*counter, settings::now());
  std::int64_t pending = counters::pending_in_bucket(counter->id, key, present).value_or(0);
  if ((since && present < since->microseconds) || (until && present >= until->microseconds)) pending = 0;
  const auto put_pending = [&](std::int64_t before) {
    if (pending != 0 && present < before) {
      store.put(pg::Timestamp{present}, pending);
      pending = 0;
    }
  };
  const counters::AsSteward steward;
  pg::Spi spi;
  const std::uint64_t count = spi.query(
      fmt::format(fmt::runtime(counters::in_buckets),
                  " AND key OPERATOR(pg_catalog.=) $2 AND ($3 IS NULL OR start OPERATOR(pg_catalog.>=) $3)"
                  " AND ($4 IS NULL OR start OPERATOR(pg_catalog.<) $4)"),
      counter->id, key, since, until);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto start = spi.value<pg::Timestamp>(i, 2);
    std::int64_t value = spi.value<std::int64_t>(i, 3);
    put_pending(start.microseconds);
    if (present == start.microseconds) {
      value += pending;
      pending = 0;
    }
    // A bucket of hits that were rolled back is there, and empty.
    if (value != 0) store.put(start, value);
  }
  put_pending(std::numeric_limits<std::int64_t>::max());
}

}  // namespace

void counts(Counts& store, pg::RelationId rel, const std::optional<pg::Name>& col) {
  counters::for_each_count(*counters::counter_of(rel.oid, text_of(col)),
                           [&](const counters::KeyCount& row) { store.put(row.key, row.value); });
}

void top_counts(Counts& store, pg::RelationId rel, std::optional<pg::Timestamp> since, std::int32_t k,
                const std::optional<pg::Name>& col) {
  pg::require_positive("k", k, "It is the number of rows wanted.");
  const auto counter = counters::counter_of(rel.oid, text_of(col));
  counters::Best best{*counter, k};
  if (since)
    counters::top_since(*counter, *since, best);
  else
    counters::for_each_count(*counter, [&](counters::KeyCount&& row) {
      if (best.wants(row)) best.add(std::move(row));
    });
  for (const counters::KeyCount& row : std::move(best).sorted()) store.put(row.key, row.value);
}

void count_series_bigint(Series& store, pg::RelationId rel, std::int64_t key,
                         std::optional<pg::Timestamp> since, std::optional<pg::Timestamp> until,
                         const std::optional<pg::Name>& col) {
  count_series(store, rel, key, since, until, col);
}

void count_series_uuid(Series& store, pg::RelationId rel, pg::Uuid key, std::optional<pg::Timestamp> since,
                       std::optional<pg::Timestamp> until, const std::optional<pg::Name>& col) {
  count_series(store, rel, key, since, until, col);
}

void count_series_text(Series& store, pg::RelationId rel, std::string_view key,
                       std::optional<pg::Timestamp> since, std::optional<pg::Timestamp> until,
                       const std::optional<pg::Name>& col) {
  count_series(store, rel, key, since, until, col);
}

}  // namespace sql

PG_SQL_STORE(counts);
PG_SQL_STORE(top_counts);
PG_SQL_STORE(count_series_bigint);
PG_SQL_STORE(count_series_uuid);
PG_SQL_STORE(count_series_text);
