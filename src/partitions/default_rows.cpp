#include "partitions/default_rows.hpp"

#include <algorithm>

#include "partitions/age.hpp"
#include "partitions/key_index.hpp"
#include "partitions/scopes.hpp"

namespace partitions {

namespace {

using core::ladder::Range;

constexpr std::size_t most_rows = 5'000, most_ranges = 100;

// As its owner, who may be another than the table's; and by an index where there is one, whatever the statistics say.
class Reading {
 public:
  Reading(const Set& set, bool indexed) : owner_{*set.default_partition} {
    if (!indexed) return;
    parameters_.set("enable_seqscan", "off");
    parameters_.set("enable_bitmapscan", "off");
  }

 private:
  AsOwnerOf owner_;
  pg::Parameters parameters_;
};

bool is_indexed(const Set& set) { return has_key_index(*set.default_partition, set.key); }

std::string from_default(const Set& set, const std::string& condition) {
  return fmt::format("FROM ONLY {} WHERE {}", pg::qualified_name(*set.default_partition), condition);
}

std::string in_order(const Set& set, std::size_t limit) {
  return fmt::format("ORDER BY {} LIMIT {}", pg::quoted_identifier(set.key.column), limit);
}

std::optional<std::int64_t> first_key(const Set& set, const Range& range, bool indexed) {
  const Reading reading{set, indexed};
  pg::Spi spi;
  if (spi.run_on_latest(fmt::format("SELECT {} {} {}", selected(set.key),
                                    from_default(set, condition_of(set.key, range)), in_order(set, 1))) == 0)
    return std::nullopt;
  return selected_value(set.key, spi, 0, 1);
}

// What of the step that a value is in is nobody's yet.
std::optional<Range> free_range_around(const Set& set, std::int64_t value) {
  constexpr std::size_t enough = 1'000;
  for (const Range& range : core::ladder::missing(set.ranges(), set.steps.get(), value, value, enough))
    if (range.from <= value && value < range.to) return range;
  return std::nullopt;
}

// The distance of two neighbouring keys: bounds can lie between them only.
std::int64_t unit_of(const Key& key) {
  constexpr std::int64_t millisecond = 1'000;
  if (key.kind == KeyKind::date) return core::microseconds_per_day;
  return key.kind == KeyKind::uuid ? millisecond : 1;
}

std::int64_t after(const Set& set, std::int64_t value) {
  return __builtin_add_overflow(value, unit_of(set.key), &value) ? core::ladder::highest : value;
}

std::int64_t wanted_from(const Set& set) {
  if (!set.key.is_time()) return core::ladder::lowest;
  const std::optional<Range> step = set.steps.get().around(oldest_wanted(set));
  return step ? step->from : oldest_wanted(set);
}

}  // namespace

bool may_have_default_rows(const Set& set) {
  if (!set.default_partition) return false;
  const pg::OpenRelation table{*set.default_partition, AccessShareLock};
  return table.kind() == RELKIND_RELATION && pg::pages_of(table) > 0;
}

Range wanted_range(const Set& set) { return {wanted_from(set), set.end_of_future()}; }

bool default_has_rows(const Set& set, const Range& range) {
  return may_have_default_rows(set) && first_key(set, range, is_indexed(set));
}

std::int64_t count_default_rows(const Set& set, const Range& range) {
  const Reading reading{set, is_indexed(set)};
  pg::Spi spi;
  spi.run_on_latest(
      fmt::format("SELECT pg_catalog.count(*) {}", from_default(set, condition_of(set.key, range))));
  return spi.value<std::int64_t>(0, 1);
}

std::vector<Range> occupied_ranges(const Set& set) {
  std::vector<Range> ranges;
  if (!may_have_default_rows(set)) return ranges;
  const bool indexed = is_indexed(set);
  const std::size_t most = indexed ? most_ranges : 1;
  Range rest = wanted_range(set);
  while (ranges.size() < most && rest.from < rest.to) {
    const std::optional<std::int64_t> key = first_key(set, rest, indexed);
    if (!key) break;
    const std::optional<Range> range = free_range_around(set, *key);
    if (range) ranges.push_back(*range);
    // Rows of the range that is being filled are nobody else's.
    rest.from = range         ? range->to
                : set.filling ? std::max(set.filling->range.to, after(set, *key))
                              : after(set, *key);
  }
  return ranges;
}

DefaultRows first_default_rows(const Set& set, const Range& range) {
  const Reading reading{set, is_indexed(set)};
  pg::Spi spi;
  const std::uint64_t count = spi.run_on_latest(fmt::format("SELECT {}, ctid {} {}", selected(set.key),
                                                            from_default(set, condition_of(set.key, range)),
                                                            in_order(set, most_rows + 1)));
  DefaultRows first{{}, range.to};
  if (count > most_rows) first.until = selected_value(set.key, spi, most_rows, 1);
  for (std::uint64_t i = 0;
       i < count && (count <= most_rows || selected_value(set.key, spi, i, 1) < first.until); ++i)
    first.rows.push_back(spi.value<pg::RowId>(i, 2));
  if (count <= most_rows || !first.rows.empty()) return first;
  first.until = std::min(range.to, first.until + unit_of(set.key));
  first.rows = default_rows_where(set, condition_of(set.key, {range.from, first.until}));
  return first;
}

void put_default_rows(const Set& set, Oid partition, const std::vector<pg::RowId>& rows) {
  pg::Spi spi;
  const std::uint64_t count = spi.run_on_latest(
      "SELECT c.conname::pg_catalog.text FROM pg_catalog.pg_constraint AS c"
      " WHERE c.conrelid OPERATOR(pg_catalog.=) $1 AND c.contype OPERATOR(pg_catalog.=) 'c' AND "
      "c.convalidated"
      " AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS d WHERE d.conrelid OPERATOR(pg_catalog.=) $2"
      " AND d.contype OPERATOR(pg_catalog.=) 'c' AND d.conname OPERATOR(pg_catalog.=) c.conname AND "
      "d.convalidated)",
      pg::RelationId{partition}, pg::RelationId{*set.default_partition});
  for (std::uint64_t i = 0; i < count; ++i) pg::doubt_check(partition, spi.value<std::string>(i, 1));
  pg::put_rows(pg::OpenRelation{*set.default_partition, AccessExclusiveLock},
               pg::OpenRelation{partition, AccessExclusiveLock}, rows);
}

std::vector<pg::RowId> default_rows_where(const Set& set, const std::string& condition) {
  const Reading reading{set, false};
  pg::Spi spi;
  const std::uint64_t count = spi.run_on_latest(fmt::format("SELECT ctid {}", from_default(set, condition)));
  std::vector<pg::RowId> rows;
  rows.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) rows.push_back(spi.value<pg::RowId>(i, 1));
  return rows;
}

}  // namespace partitions
