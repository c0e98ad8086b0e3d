#include "partitions/drain.hpp"

#include "errors.hpp"
#include "partitions/create.hpp"
#include "partitions/scopes.hpp"
#include "pg/lock_wait.hpp"
#include "pg/notice.hpp"
#include "pg/pause.hpp"
#include "pg/wait_point.hpp"
#include "settings.hpp"

namespace partitions {

namespace {

using core::ladder::Range;

Due move_of(const Set& set, const Range& range, std::optional<Oid> partition, std::string name) {
  return {
      .action = Due::Action::move,
      .partition_name = std::move(name),
      .partition = partition,
      .range = range,
      .lower_bound = bound_text(set.key, range.from),
      .upper_bound = bound_text(set.key, range.to),
      .statement = "-- rows of the default partition move, a few thousand in each transaction",
      .reason = partition ? "it has some of its rows only" : "the default partition holds rows of the range"};
}

// What is left of the range of the partition that is being filled.
Range rest_of_filling(const Set& set) {
  for (const Child& child : set.children)
    if (child.relation == set.filling->relation) return {child.range.to, set.filling->range.to};
  return set.filling->range;
}

// Whoever reads the set must not have planned before and read afterwards: so its parent first, for the first rows, too.
void lock_for_moving(const Set& set, const Due& due, Locks& locks) {
  if (!due.partition) locks.take_referring(set.relation);
  locks.take(set.relation, AccessExclusiveLock);
  locks.take(*set.default_partition, AccessExclusiveLock);
  if (due.partition) locks.take(*due.partition, AccessExclusiveLock);
}

// What is not there yet begins without a row, which proves nothing wrong; what is there gets room.
Oid make_room(const Set& set, const Due& due, std::int64_t until, Locks& locks) {
  if (!due.partition) return Maker{set, locks}.make({due.range.from, until});
  pg::set_upper_bound(*due.partition, set.relation, set.default_partition, value_text(set.key, until));
  return *due.partition;
}

// How far the filling of a partition is; a row of _moving_partitions as long as rows are missing.
struct Progress {
  std::int64_t moved, total;
};

std::optional<Progress> find_progress(Oid table) {
  const AsSteward steward;
  pg::Spi spi;
  if (spi.run_on_latest(
          "SELECT moved, total FROM steward._moving_partitions WHERE rel OPERATOR(pg_catalog.=) $1",
          pg::RelationId{table}) == 0)
    return std::nullopt;
  return Progress{spi.value<std::int64_t>(0, 1), spi.value<std::int64_t>(0, 2)};
}

void store_progress(Oid table, Oid partition, const Progress& progress) {
  const AsSteward steward;
  pg::Spi{}.run(
      "INSERT INTO steward._moving_partitions AS m (rel, part, moved, total, began, moved_at)"
      " VALUES ($1, $2, $3, $4, pg_catalog.now(), pg_catalog.clock_timestamp())"
      " ON CONFLICT (rel) DO UPDATE SET part = $2, moved = $3, total = $4, moved_at = "
      "pg_catalog.clock_timestamp(),"
      " began = CASE WHEN m.part OPERATOR(pg_catalog.=) $2 THEN m.began ELSE EXCLUDED.began END",
      pg::RelationId{table}, pg::RelationId{partition}, progress.moved, progress.total);
}

void forget_progress(Oid table) {
  const AsSteward steward;
  pg::Spi{}.run("DELETE FROM steward._moving_partitions WHERE rel OPERATOR(pg_catalog.=) $1",
                pg::RelationId{table});
}

// Of the partition that is being filled; where none is yet, nothing is moved, and the rows are counted while nobody waits.
Progress progress_before(const Set& set, const Due& due) {
  if (due.partition)
    if (const std::optional<Progress> found = find_progress(set.relation)) return *found;
  return {0, count_default_rows(set, due.range)};
}

// Without a default partition there is no row to come, nor anything in the way.
void widen(const Set& set, const Due& due, Locks& locks) {
  locks.take(set.relation, AccessExclusiveLock);
  locks.take(due.partition.value(), AccessExclusiveLock);
  make_room(set, due, due.range.to, locks);
}

// At each so many percent that somebody has asked for.
void tell_progress(Oid partition, const Progress& before, const Progress& after) {
  const std::int64_t every = settings::progress_notice();
  if (every == 0 || after.total == 0) return;
  const auto percent = [&](const Progress& at) {
    return std::min<std::int64_t>(100, 100 * at.moved / after.total);
  };
  if (percent(before) / every == percent(after) / every) return;
  pg::notice(fmt::format("moved {} % of the rows of partition \"{}\"", percent(after),
                         pg::call(::get_rel_name, partition)));
}

// Taken out first: only then has the partition, or its new bound, nothing in its way. None of them may be open there.
Oid move(const Set& set, const Due& due, const DefaultRows& first, Locks& locks) {
  pg::take_rows(pg::OpenRelation{*set.default_partition, AccessExclusiveLock}, first.rows);
  pg::wait_point("move: taken");
  const Oid partition = make_room(set, due, first.until, locks);
  pg::wait_point("move: room made");
  const AsOwnerOf owner{set.relation};  // whose functions indexes may call
  put_default_rows(set, partition, first.rows);
  return partition;
}

}  // namespace

void add_filling(std::vector<Due>& due, const Set& set) {
  if (set.filling)
    due.push_back(move_of(set, rest_of_filling(set), set.filling->relation,
                          pg::call(::get_rel_name, set.filling->relation)));
}

void add_moves(std::vector<Due>& due, const Set& set, const std::vector<Range>& occupied) {
  for (const Range& range : occupied)
    due.push_back(move_of(set, range, std::nullopt, free_name(set, set.steps.suffix(range.from))));
}

void await_older_snapshots(const Set& set, Locks& locks) {
  constexpr long first_pause = 2, longest_wait = 1'000;  // milliseconds
  pg::OlderSnapshots older;
  for (long waited = 0, pause = first_pause; !older.gone(); waited += pause, pause *= 2) {
    if (waited > longest_wait) {
      locks.blame(older.processes());
      throw pg::at(
          pg::Error{
              errors::budget_used_up,
              fmt::format("rows of the default partition of table \"{}\" wait for older snapshots", set.name)}
              .detail(fmt::format("Of {}.", locks.blocked_by()))
              .hint("They move when those transactions have ended, with the next maintenance. "
                    "steward.lock_history shows which they are."),
          set.relation);
    }
    pg::pause(pause);
  }
}

// To a subscriber that is told of inserts only, a row that moves comes a second time.
void require_moves_told(const Set& set) {
  pg::Spi spi;
  if (spi.run_on_latest(
          "SELECT p.pubname::pg_catalog.text FROM pg_catalog.pg_publication AS p"
          " WHERE p.pubinsert AND NOT p.pubdelete"
          " AND (p.puballtables OR EXISTS (SELECT FROM pg_catalog.pg_partition_ancestors($1) AS a"
          "   JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) a.relid"
          "   WHERE EXISTS (SELECT FROM pg_catalog.pg_publication_rel AS r WHERE r.prpubid "
          "OPERATOR(pg_catalog.=) p.oid AND r.prrelid OPERATOR(pg_catalog.=) c.oid)"
          "   OR EXISTS (SELECT FROM pg_catalog.pg_publication_namespace AS n WHERE n.pnpubid "
          "OPERATOR(pg_catalog.=) p.oid AND n.pnnspid OPERATOR(pg_catalog.=) c.relnamespace))) ORDER BY 1",
          pg::RelationId{set.relation}) == 0)
    return;
  throw pg::at(
      pg::Error{
          ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
          fmt::format(
              "rows of the default partition of table \"{}\" cannot move while publication \"{}\" tells "
              "of inserts but not of deletes",
              set.name, spi.value<std::string>(0, 1))}
          .detail("Its subscribers would get them twice.")
          .hint("Let it publish deletes, too, or leave the table out of it."),
      set.relation);
}

void move_rows(const Set& set, const Due& due, Locks& locks) {
  // By hand, or by another option every, it may have got all of its step meanwhile.
  if (due.range.from >= due.range.to) return forget_progress(set.relation);
  if (!set.default_partition) {
    widen(set, due, locks);
    return forget_progress(set.relation);
  }
  require_moves_told(set);
  const Progress before = progress_before(set, due);
  await_older_snapshots(set, locks);
  lock_for_moving(set, due, locks);
  pg::wait_point("move: locked");
  const DefaultRows first = first_default_rows(set, due.range);
  const Oid partition = move(set, due, first, locks);
  const Progress after{before.moved + static_cast<std::int64_t>(first.rows.size()), before.total};
  pg::wait_point("move: put");
  if (first.until == due.range.to)
    forget_progress(set.relation);
  else
    store_progress(set.relation, partition, after);
  tell_progress(partition, before, after);
}

}  // namespace partitions
