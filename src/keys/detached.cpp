#include "keys/detached.hpp"

#include "pg/acting.hpp"
#include "pg/spi.hpp"

namespace keys {

std::vector<Oid> detached_from(Oid table) {
  const pg::AsSteward steward;
  pg::Spi spi;
  const std::uint64_t count = spi.run_on_latest(
      "SELECT r.part FROM steward.recycled_partitions AS r"
      " JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) r.part AND NOT c.relispartition"
      " WHERE r.rel OPERATOR(pg_catalog.=) $1 ORDER BY r.detached_at DESC, r.part",
      pg::RelationId{table});
  std::vector<Oid> tables;
  for (std::uint64_t i = 0; i < count; ++i) tables.push_back(spi.value<pg::RelationId>(i, 1).oid);
  return tables;
}

}  // namespace keys
