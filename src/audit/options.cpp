#include "audit/options.hpp"

#include "audit/scopes.hpp"
#include "pg/spi.hpp"
#include "pg/watch.hpp"

namespace audit {

std::optional<Options> find_options(Oid table) {
  const AsSteward steward;
  pg::Spi spi;
  if (spi.run_on_latest("SELECT rel_id, redact_cols, redact_as OPERATOR(pg_catalog.=) 'mask', full_rows"
                        " FROM steward._audited WHERE rel OPERATOR(pg_catalog.=) $1",
                        pg::RelationId{table}) == 0)
    return std::nullopt;
  return Options{spi.value<std::int32_t>(0, 1), spi.value<std::vector<std::string>>(0, 2),
                 spi.value<bool>(0, 3), spi.value<bool>(0, 4)};
}

void store_options(Oid table, const Options& options, bool is_new) {
  const AsSteward steward;
  pg::Spi{}.run(
      is_new ? "INSERT INTO steward._audited (rel, rel_id, redact_cols, redact_as, full_rows) VALUES ($1, "
               "$2, $3, $4, $5)"
             : "UPDATE steward._audited SET rel_id = $2, redact_cols = $3, redact_as = $4, full_rows = $5"
               " WHERE rel OPERATOR(pg_catalog.=) $1",
      pg::RelationId{table}, options.number, options.redacted, std::string{options.masked ? "mask" : "hash"},
      options.full_rows);
  pg::announce_change(pg::own_relation(audited_table));
}

void erase_options(Oid table) {
  const AsSteward steward;
  pg::Spi{}.run("DELETE FROM steward._audited WHERE rel OPERATOR(pg_catalog.=) $1", pg::RelationId{table});
  pg::announce_change(pg::own_relation(audited_table));
}

std::optional<Audited> find_audited(Oid table) {
  std::vector<Oid> tables = pg::ancestors_of(table);
  tables.insert(tables.begin(), table);
  for (auto one = tables.rbegin(); one != tables.rend(); ++one)
    if (const std::optional<Options> options = find_options(*one)) return Audited{*one, *options};
  return std::nullopt;
}

}  // namespace audit
