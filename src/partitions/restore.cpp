// Back from the bin.
#include "errors.hpp"
#include "partitions/age.hpp"
#include "partitions/drain.hpp"
#include "partitions/hold.hpp"
#include "partitions/recycle.hpp"
#include "partitions/retire.hpp"
#include "partitions/scopes.hpp"
#include "pg/function.hpp"
#include "pg/notice.hpp"
#include "pg/spi.hpp"
#include "pg/wait_point.hpp"

namespace partitions {

namespace {

Recycled require_recycled(Oid table) {
  std::optional<Recycled> found = find_recycled(table);
  if (!found)
    throw pg::at(pg::Error{errors::not_managed, fmt::format("table \"{}\" is no detached partition",
                                                            pg::call(::get_rel_name, table))}
                     .hint("Those that can be restored are in steward.recycled_partitions."),
                 table);
  return std::move(*found);
}

// Dropping it waits for this lock, or has been faster.
Recycled lock_recycled(Oid table) {
  { const pg::OpenRelation exists{table, AccessShareLock}; }
  const Recycled before = require_recycled(table);
  pg::require_owner(before.set);
  { const pg::OpenRelation lock{table, AccessExclusiveLock}; }
  return require_recycled(table);
}

// As SQL, because the bounds are.
std::string range_of(const Set& set, const Recycled& bounds) {
  const std::string column = pg::quoted_identifier(set.key.column);
  std::string condition = fmt::format("{} OPERATOR(pg_catalog.<) {}", column, bounds.upper_bound);
  if (bounds.lower_bound != bound_text(set.key, core::ladder::lowest))
    condition += fmt::format(" AND {} OPERATOR(pg_catalog.>=) {}", column, bounds.lower_bound);
  return condition;
}

// Rows that have come for the range meanwhile: nobody can reach them any more. As for every move, readers of older states
// must have gone, and nobody may have planned before and read afterwards.
std::vector<pg::RowId> take_from_default(const Set& set, const std::string& range, Locks& locks) {
  if (!may_have_default_rows(set)) return {};
  if (!default_rows_where(set, range).empty()) {
    await_older_snapshots(set, locks);
    locks.take(set.relation, AccessExclusiveLock);
  }
  locks.take(*set.default_partition, AccessExclusiveLock);
  const std::vector<pg::RowId> rows = default_rows_where(set, range);
  if (rows.empty()) return rows;
  require_moves_told(set);
  locks.take(set.relation, AccessExclusiveLock);  // where the first of them came just now
  pg::take_rows(pg::OpenRelation{*set.default_partition, AccessExclusiveLock}, rows);
  return rows;
}

// The keys come first, while only the table itself is locked: ATTACH takes them for the set's own and reads no row, nor does
// it for the bounds.
void attach(const Set& set, const Recycled& recycled) {
  Locks locks;
  const AsOwnerOf owner{set.relation};
  const std::string table = pg::qualified_name(recycled.table);
  add_foreign_keys(recycled.table, recycled.keys);
  const std::vector<pg::RowId> rows = take_from_default(set, range_of(set, recycled), locks);
  pg::Spi{}.run(fmt::format("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})",
                            pg::qualified_name(set.relation), table, recycled.lower_bound,
                            recycled.upper_bound));
  drop_bounds_check(recycled.table);
  if (!rows.empty()) put_default_rows(set, recycled.table, rows);
}

// Or the next maintenance would detach it again.
void hold_if_old(Oid relation, const Options& options, Oid table) {
  std::vector<Due> due;
  add_retired(due, Set::of(relation, options, ShareUpdateExclusiveLock));
  const auto is_due = [&](const Due& one) {
    return one.action == Due::Action::detach && one.partition == table;
  };
  if (std::none_of(due.begin(), due.end(), is_due)) return;
  hold(table, "restored");
  pg::notice(fmt::format(
      "partition \"{}\" is older than its table keeps rows: it is held until steward.unhold_partition()",
      pg::call(::get_rel_name, table)));
}

}  // namespace

}  // namespace partitions

namespace sql {

void restore_partition(pg::RelationId part) {
  using namespace partitions;
  pg::require_writable("restore_partition()");
  const Recycled recycled = lock_recycled(part.oid);
  pg::wait_point("restore: locked");
  const Options options = find_options(recycled.set).value();
  {
    const WithinBudget budget{options.lock_budget};
    attach(Set::of(recycled.set, options, ShareUpdateExclusiveLock), recycled);
  }
  pg::wait_point("restore: attached");
  unlist(part.oid);
  hold_if_old(recycled.set, options, part.oid);
  pg::wait_point("restore: unlisted");
}

}  // namespace sql

PG_SQL_FUNCTION(restore_partition);
