#include "partitions/recycle.hpp"

#include "core/json.hpp"
#include "errors.hpp"
#include "partitions/age.hpp"
#include "partitions/hold.hpp"
#include "partitions/newest.hpp"
#include "partitions/scopes.hpp"
#include "pg/spi.hpp"
#include "pg/wait_point.hpp"
#include "settings.hpp"

namespace partitions {

namespace {

constexpr const char listed[] =
    "SELECT r.part, r.rel, r.lower_bound, r.upper_bound, r.detached_at, r.drop_after, r.foreign_keys, "
    "r.referenced_by"
    " FROM steward.recycled_partitions AS r"
    " JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) r.part AND NOT c.relispartition";

Recycled read(const pg::Spi& spi, std::uint64_t row) {
  return {.table = spi.value<pg::RelationId>(row, 1).oid,
          .set = spi.value<pg::RelationId>(row, 2).oid,
          .lower_bound = spi.value<std::string>(row, 3),
          .upper_bound = spi.value<std::string>(row, 4),
          .detached_at = spi.value<pg::Timestamp>(row, 5),
          .drop_after = spi.find<pg::Timestamp>(row, 6),
          .keys = {.own = spi.value<std::vector<std::string>>(row, 7),
                   .referenced = spi.value<std::vector<std::string>>(row, 8)}};
}

// Oldest first; without a time all. What the condition says is of row r.
std::vector<Recycled> recycled_before(const Set& set, std::optional<std::int64_t> time,
                                      const std::string& condition = "true") {
  const AsSteward steward;
  pg::Spi spi;
  const std::uint64_t count = spi.run_on_latest(
      fmt::format("{} WHERE r.rel OPERATOR(pg_catalog.=) $1"
                  " AND ($2 IS NULL OR r.drop_after OPERATOR(pg_catalog.<=) $2) AND {}"
                  " ORDER BY r.drop_after, r.lower_bound",
                  listed, condition),
      pg::RelationId{set.relation}, time ? std::optional{pg::Timestamp{*time}} : std::nullopt);
  std::vector<Recycled> found;
  for (std::uint64_t i = 0; i < count; ++i) found.push_back(read(spi, i));
  return found;
}

// Whether the set's retention keeps what is in row r by now. An archive may have hundreds of rows, which are asked at each run: by one
// statement. The bounds of other sets are of other types.
std::string wanted_condition(const Set& set) {
  const std::optional<std::int64_t> cutoff = cutoff_of(set);
  if (!cutoff) return "true";
  return fmt::format(
      "CASE WHEN r.rel OPERATOR(pg_catalog.=) $1 AND r.upper_bound OPERATOR(pg_catalog.<>) 'MAXVALUE'"
      " THEN pg_catalog.btrim(r.upper_bound, '''')::{0} OPERATOR(pg_catalog.>) {1}::{0} ELSE true END",
      pg::call(::format_type_be_qualified, set.key.type), bound_text(set.key, *cutoff));
}

std::string drop_statement(Oid table) {
  const bool foreign = pg::call(::get_rel_relkind, table) == RELKIND_FOREIGN_TABLE;
  return fmt::format("DROP {} {}", foreign ? "FOREIGN TABLE" : "TABLE", pg::qualified_name(table));
}

// The bounds are what the set's owner could have written.
bool is_wanted_again(const Set& set, const Recycled& one) {
  const AsOwnerOf owner{set.relation};
  const std::optional<std::int64_t> cutoff = cutoff_of(set);
  return !cutoff || bound_of(set.key, one.upper_bound) > *cutoff;
}

constexpr const char keeps_it[] = "the table keeps such rows by now: steward.restore_partition() attaches it";

}  // namespace

void list(const Recycled& recycled) {
  unlist(recycled.table);
  const AsSteward steward;
  pg::Spi{}.run(
      "INSERT INTO steward.recycled_partitions"
      " (part, rel, lower_bound, upper_bound, detached_at, drop_after, foreign_keys, referenced_by)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      pg::RelationId{recycled.table}, pg::RelationId{recycled.set}, recycled.lower_bound,
      recycled.upper_bound, recycled.detached_at, recycled.drop_after, recycled.keys.own,
      recycled.keys.referenced);
}

void unlist(Oid table) {
  const AsSteward steward;
  pg::Spi{}.run("DELETE FROM steward.recycled_partitions WHERE part OPERATOR(pg_catalog.=) $1",
                pg::RelationId{table});
}

std::optional<Recycled> find_recycled(Oid table) {
  const AsSteward steward;
  pg::Spi spi;
  if (spi.run_on_latest(fmt::format("{} WHERE r.part OPERATOR(pg_catalog.=) $1", listed),
                        pg::RelationId{table}) == 0)
    return std::nullopt;
  return read(spi, 0);
}

std::vector<core::ladder::Range> wanted_again(const Set& set) {
  std::vector<core::ladder::Range> ranges;
  if (!set.options.has_recycled) return ranges;
  for (const Recycled& one : recycled_before(set, std::nullopt, wanted_condition(set)))
    ranges.push_back({bound_of(set.key, one.lower_bound), bound_of(set.key, one.upper_bound)});
  return ranges;
}

void add_purged(std::vector<Due>& due, const Set& set) {
  if (!set.options.has_recycled) return;
  for (const Recycled& one : recycled_before(set, settings::now())) {
    const char* name = pg::call(::get_rel_name, one.table);
    if (name == nullptr) continue;  // nobody has it locked: dropped by hand just now
    std::optional<std::string> held = hold_of(one.table);
    if (!held && is_wanted_again(set, one)) held = keeps_it;
    due.push_back({.action = held ? Due::Action::held : Due::Action::drop,
                   .partition_name = name,
                   .partition = one.table,
                   .lower_bound = one.lower_bound,
                   .upper_bound = one.upper_bound,
                   .statement = drop_statement(one.table),
                   .reason = with_hold(fmt::format("detached at {} and kept until {}",
                                                   core::iso_time(one.detached_at.microseconds),
                                                   core::iso_time(one.drop_after->microseconds)),
                                       held)});
  }
}

void purge(const Set& set, const Due& due, Locks& locks) {
  const Oid table = due.partition.value();
  locks.take(table, AccessExclusiveLock);
  pg::wait_point("drop: locked");
  // Somebody may have been faster: to restore it, to drop it, or to attach it.
  const std::optional<Recycled> recycled = find_recycled(table);
  if (!recycled) return;
  require_not_held(table);
  if (is_wanted_again(set, *recycled))
    throw pg::at(pg::Error{errors::refused_for_safety,
                           fmt::format("detached partition \"{}\" holds rows that are still wanted",
                                       due.partition_name)}
                     .hint("steward.restore_partition() attaches it."),
                 table);
  if (has_rows_from(set, table, recycled->upper_bound))
    throw pg::at(pg::Error{errors::refused_for_safety,
                           fmt::format("detached partition \"{}\" holds rows that are newer than it was",
                                       due.partition_name)}
                     .detail(fmt::format("Its rows were from before {}.", recycled->upper_bound))
                     .hint("Whoever writes it has taken it for something else: delete its row from "
                           "steward.recycled_partitions to keep it, or those rows."),
                 table);
  unlist(table);
  pg::wait_point("drop: unlisted");
  const AsOwnerOf owner{set.relation};
  pg::Spi{}.run(drop_statement(table));
  pg::wait_point("drop: dropped");
}

}  // namespace partitions
