#include "counters/fold_batch.hpp"

#include <unordered_map>
#include <unordered_set>

#include "cells/mode.hpp"
#include "counters/cells.hpp"
#include "counters/deltas_fold.hpp"
#include "counters/fold.hpp"
#include "counters/owners_rows.hpp"
#include "counters/scopes.hpp"
#include "keys/detached.hpp"
#include "pg/notice.hpp"
#include "pg/parameters.hpp"
#include "pg/spi.hpp"
#include "pg/subtransaction.hpp"

namespace counters {

namespace {

struct Cell {
  std::int64_t value;
  std::optional<pg::Timestamp> last;
  bool unfolded;
};
using Cells = std::unordered_map<std::string, Cell>;

Cells cells_of(const pg::Spi& spi, std::uint64_t count) {
  Cells cells;
  for (std::uint64_t i = 0; i < count; ++i)
    cells.emplace(spi.value<std::string>(i, 1),
                  Cell{spi.value<std::int64_t>(i, 2), spi.find<pg::Timestamp>(i, 3), spi.value<bool>(i, 4)});
  return cells;
}

// The time of a last hit is -infinity while no hit has been committed.
constexpr const char select_cells[] =
    "SELECT c.key, c.value, CASE WHEN pg_catalog.isfinite(l.value) THEN l.value END, c.unfolded"
    " FROM steward._counts AS c LEFT JOIN steward._last_hits AS l"
    " ON l.counter OPERATOR(pg_catalog.=) c.counter AND l.key OPERATOR(pg_catalog.=) c.key"
    " WHERE c.counter OPERATOR(pg_catalog.=) $1";

Cells cells_of(const Counter& counter, const Keys& keys) {
  const AsSteward steward;
  pg::Spi spi;
  return cells_of(spi, spi.run(fmt::format("{} AND c.key OPERATOR(pg_catalog.=) ANY ($2)", select_cells),
                               counter.id, keys));
}

Cells cells_after(const Counter& counter, const std::optional<std::string>& after, std::string& last) {
  const AsSteward steward;
  pg::Spi spi;
  const std::uint64_t count = spi.run_on_latest(
      fmt::format("{} AND ($2 IS NULL OR c.key OPERATOR(pg_catalog.>) $2) ORDER BY c.key LIMIT 1000",
                  select_cells),
      counter.id, after);
  if (count > 0) last = spi.value<std::string>(count - 1, 1);
  return cells_of(spi, count);
}

bool same_time(const std::optional<pg::Timestamp>& stored, const std::optional<pg::Timestamp>& wanted) {
  return !wanted || (stored && stored->microseconds == wanted->microseconds);
}

bool last_differs(const Counter& counter, const OwnersRow& row, const Cell& cell) {
  return counter.last_number != 0 && !same_time(row.last, cell.last);
}

// Writes what differs, and sorts what the rows say afterwards.
void write(const Counter& counter, const Cells& cells, const std::vector<OwnersRow>& rows, Folded& folded) {
  const auto settle = [&](const OwnersRow& row) {
    const auto cell = cells.find(row.key);
    if (cell == cells.end()) return true;
    if (row.value != cell->second.value) return false;
    folded.rows.push_back({row.key, cell->second.value, cell->second.last});
    return true;
  };
  NewCounts counts;
  for (const OwnersRow& row : rows) {
    const auto cell = cells.find(row.key);
    if (cell == cells.end()) continue;
    if (!last_differs(counter, row, cell->second) && settle(row)) continue;
    counts.keys.push_back(row.key);
    counts.values.push_back(cell->second.value);
    counts.lasts.push_back(cell->second.last);
  }
  std::unordered_set<std::string> settled;
  for (const OwnersRow& row : write_rows(counter, counts))
    if (settle(row)) settled.insert(row.key);
  for (const std::string& key : counts.keys)
    if (!settled.contains(key)) folded.unwilling.push_back(key);
}

// Of the owner's deferrable triggers none may be left to run at commit, as the one who folds.
void make_constraints_immediate() {
  pg::Spi spi;
  spi.run("SET CONSTRAINTS ALL IMMEDIATE");
}

// Unfolded cells, and folded ones whose row says something else: it was written by somebody. Rows of these are found by the way.
Keys to_write(const Counter& counter, const Cells& cells, std::unordered_set<std::string>& found) {
  Keys unfolded, folded;
  for (const auto& [key, cell] : cells) (cell.unfolded ? unfolded : folded).push_back(key);
  for (const OwnersRow& row : read_rows(counter, folded)) {
    const Cell& cell = cells.at(row.key);
    if (row.value != cell.value || last_differs(counter, row, cell)) unfolded.push_back(row.key);
    found.insert(row.key);
  }
  return unfolded;
}

Keys absent(const Counter& counter, const Keys& keys, std::unordered_set<std::string>& found) {
  Keys unseen;
  for (const std::string& key : keys)
    if (!found.contains(key)) unseen.push_back(key);
  for (const OwnersRow& row : read_rows(counter, unseen)) found.insert(row.key);
  Keys missing;
  for (std::string& key : unseen)
    if (!found.contains(key)) missing.push_back(std::move(key));
  return missing;
}

// Rows that have gone with a partition, which may come back, or is an archive: what was counted for them since the last fold is
// written there. A table that has changed since it left stops nothing.
// One that somebody has locked, as who restores it has, stops the removal of counts until the next fold.
void tell_detached(const Counter& counter, Keys keys) {
  if (keys.empty()) return;
  // The last that left first: an archive may have hundreds, and a key is in one of them.
  for (const Oid table : keys::detached_from(counter.relation)) {
    Counter there = counter;
    there.relation = table;
    std::vector<OwnersRow> rows;
    const std::optional<pg::Failure> failure = pg::subtransaction([&] {
      pg::Parameters parameters;
      parameters.set("lock_timeout", "100ms");
      rows = lock_rows(there, keys, Against::writing, Locked::waited_for);
      Folded folded;
      write(there, cells_of(counter, keys), rows, folded);
    });
    if (failure && failure->sqlstate == ERRCODE_LOCK_NOT_AVAILABLE)
      throw pg::Error{failure->sqlstate, failure->message};
    if (failure)
      pg::warn(
          fmt::format("could not write counts into table \"{}\", which was detached", pg::name_of(table)),
          fmt::format("{}: {}", failure->code(), failure->message));
    for (const OwnersRow& row : rows) std::erase(keys, row.key);
    if (keys.empty()) return;
  }
}

}  // namespace

std::shared_ptr<const Counter> bound_counter(std::int32_t id, Oid relation) {
  {
    pg::Parameters parameters;
    parameters.set("lock_timeout", "1s");
    pg::call(::LockRelationOid, relation, LOCKMODE{RowExclusiveLock});
  }
  if (pg::call(::get_rel_relkind, relation) == '\0') return nullptr;
  for (auto& counter : counters_of(relation))
    if (counter->id == id) return counter;
  return nullptr;
}

Folded fold_batch(const Counter& counter, const Keys& keys) {
  make_constraints_immediate();
  Folded folded;
  folded.keeps_last = counter.last_number != 0;
  const Cells cells = cells_of(counter, keys);
  std::unordered_set<std::string> found;
  const std::vector<OwnersRow> rows =
      lock_rows(counter, to_write(counter, cells, found), Against::writing, Locked::left_out);
  write(counter, cells, rows, folded);
  for (const OwnersRow& row : rows) found.insert(row.key);
  folded.missing = absent(counter, keys, found);
  return folded;
}

void mark_batch(std::int32_t counter, const Folded& folded) {
  const AsSteward steward;
  for (const FoldedRow& row : folded.rows) {
    pg::check_interrupts();
    mark_folded(counter, folded.keeps_last, row);
  }
}

// Whoever has counted, or inserted the row and counted, and has not committed, holds a lock on the table that ours
// waits for. So while we hold it no pending hit relies on these cells, and a row that cannot be seen is not there. A row
// inserted into a partition by its name may be on its way, but nobody has counted it: its count is what its column
// says, not what a row of that key before it had.
void drop_missing(std::int32_t id, Oid relation, const Keys& keys) {
  {
    pg::Parameters parameters;
    parameters.set("lock_timeout", "100ms");  // others queue up behind us
    pg::call(::LockRelationOid, relation, LOCKMODE{ShareRowExclusiveLock});
  }
  const std::shared_ptr<const Counter> counter = bound_counter(id, relation);
  if (!counter) return;
  std::unordered_set<std::string> found;
  const Keys missing = absent(*counter, keys, found);
  tell_detached(*counter, missing);
  const AsSteward steward;
  for (const std::string& key : missing) drop_cells(id, key);
}

void fold_now(const Counter& counter) {
  if (cells::mode() == cells::Mode::row) merge_deltas(counter);
  if (GetUserId() != pg::owner_of(counter.relation)) make_constraints_immediate();
  std::optional<std::string> after;
  for (std::string last;; after = last) {
    pg::check_interrupts();
    Cells cells = cells_after(counter, after, last);
    if (cells.empty()) break;
    Keys keys;
    for (auto& [key, cell] : cells) {
      cell.value = with_pending(counter.id, key, cell.value);
      keys.push_back(key);
    }
    Folded folded;
    write(counter, cells, lock_rows(counter, keys, Against::writing, Locked::waited_for), folded);
  }
}

}  // namespace counters
