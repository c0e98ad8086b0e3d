#include "partitions/newest.hpp"

#include "partitions/scopes.hpp"
#include "pg/spi.hpp"

namespace partitions {

bool is_indexed(Oid table, const std::string& column) {
  return pg::Spi{}.run_on_latest(
             "SELECT FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid "
             "OPERATOR(pg_catalog.=) i.indexrelid"
             " JOIN pg_catalog.pg_am AS m ON m.oid OPERATOR(pg_catalog.=) c.relam"
             " JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) i.indrelid"
             "   AND a.attnum OPERATOR(pg_catalog.=) i.indkey[0]"
             " WHERE i.indrelid OPERATOR(pg_catalog.=) $1 AND a.attname OPERATOR(pg_catalog.=) $2 AND "
             "i.indisvalid"
             " AND i.indpred IS NULL AND m.amname OPERATOR(pg_catalog.=) 'btree'",
             pg::RelationId{table}, pg::Name{column}) != 0;
}

namespace {

bool is_foreign(Oid table) { return pg::call(::get_rel_relkind, table) == RELKIND_FOREIGN_TABLE; }

// Dates as times; there is no NULL in a key, and a descending order without it can go by an index.
std::string newest_query(const Set& set, Oid partition) {
  const std::string column = pg::quoted_identifier(set.key.column);
  return fmt::format("SELECT {0}{1} FROM {2} ORDER BY {0} DESC LIMIT 1", column,
                     set.key.kind == KeyKind::date ? "::pg_catalog.timestamp" : "",
                     pg::qualified_name(partition));
}

}  // namespace

std::optional<std::int64_t> newest_key(const Set& set, Oid partition) {
  if (!is_foreign(partition) && !is_indexed(partition, set.key.column)) return std::nullopt;
  const AsOwnerOf owner{set.relation};
  pg::Parameters parameters;
  parameters.set("enable_seqscan", "off");
  pg::Spi spi;
  if (spi.run_on_latest(newest_query(set, partition)) == 0) return std::nullopt;
  if (set.key.kind == KeyKind::uuid)
    return number_of(set.key, pg::Type<pg::Uuid>::to(spi.value<pg::Uuid>(0, 1)));
  return spi.value<pg::Timestamp>(0, 1).microseconds;
}

bool has_rows_from(const Set& set, Oid table, const std::string& upper_bound) {
  const AsOwnerOf owner{set.relation};
  pg::Parameters parameters;
  parameters.set("constraint_exclusion", "on");
  return pg::Spi{}.run_on_latest(fmt::format("SELECT FROM {} WHERE {} OPERATOR(pg_catalog.>=) {} LIMIT 1",
                                             pg::qualified_name(table), pg::quoted_identifier(set.key.column),
                                             upper_bound)) != 0;
}

}  // namespace partitions
