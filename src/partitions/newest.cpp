#include "partitions/newest.hpp"

#include "partitions/key_index.hpp"
#include "partitions/scopes.hpp"
#include "pg/spi.hpp"

namespace partitions {

namespace {

bool is_foreign(Oid table) { return pg::call(::get_rel_relkind, table) == RELKIND_FOREIGN_TABLE; }

// There is no NULL in a key, and a descending order without it can go by an index.
std::string newest_query(const Set& set, Oid partition) {
  return fmt::format("SELECT {} FROM {} ORDER BY {} DESC LIMIT 1", selected(set.key),
                     pg::qualified_name(partition), pg::quoted_identifier(set.key.column));
}

}  // namespace

std::optional<std::int64_t> newest_key(const Set& set, Oid partition) {
  if (!is_foreign(partition) && !has_key_index(partition, set.key)) return std::nullopt;
  const AsOwnerOf owner{set.relation};
  pg::Parameters parameters;
  parameters.set("enable_seqscan", "off");
  pg::Spi spi;
  if (spi.run_on_latest(newest_query(set, partition)) == 0) return std::nullopt;
  return selected_value(set.key, spi, 0, 1);
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
