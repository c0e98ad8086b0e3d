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
#include "pg/memory.hpp"
#include "pg/notice.hpp"
#include "pg/transaction.hpp"
#include "settings.hpp"

namespace counters {

namespace {

// How the cells of a table are changed.
struct Kind {
  pg::inplace::Change change, take_back;
};

// A cell that this transaction has written before it was committed, and how to take that back.
struct Applied {
  cells::Storage storage;
  cells::Place place;
  std::string bytes;
  std::uint16_t fixed;
  const Kind* kind;
  std::int64_t before, after;
  std::int16_t epoch_before, epoch;  // of a count
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
  int aborts = 0;                                // how often after_abort() has begun

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
    aborts = 0;
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
  Change::Base base = Change::Base::kept;
  std::int64_t value = 0, added = 0, max = 0;
  // Set by the change:
  std::int64_t before = 0, after = 0;
  std::int16_t epoch_before = 0, epoch = 0;
  bool fits = true;
};

// What others have taken back may have left a count outside its range; from there it may go back, but not on.
bool may_be(std::int64_t count, std::int64_t max, std::int64_t present) {
  return count >= std::min(std::int64_t{0}, present) && count <= std::max(max, present);
}

bool add_to_count(char* fixed, void* argument) {
  auto& addition = *static_cast<Addition*>(argument);
  CountCell cell = load_count(fixed);
  const bool set = addition.base == Change::Base::value;
  addition.before = cell.value;
  addition.epoch_before = cell.epoch;
  const std::int64_t base = set ? addition.value : cell.value;
  addition.fits = !__builtin_add_overflow(base, addition.added, &addition.after) &&
                  may_be(addition.after, addition.max, set ? 0 : base);
  if (!addition.fits) return false;
  if (set) cell.epoch = static_cast<std::int16_t>(cell.epoch + 1);
  addition.epoch = cell.epoch;
  cell.value = addition.after;
  cell.unfolded = true;
  store_count(fixed, cell);
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

// From a count that has been set since, nothing is taken: what was added went with it.
bool take_back_count(char* fixed, void* argument) {
  const auto& applied = *static_cast<const Applied*>(argument);
  CountCell cell = load_count(fixed);
  if (cell.epoch != applied.epoch) return false;
  cell.value -= applied.after - applied.before;
  cell.epoch = applied.epoch_before;
  cell.unfolded = true;  // a fold may have written what is now taken back
  store_count(fixed, cell);
  return true;
}

bool take_back_from_bucket(char* fixed, void* argument) {
  const auto& applied = *static_cast<const Applied*>(argument);
  std::int64_t value;
  std::memcpy(&value, fixed, sizeof value);
  value -= applied.after - applied.before;
  std::memcpy(fixed, &value, sizeof value);
  return true;
}

// Another transaction's later time stays.
bool take_back_time(char* fixed, void* argument) {
  const auto& applied = *static_cast<const Applied*>(argument);
  if (std::memcmp(fixed, &applied.after, sizeof applied.after) != 0) return false;
  std::memcpy(fixed, &applied.before, sizeof applied.before);
  return true;
}

constexpr Kind count_kind{&add_to_count, &take_back_count};
constexpr Kind bucket_kind{&add_to_bucket, &take_back_from_bucket};
constexpr Kind time_kind{&raise_time, &take_back_time};

// Writes a cell and notes how to take it back, for which there is room already. False when the cell is gone.
bool write(cells::Table& table, const cells::Identity& identity, cells::Place& place, const Kind& kind,
           Addition& addition) {
  Transaction& now = transaction();
  Applied applied{table.storage(), {}, identity.bytes(), table.fixed(), &kind, 0, 0, 0, 0};
  const cells::Table::Outcome outcome = table.overwrite(identity, place, kind.change, &addition);
  if (!outcome.changed) return outcome.found;
  applied.place = place;
  applied.before = addition.before;
  applied.after = addition.after;
  applied.epoch_before = addition.epoch_before;
  applied.epoch = addition.epoch;
  now.applied.push_back(std::move(applied));
  now.end = std::max(now.end, outcome.end);
  return true;
}

// A row that another transaction has deleted meanwhile takes its cells along, and what was counted for it is of no interest any more.
// The time comes before the count that tells the fold of it.
void apply(Counted& row, const Change& change) {
  if (row.keeps_last && change.hit) {
    Addition last{.value = settings::now()};
    write(last_hits(), row.row, row.last, time_kind, last);
  }
  Addition count{.base = change.base, .value = change.value, .added = change.added, .max = row.max};
  if (!write(counts(), row.row, row.count, count_kind, count)) return;
  if (!count.fits) require_count(row, change, count.before);
  if (row.in_bucket && change.hits != 0) {
    Addition bucket{.added = change.hits};
    write(buckets(), *row.in_bucket, row.bucket, bucket_kind, bucket);
    if (!bucket.fits) refuse_count(row, std::nullopt);
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

// A procedure that commits goes on with the memory that the commit began in, and would keep what is made of the rows.
void insert_deltas() {
  const pg::Scratch memory;
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

// What has been written goes back newest first, but all times before the counts that tell the fold of them.
// An entry is dropped once it has been taken back: an error comes back here, and the rest is tried again. Not often, because the server
// has room for a few errors at once only, and a disk that is broken now is no better a moment later.
void after_abort() {
  constexpr int most_tries = 3;
  Transaction& now = transaction();
  const pg::UnderTransaction owner;
  if (const std::size_t left = now.applied.size(); ++now.aborts > most_tries && left > 0) {
    now.clear();
    return pg::warn(fmt::format("{} counts may be too high by hits that were rolled back", left),
                    "They could not be taken back.");
  }
  std::stable_partition(now.applied.begin(), now.applied.end(),
                        [](const Applied& one) { return one.kind != &time_kind; });
  XLogRecPtr end = InvalidXLogRecPtr;
  for (; !now.applied.empty(); now.applied.pop_back()) {
    Applied& last = now.applied.back();
    end = std::max(end, cells::Table::take_back(last.storage, last.place, last.bytes, last.fixed,
                                                last.kind->take_back, &last));
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
