// blame(): who last set each column of a row.
#include <algorithm>
#include <set>
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

// A column that no record has set yet, by its name at the time that has been reached on the way back.
struct Unset {
  std::string column, name;
};

// Those that an ALTER TABLE has given to all rows nobody has set before it, and nobody is looked for who set what came without a record.
std::vector<Unset> unset_at(const Image& image, const std::set<std::string>& unrecorded,
                            const std::vector<Alteration>& alterations, std::int64_t id) {
  std::vector<Unset> unset;
  for (const auto& [column, cell] : image.cells()) {
    if (cell.tx || unrecorded.contains(column)) continue;
    Unset one{column, column};
    bool is_added = false;
    for (auto change = alterations.rbegin(); change != alterations.rend() && change->from_id > id; ++change) {
      is_added = is_added || std::any_of(change->added.begin(), change->added.end(),
                                         [&](const pg::Member& added) { return added.name == one.name; });
      for (const auto& [from, to] : change->renamed)
        if (to == one.name) {
          one.name = from;
          break;
        }
    }
    if (!is_added) unset.push_back(std::move(one));
  }
  return unset;
}

// Who set what the newest record of the whole row only says to have stayed. A value that a record does not have is one that came without a
// record, while its column was ignored: nobody is named for it.
void find_setters(const pg::Spi& spi, const KeyedTable& table, RowKey key, Image& image) {
  const std::int64_t last = last_entry(spi, table.number(), key, {});
  const std::int64_t truncate = last_truncate(spi, table.number(), {last});
  std::pair<std::int64_t, std::int32_t> arrival{0, 0};
  std::set<std::string> unrecorded;
  for (std::int64_t to = last;;) {
    const std::vector<Entry> some = entries_back(spi, table.number(), key, to);
    if (some.empty()) return;
    for (const Entry& entry : some) {
      to = entry.id - 1;
      // The other one of the two that a change of the key has made.
      if (arrival == std::pair{entry.tx, entry.seq}) continue;
      const Move move = move_of(table, key, entry);
      const bool is_end = entry.action == Entry::Action::remove || move.to;
      if (is_end && entry.id == last) continue;  // the row is told as it was before
      const std::vector<Unset> unset = unset_at(image, unrecorded, table.alterations(), entry.id);
      if (unset.empty() || is_end || entry.id < truncate) return;
      for (const Unset& one : unset) {
        if (entry.action != Entry::Action::create &&
            std::find(entry.changed.begin(), entry.changed.end(), one.name) == entry.changed.end())
          continue;
        const auto value = entry.new_values.find(one.name);
        if (value == entry.new_values.end() || value->second != image.cells().at(one.column).value)
          unrecorded.insert(one.column);
        else
          image.attribute(one.column, entry);
      }
      if (entry.action == Entry::Action::create) return;
      if (move.from) {
        key = *move.from;
        arrival = {entry.tx, entry.seq};
        break;
      }
    }
    pg::check_interrupts();
  }
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
  flush_for_reader();
  const KeyedTable table{rel};
  const RowKey key = table.key_of(given);
  const pg::Spi spi;
  const Past past{spi, table};
  std::optional<Image> image = last_known(spi, table, past, key);
  if (!image) return;
  find_setters(spi, table, key, *image);
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
