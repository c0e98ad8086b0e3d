// Back from the bin.
#include "errors.hpp"
#include "partitions/age.hpp"
#include "partitions/create.hpp"
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

std::int64_t rows_between(const Set& set, Oid table, const Recycled& bounds) {
  const std::string column = pg::quoted_identifier(set.key.column);
  std::string condition = fmt::format("{} OPERATOR(pg_catalog.<) {}", column, bounds.upper_bound);
  if (bounds.lower_bound != bound_text(set.key, core::ladder::lowest))
    condition += fmt::format(" AND {} OPERATOR(pg_catalog.>=) {}", column, bounds.lower_bound);
  pg::Spi spi;
  spi.run_on_latest(
      fmt::format("SELECT pg_catalog.count(*) FROM {} WHERE {}", pg::qualified_name(table), condition));
  return spi.value<std::int64_t>(0, 1);
}

// Nobody can write the default partition any more.
void require_room(const Set& set, const Recycled& recycled) {
  if (!set.default_partition) return;
  pg::call(::LockRelationOid, *set.default_partition, LOCKMODE{AccessExclusiveLock});
  const std::int64_t rows = rows_between(set, *set.default_partition, recycled);
  if (rows == 0) return;
  const char* name = pg::call(::get_rel_name, *set.default_partition);
  throw pg::at(
      pg::Error{ERRCODE_CHECK_VIOLATION,
                fmt::format("default partition \"{}\" holds {} row{} of the range of partition \"{}\"", name,
                            rows, rows == 1 ? "" : "s", pg::call(::get_rel_name, recycled.table))}
          .detail(fmt::format("The range goes from {} to {}.", recycled.lower_bound, recycled.upper_bound))
          .hint("Move them into the partition that is to be restored, then try again."),
      *set.default_partition);
}

// The keys come first, while only the table itself is locked: ATTACH takes them for the set's own and reads no row, nor does
// it for the bounds.
void attach(const Set& set, const Recycled& recycled) {
  const AsOwnerOf owner{set.relation};
  const std::string table = pg::qualified_name(recycled.table);
  add_foreign_keys(recycled.table, recycled.keys);
  require_room(set, recycled);
  pg::Spi{}.run(fmt::format("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})",
                            pg::qualified_name(set.relation), table, recycled.lower_bound,
                            recycled.upper_bound));
  drop_bounds_check(recycled.table);
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
