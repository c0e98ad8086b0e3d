#include "counters/cells.hpp"

#include "cells/mode.hpp"
#include "counters/cell_tables.hpp"
#include "counters/deltas.hpp"
#include "counters/pending.hpp"
#include "counters/row.hpp"
#include "counters/tables.hpp"
#include "pg/privileges.hpp"
#include "pg/spi.hpp"

namespace counters {

namespace {

// Marks a cell that still has a value.
struct Mark {
  std::int64_t value;
  bool unfolded;
};

bool mark(char* fixed, void* argument) {
  const auto& wanted = *static_cast<const Mark*>(argument);
  CountCell cell = load_count(fixed);
  if (cell.value != wanted.value || cell.unfolded == wanted.unfolded) return false;
  cell.unfolded = wanted.unfolded;
  store_count(fixed, cell);
  return true;
}

std::optional<pg::Timestamp> last_hit(const cells::Identity& row) {
  last_hits().open();
  std::optional<cells::Place> place = last_hits().find(row);
  std::int64_t time = DT_NOBEGIN;
  if (!place || !last_hits().read(row, *place, &time) || time == DT_NOBEGIN) return std::nullopt;
  return pg::Timestamp{time};
}

void mark_by_statement(std::int32_t counter, const FoldedRow& row) {
  const Unguarded writing;
  const pg::ActingAs owner{pg::owner_of(counts().storage().relation)};
  pg::Spi{}.run(
      "UPDATE steward._counts SET unfolded = false WHERE counter OPERATOR(pg_catalog.=) $1 AND key "
      "OPERATOR(pg_catalog.=) $2"
      " AND value OPERATOR(pg_catalog.=) $3 AND unfolded",
      counter, row.key, row.value);
}

}  // namespace

std::optional<std::int64_t> cell_value(std::int32_t counter, const std::string& key) {
  const cells::Identity identity{counter, key};
  counts().open_to_read();
  std::optional<cells::Place> place = counts().find(identity);
  char fixed[count_cell_size];
  if (!place || !counts().read(identity, *place, fixed)) return std::nullopt;
  return load_count(fixed).value;
}

std::int64_t with_pending(std::int32_t counter, const std::string& key, std::int64_t committed) {
  const std::optional<Pending> own = pending({counter, key});
  return own ? own->change.applied_to(committed).value_or(committed) : committed;
}

std::optional<std::int64_t> pending_in_bucket(std::int32_t counter, const std::string& key,
                                              std::int64_t start) {
  const std::optional<Pending> own = pending({counter, key});
  if (!own || own->change.hits == 0 || !own->counted->in_bucket || own->counted->in_bucket->start() != start)
    return std::nullopt;
  return own->change.hits;
}

std::optional<std::int64_t> current_count(const Counter& counter, const std::string& key) {
  counts().open_to_read();
  if (cells::mode() == cells::Mode::row) {
    const std::optional<TableRow> row = find_row(counter, key, RowLock::none);
    if (!row) return std::nullopt;
    return with_pending(counter.id, key, count_with_deltas(counter.id, key, row->value));
  }
  if (const std::optional<std::int64_t> value = cell_value(counter.id, key))
    return with_pending(counter.id, key, *value);
  const std::optional<TableRow> row = find_row(counter, key, RowLock::none);
  if (!row) return std::nullopt;
  return with_pending(counter.id, key, row->value);
}

void drop_cells(std::int32_t counter, const std::string& key) {
  forget(counter, key);
  counts().drop(counter, key);
  buckets().drop(counter, key);
  last_hits().drop(counter, key);
  drop_deltas(counter, &key);
}

void drop_cells(std::int32_t counter) {
  forget(counter);
  counts().drop(counter, std::nullopt);
  buckets().drop(counter, std::nullopt);
  last_hits().drop(counter, std::nullopt);
  drop_deltas(counter, nullptr);
}

void move_cells(std::int32_t counter, const std::string& from, const std::string& to) {
  for (cells::Table* table : {&counts(), &buckets(), &last_hits()}) table->lock_out_writers();
  lock_out_delta_writers();
  for (cells::Table* table : {&counts(), &buckets(), &last_hits()}) table->move(counter, from, to);
  move_deltas(counter, from, to);
  move_pending(counter, from, to);
}

// Whoever counts writes the time before the count, and takes it back before the count too. So when the count was still that which was folded,
// and the time is, after that, then neither has been written in between; what is being written marks the cell again.
void mark_folded(std::int32_t counter, bool keeps_last, const FoldedRow& row) {
  counts().open();
  if (cells::mode() == cells::Mode::row) return mark_by_statement(counter, row);
  const cells::Identity identity{counter, row.key};
  std::optional<cells::Place> place = counts().find(identity);
  Mark folded{row.value, false};
  if (!place || !counts().overwrite(identity, *place, &mark, &folded).changed || !keeps_last) return;
  Mark again{row.value, true};
  if (last_hit(identity) != row.last) counts().overwrite(identity, *place, &mark, &again);
}

}  // namespace counters
