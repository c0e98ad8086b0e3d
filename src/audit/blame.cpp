// blame(): who last set each column of a row.
#include <algorithm>
#include <unordered_map>

#include "audit/pending.hpp"
#include "audit/state.hpp"
#include "pg/attributes.hpp"
#include "pg/store.hpp"

namespace audit {

namespace {

using Lines = pg::Store<std::string, pg::Json, std::optional<std::string>, std::optional<pg::Timestamp>,
                        std::optional<std::int64_t>>;

pg::KeptQuery actors{
    "SELECT tx, actor FROM steward.audit_transactions WHERE tx OPERATOR(pg_catalog.=) ANY ($1)"};

// A row that is gone, as it was before.
std::optional<Image> last_known(const pg::Spi& spi, const KeyedTable& table, const Past& past,
                                const RowKey& key) {
  if (std::optional<Image> image = past.at(key, {})) return image;
  if (const std::int64_t last = last_entry(spi, table.number(), key, {}); last > 0) {
    const std::vector<Entry> entries = entries_back(spi, table.number(), key, last);
    if (entries.front().action == Entry::Action::remove || move_of(table, key, entries.front()).to)
      return past.at(key, {last - 1});
    const std::int64_t truncate = last_truncate(spi, table.number(), {});
    return truncate > last ? past.at(key, {truncate - 1}) : std::nullopt;
  }
  return std::nullopt;
}

std::unordered_map<std::int64_t, std::string> actors_of(const pg::Spi& spi, const Image& image) {
  std::vector<std::int64_t> txs;
  for (const auto& [name, cell] : image.cells())
    if (cell.tx) txs.push_back(*cell.tx);
  std::unordered_map<std::int64_t, std::string> found;
  const std::uint64_t count = actors.run(spi, txs);
  for (std::uint64_t i = 0; i < count; ++i)
    if (const auto actor = spi.find<std::string>(i, 2)) found[spi.value<std::int64_t>(i, 1)] = *actor;
  return found;
}

template <typename Key>
void blame(Lines& lines, Oid rel, const Key& given) {
  flush();
  const KeyedTable table{rel};
  const RowKey key = table.key_of(given);
  const pg::Spi spi;
  const Past past{spi, table};
  std::optional<Image> image = last_known(spi, table, past, key);
  if (!image) return;
  past.strip(*image, std::numeric_limits<std::int64_t>::max());
  const std::unordered_map<std::int64_t, std::string> names = actors_of(spi, *image);
  for (const pg::Attribute& column : pg::attributes_of(table.oid())) {
    const auto found = image->cells().find(column.name);
    if (found == image->cells().end()) continue;
    const Cell& cell = found->second;
    const auto actor = cell.tx ? names.find(*cell.tx) : names.end();
    lines.put(column.name, cell.value, actor != names.end() ? std::optional{actor->second} : std::nullopt,
              cell.tx ? std::optional{cell.at} : std::nullopt, cell.tx);
  }
}

}  // namespace

}  // namespace audit

namespace sql {

void blame_text(audit::Lines& lines, pg::RelationId rel, std::string_view key) {
  audit::blame(lines, rel.oid, key);
}

void blame_bigint(audit::Lines& lines, pg::RelationId rel, std::int64_t key) {
  audit::blame(lines, rel.oid, key);
}

void blame_uuid(audit::Lines& lines, pg::RelationId rel, pg::Uuid key) { audit::blame(lines, rel.oid, key); }

}  // namespace sql

PG_SQL_STORE(blame_text);
PG_SQL_STORE(blame_bigint);
PG_SQL_STORE(blame_uuid);
