#include "counters/owners_rows.hpp"

#include "counters/key.hpp"
#include "counters/scopes.hpp"
#include "counters/table_text.hpp"
#include "pg/spi.hpp"

namespace counters {

namespace {

std::vector<OwnersRow> rows_of(const Counter& counter, const pg::Spi& spi, std::uint64_t count) {
  std::vector<OwnersRow> rows;
  rows.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i)
    rows.push_back({spi.value<std::string>(i, 1), spi.find<std::int64_t>(i, 2),
                    counter.last_number != 0 ? spi.find<pg::Timestamp>(i, 3) : std::nullopt});
  return rows;
}

std::vector<OwnersRow> select(const Counter& counter, const std::vector<std::string>& keys,
                              const char* locking) {
  if (keys.empty()) return {};
  const AsOwnerOf owner{counter.relation};
  pg::Spi spi;
  const std::uint64_t count =
      spi.run(fmt::format("SELECT {} FROM {} AS t WHERE t.{} OPERATOR(pg_catalog.=) ANY ($1::{}[]) {}",
                          columns_text(counter), table_text(counter), pg::quoted_identifier(counter.key_name),
                          key_cast(counter.key_type), locking),
              keys);
  return rows_of(counter, spi, count);
}

}  // namespace

std::vector<OwnersRow> read_rows(const Counter& counter, const std::vector<std::string>& keys) {
  return select(counter, keys, "");
}

std::vector<OwnersRow> lock_rows(const Counter& counter, const std::vector<std::string>& keys,
                                 Against against, Locked locked) {
  const std::string locking =
      fmt::format("FOR {} OF t{}", against == Against::deleting ? "KEY SHARE" : "NO KEY UPDATE",
                  locked == Locked::left_out ? " SKIP LOCKED" : "");
  return select(counter, keys, locking.c_str());
}

std::vector<OwnersRow> write_rows(const Counter& counter, const NewCounts& counts) {
  if (counts.keys.empty()) return {};
  const AsOwnerOf owner{counter.relation};
  pg::Spi spi;
  const std::string last =
      counter.last_number != 0 ? pg::quoted_identifier(counter.last_name) : std::string{};
  const std::string set_last = last.empty() ? "" : fmt::format(", {} = coalesce(w.last, t.{})", last, last);
  const std::uint64_t count = spi.run(
      fmt::format("UPDATE {} AS t SET {} = w.value{} FROM ROWS FROM (pg_catalog.unnest($1::{}[]),"
                  " pg_catalog.unnest($2), pg_catalog.unnest($3)) AS w (key, value, last)"
                  " WHERE t.{} OPERATOR(pg_catalog.=) w.key RETURNING {}",
                  table_text(counter), pg::quoted_identifier(counter.name), set_last,
                  key_cast(counter.key_type), pg::quoted_identifier(counter.key_name), columns_text(counter)),
      counts.keys, counts.values, counts.lasts);
  return rows_of(counter, spi, count);
}

}  // namespace counters
