#include "audit/entries.hpp"

#include <algorithm>

namespace audit {

namespace {

// What came before a time without records tells nothing of what is.
#define SINCE                                                                               \
  " AND at OPERATOR(pg_catalog.>=) (SELECT since FROM steward.audit_relations WHERE rel_id" \
  " OPERATOR(pg_catalog.=) $1)"
#define CHANGES SINCE " AND action OPERATOR(pg_catalog.=) ANY ('{create,update,delete}'::pg_catalog.text[])"
#define OF_KEY                                                         \
  " FROM steward.audit_records WHERE rel_id OPERATOR(pg_catalog.=) $1" \
  " AND row_key OPERATOR(pg_catalog.=) $2" CHANGES
#define OF_TABLE                                                       \
  " FROM steward.audit_records WHERE rel_id OPERATOR(pg_catalog.=) $1" \
  " AND row_key IS NULL AND action OPERATOR(pg_catalog.=) 'truncate'" SINCE

pg::KeptQuery last{"SELECT id" OF_KEY
                   " AND id OPERATOR(pg_catalog.<=) $3 AND at OPERATOR(pg_catalog.<=) $4"
                   " ORDER BY id DESC LIMIT 1"};
pg::KeptQuery back{"SELECT id, at, tx, seq, action, changed, old_values, new_values" OF_KEY
                   " AND id OPERATOR(pg_catalog.<=) $3 ORDER BY id DESC LIMIT 100"};
pg::KeptQuery on{"SELECT id, at, tx, seq, action, changed, old_values, new_values" OF_KEY
                 " AND id OPERATOR(pg_catalog.>) $3 ORDER BY id LIMIT 100"};
pg::KeptQuery truncate_before{"SELECT id" OF_TABLE
                              " AND id OPERATOR(pg_catalog.<=) $2 AND at OPERATOR(pg_catalog.<=) $3"
                              " ORDER BY id DESC LIMIT 1"};
pg::KeptQuery truncate_after{"SELECT id" OF_TABLE " AND id OPERATOR(pg_catalog.>) $2 ORDER BY id LIMIT 1"};

#undef SINCE
#undef CHANGES
#undef OF_KEY
#undef OF_TABLE

Values values_in(const std::optional<pg::Json>& object) {
  Values values;
  if (!object) return values;
  for (pg::Member& member : pg::members_of(*object)) values[std::move(member.name)] = std::move(member.value);
  return values;
}

Entry::Action action_named(std::string_view name) {
  if (name == "create") return Entry::Action::create;
  return name == "delete" ? Entry::Action::remove : Entry::Action::update;
}

std::vector<Entry> read_all(const pg::Spi& spi, std::uint64_t count) {
  std::vector<Entry> entries;
  for (std::uint64_t i = 0; i < count; ++i) entries.push_back(read_entry(spi, i, 1));
  return entries;
}

}  // namespace

Entry read_entry(const pg::Spi& spi, std::uint64_t row, int first) {
  return {spi.value<std::int64_t>(row, first),
          spi.value<pg::Timestamp>(row, first + 1),
          spi.value<std::int64_t>(row, first + 2),
          spi.value<std::int32_t>(row, first + 3),
          action_named(spi.value<std::string>(row, first + 4)),
          spi.find<std::vector<std::string>>(row, first + 5).value_or(std::vector<std::string>{}),
          values_in(spi.find<pg::Json>(row, first + 6)),
          values_in(spi.find<pg::Json>(row, first + 7))};
}

std::int64_t last_entry(const pg::Spi& spi, std::int32_t number, const RowKey& key, Bound bound) {
  return last.run(spi, number, key.text, bound.id, bound.at) == 0 ? 0 : spi.value<std::int64_t>(0, 1);
}

std::vector<Entry> entries_back(const pg::Spi& spi, std::int32_t number, const RowKey& key, std::int64_t to) {
  return read_all(spi, back.run(spi, number, key.text, to));
}

std::vector<Entry> entries_on(const pg::Spi& spi, std::int32_t number, const RowKey& key,
                              std::int64_t after) {
  return read_all(spi, on.run(spi, number, key.text, after));
}

std::int64_t last_truncate(const pg::Spi& spi, std::int32_t number, Bound bound) {
  return truncate_before.run(spi, number, bound.id, bound.at) == 0 ? 0 : spi.value<std::int64_t>(0, 1);
}

std::int64_t next_truncate(const pg::Spi& spi, std::int32_t number, std::int64_t after) {
  return truncate_after.run(spi, number, after) == 0 ? 0 : spi.value<std::int64_t>(0, 1);
}

// The entries of both keys say the same; which of the two this is shows by where the row went.
Move move_of(const KeyedTable& table, const RowKey& key, const Entry& entry) {
  if (entry.action != Entry::Action::update) return {};
  const bool concerns_key = std::any_of(table.key().begin(), table.key().end(), [&](const KeyColumn& column) {
    const std::string name = table.name_then(column.name, entry.id);
    return std::find(entry.changed.begin(), entry.changed.end(), name) != entry.changed.end();
  });
  if (!concerns_key) return {};
  const RowKey now = table.with(key, entry.new_values, entry.id);
  if (!(now == key)) return {std::nullopt, now};
  const RowKey before = table.with(key, entry.old_values, entry.id);
  if (!(before == key)) return {before, std::nullopt};
  return {};
}

}  // namespace audit
