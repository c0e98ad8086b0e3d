#include "partitions/strays.hpp"

#include <algorithm>

#include "partitions/default_rows.hpp"
#include "partitions/key_index.hpp"
#include "partitions/scopes.hpp"

namespace partitions {

namespace {

constexpr std::int64_t most_blocks = 2048;  // of each of its leaves, where it is partitioned itself

struct Size {
  std::int64_t blocks;
  std::optional<std::int64_t> rows;  // as of the last vacuum
};

Size size_of(Oid table) {
  pg::Spi spi;
  spi.run_on_latest(
      "SELECT COALESCE(pg_catalog.sum(pg_catalog.pg_relation_size(t.relid) OPERATOR(pg_catalog./) $2), "
      "0)::pg_catalog.int8,"
      " pg_catalog.sum(NULLIF(c.reltuples, -1))::pg_catalog.int8"
      " FROM pg_catalog.pg_partition_tree($1) AS t JOIN pg_catalog.pg_class AS c ON c.oid "
      "OPERATOR(pg_catalog.=) t.relid"
      " WHERE t.isleaf",
      pg::RelationId{table}, std::int64_t{BLCKSZ});
  return {spi.value<std::int64_t>(0, 1), spi.find<std::int64_t>(0, 2)};
}

bool has_indexed(Oid table, const Key& key, const std::string& condition) {
  if (!has_key_index(table, key)) return false;
  pg::Parameters parameters;
  parameters.set("enable_seqscan", "off");
  return pg::Spi{}.run_on_latest(
             fmt::format("SELECT FROM {} WHERE {} LIMIT 1", pg::qualified_name(table), condition)) != 0;
}

}  // namespace

std::optional<Strays> strays_of(const Set& set) {
  if (!set.default_partition) return std::nullopt;
  const Oid table = *set.default_partition;
  const AsOwnerOf owner{table};
  const Size size = size_of(table);
  if (pg::call(::get_rel_relkind, table) == RELKIND_FOREIGN_TABLE) return Strays{size.rows, false, false};
  const std::string condition = condition_of(set.key, wanted_range(set));
  std::int64_t rows = 0, misplaced = 0;
  {
    pg::Spi spi;
    spi.run_on_latest(
        fmt::format("SELECT pg_catalog.count(*), pg_catalog.count(*) FILTER (WHERE {}) FROM {}"
                    " WHERE ctid OPERATOR(pg_catalog.<) '({},0)'::pg_catalog.tid",
                    condition, pg::qualified_name(table), most_blocks));
    rows = spi.value<std::int64_t>(0, 1);
    misplaced = spi.value<std::int64_t>(0, 2);
  }
  if (size.blocks <= most_blocks) return Strays{rows, true, misplaced > 0};
  return Strays{std::max(rows, size.rows.value_or(rows * size.blocks / most_blocks)), false,
                misplaced > 0 || has_indexed(table, set.key, condition)};
}

}  // namespace partitions
