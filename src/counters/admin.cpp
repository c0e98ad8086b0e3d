// Declaring that rows are counted, and taking that back.
#include <algorithm>

#include "counters/binding.hpp"
#include "counters/cells.hpp"
#include "counters/counter.hpp"
#include "counters/fold.hpp"
#include "counters/tables.hpp"
#include "counters/target.hpp"
#include "errors.hpp"
#include "keys/orphans.hpp"
#include "pg/argument.hpp"
#include "pg/function.hpp"
#include "pg/privileges.hpp"
#include "pg/sequence.hpp"
#include "pg/spi.hpp"
#include "pg/watch.hpp"

namespace sql {

namespace {

constexpr const char default_zone[] = "UTC";

// What is NULL in a call is left as it is.
struct Options {
  std::optional<std::string> bucket, time_zone;
  std::optional<pg::Period> keep;
};

std::string bucket_name(const pg::Period& bucket) {
  constexpr std::int64_t hour = 3'600'000'000;
  if (bucket == pg::Period{hour, 0, 0}) return "hour";
  if (bucket == pg::Period{0, 1, 0}) return "day";
  if (bucket == pg::Period{0, 7, 0}) return "week";
  if (bucket == pg::Period{0, 0, 1}) return "month";
  throw pg::Error{ERRCODE_INVALID_PARAMETER_VALUE, "invalid value for argument \"bucket\""}.hint(
      "Available values: 1 hour, 1 day, 1 week, 1 month.");
}

// A time zone in the server's own judgement, and in its own words when it is none.
void check_zone(const std::string& zone) {
  pg::Spi{}.run("SELECT pg_catalog.timezone($1, pg_catalog.now())", zone);
}

void check_keep(const pg::Period& keep) {
  constexpr double day = 86'400e6;  // microseconds
  if ((30.0 * keep.months + keep.days) * day + static_cast<double>(keep.microseconds) <= 0)
    pg::refuse_argument("keep must be positive", "Buckets that are older than keep are removed.");
}

Options options_of(const std::optional<pg::Period>& bucket, const std::optional<std::string_view>& time_zone,
                   const std::optional<pg::Period>& keep) {
  Options options;
  if (bucket) options.bucket = bucket_name(*bucket);
  if (time_zone) check_zone(options.time_zone.emplace(*time_zone));
  if (keep) check_keep(*keep);
  options.keep = keep;
  return options;
}

void require_bucket(const Options& options, bool has_bucket) {
  if (has_bucket) return;
  if (options.time_zone) pg::refuse_argument("time_zone needs a bucket", "It says when buckets begin.");
  if (options.keep) pg::refuse_argument("keep needs a bucket", "It says when buckets are removed.");
}

// The table's schema is for the extension's owner alone; so are the counters' rows and cells.
Oid steward() { return pg::owner_of(pg::own_relation(counters::counters_table)); }

std::shared_ptr<const counters::Counter> bound_on(Oid table, const std::string& column) {
  for (auto& counter : counters::counters_of(table))
    if (counter->name == column) return counter;
  return nullptr;
}

// A counter of this table and column that no trigger ties to them any more.
std::optional<std::int32_t> unbound_on(Oid table, const std::string& column) {
  const auto bound = counters::counters_of(table);
  const pg::ActingAs owner{steward()};
  pg::Spi spi;
  const std::uint64_t rows = spi.run_on_latest(
      fmt::format("SELECT id FROM steward._counters WHERE rel OPERATOR(pg_catalog.=) {} AND col"
                  " OPERATOR(pg_catalog.=) {} ORDER BY id DESC",
                  table, pg::quoted_literal(column)));
  for (std::uint64_t i = 0; i < rows; ++i) {
    const auto id = spi.value<std::int32_t>(i, 1);
    if (std::none_of(bound.begin(), bound.end(), [&](const auto& counter) { return counter->id == id; }))
      return id;
  }
  return std::nullopt;
}

std::string named(const pg::OpenRelation& table, const std::string& column) {
  return fmt::format("column \"{}\" of table \"{}\"", column, table.name());
}

void refuse_if_pending(const pg::OpenRelation& table, const std::string& column, std::int32_t counter) {
  if (!counters::has_pending(counter)) return;
  throw pg::at(pg::Error{ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                         fmt::format("{} has hits that are not committed", named(table, column))}
                   .detail("This transaction has made them.")
                   .hint("Commit the hits first."),
               table.oid(), column);
}

std::int32_t insert_counter(Oid table, const std::string& column, const Options& options) {
  require_bucket(options, options.bucket.has_value());
  const auto id = static_cast<std::int32_t>(pg::next_value(pg::own_relation("_counter_ids")));
  const pg::ActingAs owner{steward()};
  pg::Spi{}.run(
      "INSERT INTO steward._counters (id, rel, col, bucket, time_zone, keep) VALUES ($1, $2, $3, $4, $5, $6)",
      id, pg::RelationId{table}, pg::Name{column}, options.bucket,
      options.bucket ? std::optional{options.time_zone.value_or(default_zone)} : std::nullopt, options.keep);
  return id;
}

bool has_buckets(pg::Spi& spi, std::int32_t counter) {
  spi.run_on_latest(fmt::format(
      "SELECT EXISTS (SELECT FROM steward._bucket_counts WHERE counter OPERATOR(pg_catalog.=) {0})"
      " OR EXISTS (SELECT FROM steward._count_deltas WHERE counter OPERATOR(pg_catalog.=) {0}"
      " AND start IS NOT NULL)",
      counter));
  return spi.text(0, 1) == "t";
}

// True when there was something to change.
bool update_counter(const pg::OpenRelation& table, const std::string& column, std::int32_t counter,
                    const Options& options) {
  const pg::ActingAs owner{steward()};
  pg::Spi spi;
  if (spi.run_on_latest(fmt::format(
          "SELECT bucket, time_zone FROM steward._counters WHERE id OPERATOR(pg_catalog.=) {}", counter)) ==
      0)
    return false;
  const std::string bucket = spi.text(0, 1), zone = spi.text(0, 2);
  require_bucket(options, options.bucket || !bucket.empty());
  const std::string new_bucket = options.bucket.value_or(bucket);
  const std::string new_zone = options.time_zone.value_or(zone.empty() ? default_zone : zone);
  if (new_bucket.empty()) return false;
  if (new_bucket != bucket || new_zone != zone) {
    refuse_if_pending(table, column, counter);
    if (has_buckets(spi, counter))
      throw pg::at(
          pg::Error{ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                    fmt::format("cannot change the buckets of {}", named(table, column))}
              .detail("Buckets of another length or time zone would not line up with those counted so far.")
              .hint("Drop the counter and create it again; its counts stay, its buckets go."),
          table.oid(), column);
    spi.run("UPDATE steward._counters SET bucket = $2, time_zone = $3 WHERE id OPERATOR(pg_catalog.=) $1",
            counter, new_bucket, new_zone);
  } else if (!options.keep) {
    return false;
  }
  if (options.keep)
    spi.run("UPDATE steward._counters SET keep = $2 WHERE id OPERATOR(pg_catalog.=) $1", counter,
            options.keep);
  return true;
}

// Keys of a counter's cells in order, behind one of them.
std::vector<std::string> keys_behind(std::int32_t counter, const std::optional<std::string>& key) {
  const pg::ActingAs owner{steward()};
  pg::Spi spi;
  const std::uint64_t rows = spi.run_on_latest(fmt::format(
      "SELECT key FROM steward._counts WHERE counter OPERATOR(pg_catalog.=) {}{}"
      " ORDER BY key LIMIT {}",
      counter, key ? fmt::format(" AND key OPERATOR(pg_catalog.>) {}", pg::quoted_literal(*key)) : "",
      keys::keys_at_once));
  std::vector<std::string> keys;
  for (std::uint64_t i = 0; i < rows; ++i) keys.push_back(spi.text(i, 1));
  return keys;
}

// While no trigger tied the counter to its table, rows may have gone without their cells.
void drop_orphans(Oid table, std::int32_t counter, const counters::KeyColumn& key) {
  keys::drop_orphans(table, key,
                     {.what = "their counts",
                      .keys_behind = [&](const auto& last) { return keys_behind(counter, last); },
                      .drop = [&](const std::string& gone) { counters::drop_cells(counter, gone); }});
}

// Another last_col means another trigger in the place of the old one, and DROP TRIGGER's lock from the start.
LOCKMODE lock_to_bind(Oid table, const std::string& col, const std::optional<pg::Name>& last_col) {
  if (!last_col) return ShareRowExclusiveLock;
  const auto bound = bound_on(table, col);
  return bound && bound->last_name != last_col->text ? AccessExclusiveLock : ShareRowExclusiveLock;
}

}  // namespace

void create_counter(pg::RelationId rel, const pg::Name& col, const std::optional<pg::Period>& bucket,
                    const std::optional<std::string_view>& time_zone, const std::optional<pg::Period>& keep,
                    const std::optional<pg::Name>& last_col) {
  counters::KeyColumn key;
  std::int32_t counter = 0;
  bool unbound = false, changed = true;
  counters::BoundColumns columns;
  {
    const counters::LockedTable table{rel.oid, "create_counter()", lock_to_bind(rel.oid, col.text, last_col)};
    counters::require_countable(table);
    key = counters::require_key(table);
    counters::require_count_column(table, col.text, key.name);
    if (last_col) counters::require_last_column(table, last_col->text);
    const Options options = options_of(bucket, time_zone, keep);
    columns = {key.name, col.text, last_col ? last_col->text : ""};
    if (const auto bound = bound_on(rel.oid, col.text)) {
      counter = bound->id;
      if (!last_col) columns.last = bound->last_name;
      if (columns.last != bound->last_name) refuse_if_pending(table, col.text, counter);
      changed = update_counter(table, col.text, counter, options);
    } else if (const std::optional<std::int32_t> old = unbound_on(rel.oid, col.text)) {
      counter = *old;
      unbound = true;
      update_counter(table, col.text, counter, options);
    } else {
      counter = insert_counter(rel.oid, col.text, options);
    }
  }
  // A table's triggers cannot be changed while it is open; it is still locked.
  counters::bind(rel.oid, counter, columns);
  if (unbound) drop_orphans(rel.oid, counter, key);
  if (changed) pg::announce_change(pg::own_relation(counters::counters_table));
}

void drop_counter(pg::RelationId rel, const pg::Name& col) {
  std::int32_t counter = 0;
  std::shared_ptr<const counters::Counter> bound;
  {
    // As DROP TRIGGER takes it: raised later, the lock would wait for readers who, to count, wait for us.
    const counters::LockedTable table{rel.oid, "drop_counter()", AccessExclusiveLock};
    bound = bound_on(rel.oid, col.text);
    const std::optional<std::int32_t> unbound = bound ? std::nullopt : unbound_on(rel.oid, col.text);
    if (!bound && !unbound) {
      counters::counter_of(rel.oid, col.text);  // says what there is instead
      return;
    }
    counter = bound ? bound->id : *unbound;
    refuse_if_pending(table, col.text, counter);
  }
  if (bound) counters::fold_now(*bound);
  counters::unbind(rel.oid, counter);
  counters::drop_cells(counter);
  {
    const pg::ActingAs owner{steward()};
    pg::Spi{}.run("DELETE FROM steward._counters WHERE id OPERATOR(pg_catalog.=) $1", counter);
  }
  pg::announce_change(pg::own_relation(counters::counters_table));
}

}  // namespace sql

PG_SQL_FUNCTION(create_counter);
PG_SQL_FUNCTION(drop_counter);
