#include "counters/deltas_fold.hpp"

#include <unordered_set>

#include "counters/cells.hpp"
#include "counters/owners_rows.hpp"
#include "counters/scopes.hpp"
#include "pg/spi.hpp"
#include "pg/transaction.hpp"

namespace counters {

namespace {

using Keys = std::vector<std::string>;

constexpr const char next_keys[] =
    "SELECT DISTINCT key FROM steward._count_deltas WHERE counter OPERATOR(pg_catalog.=) $1"
    " AND ($2 IS NULL OR key OPERATOR(pg_catalog.>) $2) ORDER BY key LIMIT 1000";

// The deltas go, the cells get them: where there is no cell, upon what the table says.
constexpr const char add_up[] =
    "WITH gone AS (DELETE FROM steward._count_deltas WHERE counter OPERATOR(pg_catalog.=) $1"
    "     AND key OPERATOR(pg_catalog.=) ANY ($2) RETURNING key, delta, hits, start, hit_at),"
    " sums AS (SELECT key, pg_catalog.sum(delta)::pg_catalog.int8 AS delta FROM gone GROUP BY key),"
    " known AS (UPDATE steward._counts AS c SET value = c.value OPERATOR(pg_catalog.+) s.delta, unfolded = "
    "true FROM sums s"
    "     WHERE c.counter OPERATOR(pg_catalog.=) $1 AND c.key OPERATOR(pg_catalog.=) s.key RETURNING c.key),"
    " made AS (INSERT INTO steward._counts (value, unfolded, counter, key)"
    "     SELECT b.value OPERATOR(pg_catalog.+) s.delta, true, $1, s.key FROM sums s"
    "     JOIN ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3)) AS b (key, value)"
    "     ON b.key OPERATOR(pg_catalog.=) s.key"
    "     WHERE NOT EXISTS (SELECT FROM known k WHERE k.key OPERATOR(pg_catalog.=) s.key)),"
    " buckets AS (INSERT INTO steward._bucket_counts AS b (value, start, counter, key)"
    "     SELECT pg_catalog.sum(hits)::pg_catalog.int8, start, $1, key FROM gone"
    "     WHERE start IS NOT NULL GROUP BY key, start"
    "     ON CONFLICT (counter, key, start) DO UPDATE SET value = b.value OPERATOR(pg_catalog.+) "
    "EXCLUDED.value),"
    " lasts AS (INSERT INTO steward._last_hits AS l (value, counter, key)"
    "     SELECT pg_catalog.max(hit_at), $1, key FROM gone WHERE hit_at IS NOT NULL GROUP BY key"
    "     ON CONFLICT (counter, key) DO UPDATE SET value = greatest(l.value, EXCLUDED.value))"
    " SELECT FROM gone LIMIT 0";

Keys read_keys(const Counter& counter, const std::optional<std::string>& after) {
  const AsSteward steward;
  pg::Spi spi;
  const std::uint64_t count = spi.run(next_keys, counter.id, after);
  Keys keys;
  for (std::uint64_t i = 0; i < count; ++i) keys.push_back(spi.value<std::string>(i, 1));
  return keys;
}

void add_deltas(const Counter& counter, const std::vector<OwnersRow>& rows) {
  if (rows.empty()) return;
  Keys keys;
  std::vector<std::int64_t> bases;
  for (const OwnersRow& row : rows) {
    keys.push_back(row.key);
    bases.push_back(row.value.value_or(0));
  }
  const AsSteward steward;
  const Unguarded unguarded;
  pg::Spi spi;
  spi.run(add_up, counter.id, keys, bases);
}

Keys without(const Keys& keys, const std::vector<OwnersRow>& rows) {
  std::unordered_set<std::string_view> found;
  for (const OwnersRow& row : rows) found.insert(row.key);
  Keys rest;
  for (const std::string& key : keys)
    if (!found.contains(key)) rest.push_back(key);
  return rest;
}

std::vector<std::int64_t> ids_of(const Counter& counter, const Keys& keys) {
  const AsSteward steward;
  pg::Spi spi;
  const std::uint64_t count = spi.run(
      "SELECT id FROM steward._count_deltas WHERE counter OPERATOR(pg_catalog.=) $1"
      " AND key OPERATOR(pg_catalog.=) ANY ($2)",
      counter.id, keys);
  std::vector<std::int64_t> ids;
  for (std::uint64_t i = 0; i < count; ++i) ids.push_back(spi.value<std::int64_t>(i, 1));
  return ids;
}

// Deltas whose row does not exist. A hit locks its row, so when its delta can be seen, and a look that comes later does
// not find the row, then the row has gone since. Only the deltas seen before the look go: the key may have come back.
void drop_orphans(const Counter& counter, const Keys& keys) {
  if (keys.empty()) return;
  const std::vector<std::int64_t> ids = ids_of(counter, keys);
  const Keys absent = without(keys, read_rows(counter, keys));
  if (absent.empty()) return;
  const AsSteward steward;
  pg::Spi spi;
  spi.run(
      "DELETE FROM steward._count_deltas WHERE counter OPERATOR(pg_catalog.=) $1"
      " AND key OPERATOR(pg_catalog.=) ANY ($2) AND id OPERATOR(pg_catalog.=) ANY ($3)",
      counter.id, absent, ids);
}

// Whoever adds up all deltas must see all of them, also those that were committed while it waited for a lock.
void require_latest_state() {
  if (!pg::sees_one_state()) return;
  throw pg::Error{ERRCODE_FEATURE_NOT_SUPPORTED, "cannot add up the counts of mode row in this transaction"}
      .detail("At its isolation level it does not see what others have counted since it began.")
      .hint("BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED.");
}

}  // namespace

std::optional<std::string> merge_next(const Counter& counter, const std::optional<std::string>& after) {
  const Keys keys = read_keys(counter, after);
  if (keys.empty()) return std::nullopt;
  // The lock keeps the row's deletion, and with it that of its cells, away until the new cell can be seen.
  const std::vector<OwnersRow> rows = lock_rows(counter, keys, Against::deleting, Locked::left_out);
  add_deltas(counter, rows);
  drop_orphans(counter, without(keys, rows));
  return keys.back();
}

void merge_deltas(const Counter& counter) {
  require_latest_state();
  for (Keys keys = read_keys(counter, std::nullopt); !keys.empty(); keys = read_keys(counter, keys.back())) {
    pg::check_interrupts();
    // No row is locked: whoever deletes one waits for us before its cells go, and we would wait for each other.
    const std::vector<OwnersRow> rows = read_rows(counter, keys);
    add_deltas(counter, rows);
    drop_orphans(counter, without(keys, rows));
  }
}

void merge_deltas() {
  require_latest_state();
  std::vector<Oid> relations;
  {
    const AsSteward steward;
    pg::Spi spi;
    const std::uint64_t count = spi.run_on_latest("SELECT DISTINCT rel FROM steward._counters ORDER BY rel");
    for (std::uint64_t i = 0; i < count; ++i) relations.push_back(spi.value<pg::RelationId>(i, 1).oid);
  }
  for (const Oid relation : relations) {
    if (pg::call(::get_rel_relkind, relation) == '\0') continue;
    for (const auto& counter : counters_of(relation)) merge_deltas(*counter);
  }
  const AsSteward steward;
  pg::Spi spi;
  spi.run("DELETE FROM steward._count_deltas");
}

}  // namespace counters
