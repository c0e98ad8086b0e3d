// Counting, and the count of one row.
#include "cells/mode.hpp"
#include "counters/bucket.hpp"
#include "counters/cell_tables.hpp"
#include "counters/cells.hpp"
#include "counters/deltas.hpp"
#include "counters/key.hpp"
#include "counters/pending.hpp"
#include "counters/rights.hpp"
#include "counters/row.hpp"
#include "errors.hpp"
#include "pg/argument.hpp"
#include "pg/function.hpp"
#include "pg/privileges.hpp"
#include "pg/random.hpp"
#include "settings.hpp"

namespace counters {

namespace {

// ---- mode inplace

// The value of the row's cell; the place becomes known.
std::optional<std::int64_t> read_count(const cells::Identity& row, cells::Place& place) {
  char fixed[count_cell_size];
  if (!counts().read(row, place, fixed)) return std::nullopt;
  return load_count(fixed).value;
}

std::optional<std::int64_t> find_count(Counted& counted) {
  const std::optional<cells::Place> place = counts().find(counted.row);
  if (!place) return std::nullopt;
  counted.count = *place;
  return read_count(counted.row, counted.count);
}

// The row's first hit, or the first in this transaction of a row that is its own work.
std::int64_t make_count(const Counter& counter, Counted& counted) {
  const TableRow row = require_row(counter, std::string{counted.row.key()}, RowLock::key_share);
  const auto epoch =
      static_cast<std::int16_t>(pg::random_u64());  // another one than that of a cell which was here before
  const Datum initial[] = {Int64GetDatum(row.value), BoolGetDatum(false), Int16GetDatum(epoch)};
  counted.count =
      counts()
          .find_or_make(counted.row, initial, row.own ? cells::Fate::transaction : cells::Fate::kept)
          .place;
  return read_count(counted.row, counted.count).value();
}

// A bucket or a last hit: its own cell, with the fate of the row's count.
cells::Place find_or_make(cells::Table& table, const cells::Identity& identity, const cells::Identity& row,
                          Datum initial) {
  std::int64_t value;
  table.open();
  if (std::optional<cells::Place> place = table.find(identity))
    if (table.read(identity, *place, &value)) return *place;
  const std::optional<cells::Table::Cell> count = counts().look_up(row);
  return table
      .find_or_make(identity, &initial, count && count->own ? cells::Fate::transaction : cells::Fate::kept)
      .place;
}

// The committed count of a row that this transaction has not counted yet; its cells are found or made.
std::int64_t find_or_make_cells(const Counter& counter, Counted& counted) {
  const std::optional<std::int64_t> value = find_count(counted);
  const std::int64_t committed = value ? *value : make_count(counter, counted);
  if (counted.in_bucket)
    counted.bucket = find_or_make(buckets(), *counted.in_bucket, counted.row, Int64GetDatum(0));
  if (counted.keeps_last)
    counted.last = find_or_make(last_hits(), counted.row, counted.row, Int64GetDatum(DT_NOBEGIN));
  return committed;
}

// ---- mode row

std::int64_t lock_and_sum(const Counter& counter, const Counted& counted, RowLock lock) {
  const std::string key{counted.row.key()};
  return count_with_deltas(counter.id, key, require_row(counter, key, lock).value);
}

// ---- both modes

// The count that a change of a row gives, as this transaction then sees it.
std::int64_t require_changed(const Counted& counted, Change total, const Change& change,
                             std::int64_t committed) {
  if (!total.can_absorb(change)) refuse_count(counted, std::nullopt);
  total.absorb(change);
  require_count(counted, total, committed);
  return total.applied_to(committed).value();
}

// A row that this transaction has counted before: what it then locked it still holds. Nothing when its cell is not where it was.
template <typename ChangeOf>
std::optional<std::int64_t> count_again(const cells::Identity& row, ChangeOf change_of) {
  const std::optional<Pending> before = pending(row);
  if (!before || !before->counted->count.known()) return std::nullopt;
  const std::optional<std::int64_t> committed = read_count(row, before->counted->count);
  if (!committed) return std::nullopt;
  const Change change = change_of(before->change.applied_to(*committed).value_or(*committed));
  const std::int64_t count = require_changed(*before->counted, before->change, change, *committed);
  remember_more(*before, change);
  return count;
}

template <typename ChangeOf>
std::int64_t count_first(const Counter& counter, const std::string& key, RowLock lock, ChangeOf change_of) {
  Counted counted{counter, key};
  const std::int64_t committed = cells::mode() == cells::Mode::row ? lock_and_sum(counter, counted, lock)
                                                                   : find_or_make_cells(counter, counted);
  const std::optional<Pending> before = pending(counted.row);
  const Change total = before ? before->change : Change{};
  const Change change = change_of(total.applied_to(committed).value_or(committed));
  const std::int64_t count = require_changed(counted, total, change, committed);
  remember(counted, change);
  return count;
}

// The counter, if the caller may count.
std::shared_ptr<const Counter> counter_to_write(pg::RelationId rel,
                                                const std::optional<std::string>& column) {
  std::shared_ptr<const Counter> counter = counter_of(rel.oid, column);
  require_update(*counter);
  return counter;
}

// Adds a change that depends on the count as it is; gives the count as this transaction then sees it. The table is locked
// as a writer of it does. In mode row `lock` is that on the row: what may not cross another such change takes no_key_update,
// since neither would see the other's delta.
template <typename ChangeOf>
std::int64_t change_count(pg::RelationId rel, const std::optional<std::string>& column,
                          const Counter& counter, const std::string& key, RowLock lock, ChangeOf change_of) {
  require_visible(counter, key);
  if (const std::optional<std::int64_t> count = count_again({counter.id, key}, change_of)) return *count;
  pg::call(::LockRelationOid, rel.oid, LOCKMODE{RowExclusiveLock});
  counts().open();
  // The wait for a lock may have brought news.
  return count_first(*counter_to_write(rel, column), key, lock, change_of);
}

// A standby cannot count. Whether the caller lets it pass.
bool passes_standby(const char* command) {
  if (!RecoveryInProgress()) {
    pg::require_writable(command);
    return false;
  }
  if (settings::counter_standby() == settings::Standby::ignore) return true;
  throw pg::Error{ERRCODE_READ_ONLY_SQL_TRANSACTION,
                  fmt::format("cannot execute {} during recovery", command)}
      .hint(
          "Send it to the primary, or SET steward.counter_standby = 'ignore' to get the count without "
          "counting.");
}

template <typename Key>
std::int64_t count_of(pg::RelationId rel, const Key& key, const std::optional<std::string>& column) {
  const std::shared_ptr<const Counter> counter = counter_of(rel.oid, column);
  require_select(*counter);
  const std::string text = key_text(*counter, key);
  require_visible(*counter, text);
  const std::optional<std::int64_t> count = current_count(*counter, text);
  if (!count) refuse_row(*counter, text);
  return *count;
}

template <typename Key>
std::int64_t hit(pg::RelationId rel, const Key& key, std::int64_t n,
                 const std::optional<std::string>& column) {
  if (passes_standby("hit()")) return count_of(rel, key, column);
  pg::require_not_parallel("hit()");  // a worker's transaction ends without our being told
  const std::shared_ptr<const Counter> counter = counter_to_write(rel, column);
  return change_count(rel, column, *counter, key_text(*counter, key),
                      n < 0 ? RowLock::no_key_update : RowLock::key_share,
                      [&](std::int64_t) { return Change{.added = n, .hits = n, .hit = true}; });
}

template <typename Key>
void set_count(pg::RelationId rel, const Key& key, std::int64_t value,
               const std::optional<std::string>& column) {
  pg::require_writable("set_count()");
  pg::require_not_parallel("set_count()");
  const std::shared_ptr<const Counter> counter = counter_to_write(rel, column);
  const std::string text = key_text(*counter, key);
  if (value < 0 || value > counter->max) refuse_count({*counter, text}, value);
  change_count(rel, column, *counter, text, RowLock::no_key_update, [&](std::int64_t present) {
    return cells::mode() == cells::Mode::row ? Change{.added = value - present}
                                             : Change{.base = Change::Base::value, .value = value};
  });
}

std::optional<std::string> text_of(const std::optional<pg::Name>& name) {
  return name ? std::optional{name->text} : std::nullopt;
}

// ---- what SQL calls, for each type of key

template <typename Key>
std::int64_t hit_checked(std::optional<pg::RelationId> rel, const std::optional<Key>& key,
                         std::optional<std::int64_t> n, const std::optional<pg::Name>& col) {
  pg::require_given(rel.has_value(), "rel");
  pg::require_given(key.has_value(), "key");
  pg::require_given(n.has_value(), "n");
  return hit(*rel, *key, *n, text_of(col));
}

template <typename Key>
std::optional<std::int64_t> try_hit_checked(std::optional<pg::RelationId> rel, const std::optional<Key>& key,
                                            std::optional<std::int64_t> n,
                                            const std::optional<pg::Name>& col) {
  try {
    return hit_checked(rel, key, n, col);
  } catch (const pg::Error& error) {
    if (error.sqlstate() == errors::no_such_row) return std::nullopt;
    throw;
  }
}

template <typename Key>
std::int64_t count_of_checked(std::optional<pg::RelationId> rel, const std::optional<Key>& key,
                              const std::optional<pg::Name>& col) {
  pg::require_given(rel.has_value(), "rel");
  pg::require_given(key.has_value(), "key");
  return count_of(*rel, *key, text_of(col));
}

template <typename Key>
void set_count_checked(std::optional<pg::RelationId> rel, const std::optional<Key>& key,
                       std::optional<std::int64_t> value, const std::optional<pg::Name>& col) {
  pg::require_given(rel.has_value(), "rel");
  pg::require_given(key.has_value(), "key");
  pg::require_given(value.has_value(), "value");
  set_count(*rel, *key, *value, text_of(col));
}

}  // namespace

}  // namespace counters

namespace sql {

constexpr auto& hit_bigint = counters::hit_checked<std::int64_t>;
constexpr auto& hit_uuid = counters::hit_checked<pg::Uuid>;
constexpr auto& hit_text = counters::hit_checked<std::string_view>;
constexpr auto& try_hit_bigint = counters::try_hit_checked<std::int64_t>;
constexpr auto& try_hit_uuid = counters::try_hit_checked<pg::Uuid>;
constexpr auto& try_hit_text = counters::try_hit_checked<std::string_view>;
constexpr auto& count_of_bigint = counters::count_of_checked<std::int64_t>;
constexpr auto& count_of_uuid = counters::count_of_checked<pg::Uuid>;
constexpr auto& count_of_text = counters::count_of_checked<std::string_view>;
constexpr auto& set_count_bigint = counters::set_count_checked<std::int64_t>;
constexpr auto& set_count_uuid = counters::set_count_checked<pg::Uuid>;
constexpr auto& set_count_text = counters::set_count_checked<std::string_view>;

}  // namespace sql

PG_SQL_FUNCTION(hit_bigint);
PG_SQL_FUNCTION(hit_uuid);
PG_SQL_FUNCTION(hit_text);
PG_SQL_FUNCTION(try_hit_bigint);
PG_SQL_FUNCTION(try_hit_uuid);
PG_SQL_FUNCTION(try_hit_text);
PG_SQL_FUNCTION(count_of_bigint);
PG_SQL_FUNCTION(count_of_uuid);
PG_SQL_FUNCTION(count_of_text);
PG_SQL_FUNCTION(set_count_bigint);
PG_SQL_FUNCTION(set_count_uuid);
PG_SQL_FUNCTION(set_count_text);
