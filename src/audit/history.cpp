// history(): what the log has of a row, under the keys that it has had.
#include <set>

#include "audit/entries.hpp"
#include "audit/pending.hpp"
#include "pg/parameters.hpp"
#include "pg/row_store.hpp"

namespace audit {

namespace {

// A stretch of the log in which a row had a key.
struct Stretch {
  RowKey key;
  std::int64_t after, to;
};

pg::KeptQuery arrivals{
    "SELECT id, at, tx, seq, action, changed, old_values, new_values FROM steward.audit_records"
    " WHERE rel_id OPERATOR(pg_catalog.=) $1 AND row_key OPERATOR(pg_catalog.=) $2"
    " AND id OPERATOR(pg_catalog.>) $3 AND id OPERATOR(pg_catalog.<=) $4"
    " AND action OPERATOR(pg_catalog.=) 'update' AND changed OPERATOR(pg_catalog.&&) $5"};
// Where the row that has a key at a record has begun to be.
pg::KeptQuery beginning{
    "SELECT id FROM steward.audit_records"
    " WHERE rel_id OPERATOR(pg_catalog.=) $1 AND row_key OPERATOR(pg_catalog.=) $2"
    " AND id OPERATOR(pg_catalog.<) $3 AND action OPERATOR(pg_catalog.=) 'create' ORDER BY id DESC LIMIT 1"};
pg::KeptQuery shown{
    "SELECT * FROM steward.audit_log WHERE rel_id OPERATOR(pg_catalog.=) $1"
    " AND row_key OPERATOR(pg_catalog.=) $2 ORDER BY id"};
pg::KeptQuery shown_between{
    "SELECT * FROM steward.audit_log WHERE rel_id OPERATOR(pg_catalog.=) $1"
    " AND row_key OPERATOR(pg_catalog.=) $2 AND id OPERATOR(pg_catalog.>) $3 AND id OPERATOR(pg_catalog.<=) "
    "$4"};
pg::KeptQuery shown_truncates{
    "SELECT * FROM steward.audit_log WHERE rel_id OPERATOR(pg_catalog.=) $1"
    " AND row_key IS NULL AND action OPERATOR(pg_catalog.=) 'truncate' AND id OPERATOR(pg_catalog.>) $2"};

// The stretch itself, and those before it that the row came from.
std::vector<Stretch> stretches_of(const pg::Spi& spi, const KeyedTable& table, const RowKey& key) {
  constexpr std::int64_t end = std::numeric_limits<std::int64_t>::max();
  const std::vector<std::string> names = table.key_names();
  std::vector<Stretch> stretches{{key, 0, end}};
  for (std::size_t i = 0; i < stretches.size(); ++i) {
    const Stretch one = stretches[i];
    const std::uint64_t count = arrivals.run(spi, table.number(), one.key.text, one.after, one.to, names);
    std::vector<Entry> found;
    for (std::uint64_t row = 0; row < count; ++row) found.push_back(read_entry(spi, row, 1));
    for (const Entry& entry : found)
      if (const Move move = move_of(table, one.key, entry); move.from) {
        const bool has_begun = beginning.run(spi, table.number(), move.from->text, entry.id) > 0;
        stretches.push_back({*move.from, has_begun ? spi.value<std::int64_t>(0, 1) - 1 : 0, entry.id - 1});
      }
    pg::check_interrupts();
  }
  return stretches;
}

class Shown {
 public:
  Shown(const pg::Spi& spi, pg::RowStore& store) : spi_{spi}, store_{store} {}

  void put(std::uint64_t count) {
    for (std::uint64_t row = 0; row < count; ++row) store_.put(pg::result_row(spi_, row));
  }
  // Those of several queries, for put_all().
  void add(std::uint64_t count) {
    for (std::uint64_t row = 0; row < count; ++row)
      rows_[spi_.value<std::int64_t>(row, 1)] = pg::call(::heap_copytuple, pg::result_row(spi_, row));
  }
  void put_all() {
    for (const auto& [id, row] : rows_) store_.put(row);
  }
  std::int64_t first() const { return rows_.empty() ? 0 : rows_.begin()->first; }
  bool empty() const noexcept { return rows_.empty(); }

 private:
  const pg::Spi& spi_;
  pg::RowStore& store_;
  std::map<std::int64_t, HeapTuple> rows_;
};

template <typename Key>
void history(pg::RowStore& store, Oid rel, const Key& given) {
  flush_for_reader();
  const KeyedTable table{rel};
  const RowKey key = table.key_of(given);
  // A plan for all keys must not read all transactions, however many records the server thinks that a key has.
  pg::Parameters parameters;
  for (const char* join : {"enable_hashjoin", "enable_mergejoin", "enable_seqscan"})
    parameters.set(join, "off");
  const pg::Spi spi;
  Shown rows{spi, store};
  const std::vector<Stretch> stretches = stretches_of(spi, table, key);
  const bool is_truncated = last_truncate(spi, table.number(), {}) > 0;
  if (stretches.size() == 1 && !is_truncated) return rows.put(shown.run(spi, table.number(), key.text));
  for (const Stretch& one : stretches)
    rows.add(shown_between.run(spi, table.number(), one.key.text, one.after, one.to));
  if (is_truncated && !rows.empty()) rows.add(shown_truncates.run(spi, table.number(), rows.first()));
  rows.put_all();
}

}  // namespace

}  // namespace audit

namespace sql {

void history_text(pg::RowStore& store, pg::RelationId rel, std::string_view key) {
  audit::history(store, rel.oid, key);
}

void history_bigint(pg::RowStore& store, pg::RelationId rel, std::int64_t key) {
  audit::history(store, rel.oid, key);
}

void history_uuid(pg::RowStore& store, pg::RelationId rel, pg::Uuid key) {
  audit::history(store, rel.oid, key);
}

}  // namespace sql

PG_SQL_STORE(history_text);
PG_SQL_STORE(history_bigint);
PG_SQL_STORE(history_uuid);
