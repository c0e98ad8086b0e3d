#include "counters/pending.hpp"

#include <algorithm>
#include <functional>
#include <vector>

#include "cells/mode.hpp"
#include "core/journal.hpp"
#include "counters/bucket.hpp"
#include "counters/cell_tables.hpp"
#include "counters/cells.hpp"
#include "counters/deltas.hpp"
#include "errors.hpp"
#include "pg/transaction.hpp"
#include "settings.hpp"

namespace counters {

namespace {

// A cell that this transaction has written before it was committed, and how to take that back.
struct Applied {
  cells::Storage storage;
  cells::Place place;
  std::string bytes;
  std::uint16_t fixed;
  bool is_count, is_time;
  std::int64_t before, after;
};

// Where the first hit found a cell table, and the savepoint that its lock on it goes with.
struct Found {
  cells::Storage storage;
  int level;
};

// Everything that lives as long as the transaction. A pointer that is never freed: no global has a destructor.
struct Transaction {
  core::Journal<Counted, Change> journal;
  std::vector<Applied> applied;
  std::array<std::optional<Found>, 3> storages;  // of the cell tables
  XLogRecPtr end = InvalidXLogRecPtr;            // of the last cell's WAL record
  bool closing = false;                          // before_commit() has begun: hits are applied at once

  // What a large transaction has needed is given back.
  void clear() noexcept {
    constexpr std::size_t generous = 4096;
    journal.clear();
    if (applied.capacity() > generous)
      std::vector<Applied>{}.swap(applied);
    else
      applied.clear();
    storages = {};
    end = InvalidXLogRecPtr;
    closing = false;
  }
};

Transaction& transaction() {
  static Transaction* one = new Transaction;
  return *one;
}

std::array<cells::Table*, 3> tables() { return {&counts(), &buckets(), &last_hits()}; }

// ---- writing cells

// One cell's change, as the page is written: no C++ from here to the buffer.
struct Addition {
  Change::Base base;
  std::int64_t value, added, max;
  std::int64_t before, after;  // set by the change
  bool fits;
};

// What others have taken back may have left a count outside its range; from there it may go back, but not on.
bool may_be(std::int64_t count, std::int64_t max, std::int64_t present) {
  return count >= std::min(std::int64_t{0}, present) && count <= std::max(max, present);
}

bool add_to_count(char* fixed, void* argument) {
  auto& addition = *static_cast<Addition*>(argument);
  CountCell cell;
  std::memcpy(&cell.value, fixed, sizeof cell.value);
  addition.before = cell.value;
  const std::int64_t base = addition.base == Change::Base::value ? addition.value : cell.value;
  addition.fits = !__builtin_add_overflow(base, addition.added, &addition.after) &&
                  may_be(addition.after, addition.max, addition.base == Change::Base::value ? 0 : base);
  if (!addition.fits) return false;
  std::memcpy(fixed, &addition.after, sizeof addition.after);
  fixed[sizeof addition.after] = 1;  // unfolded
  return true;
}

bool add_to_bucket(char* fixed, void* argument) {
  auto& addition = *static_cast<Addition*>(argument);
  std::memcpy(&addition.before, fixed, sizeof addition.before);
  addition.fits = !__builtin_add_overflow(addition.before, addition.added, &addition.after);
  if (addition.fits) std::memcpy(fixed, &addition.after, sizeof addition.after);
  return addition.fits;
}

bool raise_time(char* fixed, void* argument) {
  auto& addition = *static_cast<Addition*>(argument);
  std::memcpy(&addition.before, fixed, sizeof addition.before);
  addition.fits = true;
  if (addition.before >= addition.value) return false;
  addition.after = addition.value;
  std::memcpy(fixed, &addition.after, sizeof addition.after);
  return true;
}

bool take_back_addition(char* fixed, void* argument) {
  const auto& applied = *static_cast<const Applied*>(argument);
  std::int64_t value;
  std::memcpy(&value, fixed, sizeof value);
  if (applied.is_time) {
    // Another transaction's later time stays.
    if (value != applied.after) return false;
    value = applied.before;
  } else {
    value -= applied.after - applied.before;
  }
  std::memcpy(fixed, &value, sizeof value);
  if (applied.is_count) fixed[sizeof value] = 1;  // a fold may have written what is now taken back
  return true;
}

// Writes a cell and notes how to take it back, for which there is room already. False when the cell is gone.
bool write(cells::Table& table, const cells::Identity& identity, cells::Place& place,
           pg::inplace::Change change, Addition& addition) {
  Transaction& now = transaction();
  Applied applied{table.storage(),
                  {},
                  identity.bytes(),
                  table.fixed(),
                  change == &add_to_count,
                  change == &raise_time,
                  0,
                  0};
  const cells::Table::Outcome outcome = table.overwrite(identity, place, change, &addition);
  if (!outcome.changed) return outcome.found;
  applied.place = place;
  applied.before = addition.before;
  applied.after = addition.after;
  now.applied.push_back(std::move(applied));
  now.end = std::max(now.end, outcome.end);
  return true;
}

// A row that another transaction has deleted meanwhile takes its cells along, and what was counted for it is of no interest any more.
void apply(Counted& row, const Change& change) {
  Addition count{change.base, change.value, change.added, row.max, 0, 0, true};
  if (!write(counts(), row.row, row.count, &add_to_count, count)) return;
  if (!count.fits) require_count(row, change, count.before);
  if (row.in_bucket && change.hits != 0) {
    Addition bucket{Change::Base::kept, 0, change.hits, 0, 0, 0, true};
    write(buckets(), *row.in_bucket, row.bucket, &add_to_bucket, bucket);
    if (!bucket.fits) refuse_count(row, std::nullopt);
  }
  if (row.keeps_last && change.hit) {
    Addition last{Change::Base::kept, settings::now(), 0, 0, 0, 0, true};
    write(last_hits(), row.row, row.last, &raise_time, last);
  }
}

std::vector<std::size_t> in_key_order() {
  Transaction& now = transaction();
  std::vector<std::size_t> order;
  for (std::size_t at = 0; at < now.journal.size(); ++at)
    if (now.journal.changed(at) && now.journal.total(at).does_something()) order.push_back(at);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const Counted &first = now.journal.thing(a), &second = now.journal.thing(b);
    return first.row.bytes() < second.row.bytes();
  });
  return order;
}

void require_same_storage() {
  Transaction& now = transaction();
  for (std::size_t at = 0; at < now.storages.size(); ++at) {
    cells::Table& table = *tables()[at];
    if (!now.storages[at] || table.storage().same_file(now.storages[at]->storage)) continue;
    throw pg::Error{ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                    fmt::format("table \"{}\" was rewritten by a transaction with hits", table.name())}
        .hint("Run CLUSTER and TRUNCATE of steward's tables in transactions of their own.");
  }
}

void note_storage(std::size_t table) {
  Transaction& now = transaction();
  if (!now.storages[table])
    now.storages[table] = Found{tables()[table]->storage(), GetCurrentTransactionNestLevel()};
}

void write_all() {
  Transaction& now = transaction();
  const std::vector<std::size_t> order = in_key_order();
  now.applied.reserve(3 * order.size());
  for (std::size_t at : order) apply(now.journal.thing(at), now.journal.total(at));
}

void insert_deltas() {
  Transaction& now = transaction();
  for (std::size_t at : in_key_order()) insert_delta(now.journal.thing(at), now.journal.total(at));
}

// ---- the transaction's end

void before_commit() {
  Transaction& now = transaction();
  if (now.closing) return;
  now.closing = true;
  if (now.journal.unchanged()) return;
  const pg::UnderTransaction owner;
  require_same_storage();
  cells::mode() == cells::Mode::row ? insert_deltas() : write_all();
}

void before_prepare() {
  Transaction& now = transaction();
  if (now.journal.unchanged()) return now.clear();
  if (cells::mode() == cells::Mode::inplace)
    throw pg::Error{ERRCODE_FEATURE_NOT_SUPPORTED, "cannot PREPARE a transaction that has counted hits"}
        .detail(
            "In mode inplace a hit takes effect at the commit itself, which a prepared transaction puts off.")
        .hint("Call steward.set_cell_mode('row') if this database uses prepared transactions.");
  const pg::UnderTransaction owner;
  insert_deltas();
  now.clear();
}

void after_commit() {
  Transaction& now = transaction();
  const XLogRecPtr end = now.end;
  now.clear();
  if (end != InvalidXLogRecPtr && settings::counter_durability() == settings::Durability::commit)
    pg::make_durable(end);
}

// An entry is dropped before it is acted on: an error here comes back here.
void after_abort() {
  Transaction& now = transaction();
  const pg::UnderTransaction owner;
  XLogRecPtr end = InvalidXLogRecPtr;
  while (!now.applied.empty()) {
    Applied applied = std::move(now.applied.back());
    now.applied.pop_back();
    end = std::max(end, cells::Table::take_back(applied.storage, applied.place, applied.bytes, applied.fixed,
                                                &take_back_addition, &applied));
  }
  now.clear();
  if (end != InvalidXLogRecPtr) pg::flush_soon(end);
}

void savepoint_released(int level) {
  Transaction& now = transaction();
  now.journal.release(level);
  for (std::optional<Found>& found : now.storages)
    if (found && found->level == level) --found->level;
}

void savepoint_rolled_back(int level) {
  Transaction& now = transaction();
  now.journal.roll_back(level);
  for (std::optional<Found>& found : now.storages)
    if (found && found->level >= level) found.reset();
}

}  // namespace

const pg::TransactionEvents transaction_events{.before_commit = &before_commit,
                                               .before_prepare = &before_prepare,
                                               .after_commit = &after_commit,
                                               .after_abort = &after_abort,
                                               .savepoint_released = &savepoint_released,
                                               .savepoint_rolled_back = &savepoint_rolled_back};

Counted::Counted(const Counter& of, std::string_view key)
    : row{of.id, key}, relation{of.relation}, max{of.max}, keeps_last{of.last_number != InvalidAttrNumber} {
  if (of.bucket != Bucket::none) in_bucket.emplace(of.id, key, bucket_start(of, settings::now()));
}

bool Change::can_absorb(const Change& later) const noexcept {
  std::int64_t sum = 0;
  if (later.base == Base::forgotten) return true;
  if (__builtin_add_overflow(hits, later.hits, &sum)) return false;
  return later.base == Base::value || !__builtin_add_overflow(added, later.added, &sum);
}

void Change::absorb(const Change& later) {
  if (later.base == Base::kept) {
    __builtin_add_overflow(added, later.added, &added);
    __builtin_add_overflow(hits, later.hits, &hits);
    hit = hit || later.hit;
    return;
  }
  if (later.base == Base::forgotten) {
    *this = later;
    return;
  }
  base = Base::value;
  value = later.value;
  added = later.added;
  __builtin_add_overflow(hits, later.hits, &hits);
  hit = hit || later.hit;
}

std::optional<std::int64_t> Change::applied_to(std::int64_t committed) const {
  std::int64_t count = 0;
  if (__builtin_add_overflow(base == Base::value ? value : committed, added, &count)) return std::nullopt;
  return count;
}

void remember(const Counted& row, const Change& change) {
  Transaction& now = transaction();
  if (now.closing) {
    // Another library's callback hits after ours has run.
    Counted copy = row;
    if (cells::mode() == cells::Mode::row) return insert_delta(copy, change);
    now.applied.reserve(now.applied.size() + 3);
    return apply(copy, change);
  }
  note_storage(0);
  if (row.in_bucket) note_storage(1);
  if (row.keeps_last) note_storage(2);
  const std::size_t at = now.journal.find_or_add(row);
  Counted& known = now.journal.thing(at);
  known.count = row.count;
  known.bucket = row.bucket;
  known.last = row.last;
  now.journal.add(at, GetCurrentTransactionNestLevel(), change);
}

std::optional<Pending> pending(const cells::Identity& row) {
  Transaction& now = transaction();
  if (now.journal.empty() || now.closing) return std::nullopt;
  const std::size_t at = now.journal.find(row.bytes());
  if (at == now.journal.size() || !now.journal.changed(at)) return std::nullopt;
  return Pending{&now.journal.thing(at), now.journal.total(at), at};
}

void remember_more(const Pending& before, const Change& change) {
  transaction().journal.add(before.at, GetCurrentTransactionNestLevel(), change);
}

void forget(std::int32_t counter, const std::string& key) {
  const std::optional<Pending> before = pending({counter, key});
  if (!before) return;
  Counted gone = *before->counted;
  gone.count = gone.bucket = gone.last = {};
  remember(gone, {.base = Change::Base::forgotten});
}

void forget(std::int32_t counter) {
  Transaction& now = transaction();
  for (std::size_t at = 0; at < now.journal.size(); ++at)
    if (const cells::Identity& row = now.journal.thing(at).row; row.owner() == counter)
      forget(counter, std::string{row.key()});
}

void move_pending(std::int32_t counter, const std::string& from, const std::string& to) {
  const std::optional<Pending> before = pending({counter, from});
  if (!before) return;
  Counted moved = *before->counted;
  moved.row = {counter, to};
  if (moved.in_bucket) moved.in_bucket.emplace(counter, to, moved.in_bucket->start());
  moved.count = moved.bucket = moved.last = {};
  forget(counter, from);
  remember(moved, before->change);
}

bool has_pending() {
  Transaction& now = transaction();
  for (std::size_t at = 0; at < now.journal.size(); ++at)
    if (now.journal.changed(at)) return true;
  return false;
}

bool has_pending(std::int32_t counter) {
  Transaction& now = transaction();
  for (std::size_t at = 0; at < now.journal.size(); ++at)
    if (now.journal.thing(at).row.owner() == counter && now.journal.changed(at)) return true;
  return false;
}

namespace {

std::string row_text(const Counted& counted) {
  const char* name = pg::call(::get_rel_name, counted.relation);
  return fmt::format("row \"{}\" of table \"{}\"", counted.row.key(), name != nullptr ? name : "?");
}

std::string column_of(const Counted& counted) {
  for (const auto& counter : counters_of(counted.relation))
    if (counter->id == counted.row.owner()) return counter->name;
  return "?";
}

}  // namespace

void require_count(const Counted& counted, const Change& change, std::int64_t committed) {
  const std::optional<std::int64_t> count = change.applied_to(committed);
  if (!count || !may_be(*count, counted.max, change.base == Change::Base::value ? 0 : committed))
    refuse_count(counted, count);
}

void refuse_count(const Counted& counted, std::optional<std::int64_t> count) {
  const std::string row = row_text(counted);
  const std::string column = column_of(counted);
  if (count && *count < 0)
    throw pg::at(pg::Error{errors::negative_count, fmt::format("count of {} would fall below 0", row)}
                     .detail(fmt::format("Column \"{}\" would become {}.", column, *count))
                     .hint("Take back at most what has been counted; steward.set_count() sets a count."),
                 counted.relation, column);
  throw pg::at(pg::Error{ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, fmt::format("count of {} is out of range", row)}
                   .detail(fmt::format("Column \"{}\" holds at most {}.", column, counted.max))
                   .hint(counted.max < std::numeric_limits<std::int64_t>::max()
                             ? "Drop the counter, make the column a bigint and create the counter again, in "
                               "one transaction."
                             : ""),
               counted.relation, column);
}

}  // namespace counters
