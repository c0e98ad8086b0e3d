#include "partitions/order.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "pg/spi.hpp"

namespace partitions {

namespace {

using References = std::map<Oid, std::vector<Oid>>;

// For each table those that refer to it; what belongs to a key of a partitioned table is left out, and what refers to itself.
References references() {
  pg::Spi spi;
  const std::uint64_t count = spi.run_on_latest(
      "SELECT DISTINCT confrelid::pg_catalog.regclass, conrelid::pg_catalog.regclass FROM "
      "pg_catalog.pg_constraint"
      " WHERE contype OPERATOR(pg_catalog.=) 'f' AND conparentid OPERATOR(pg_catalog.=) 0"
      " AND conrelid OPERATOR(pg_catalog.<>) confrelid ORDER BY 1, 2");
  References found;
  for (std::uint64_t i = 0; i < count; ++i)
    found[spi.value<pg::RelationId>(i, 1).oid].push_back(spi.value<pg::RelationId>(i, 2).oid);
  return found;
}

// Everything that refers to a table, at any distance, before it. A circle is cut where it is entered.
void visit(Oid table, const References& references, std::set<Oid>& seen, std::vector<Oid>& order) {
  if (!seen.insert(table).second) return;
  if (const auto found = references.find(table); found != references.end())
    for (const Oid referring : found->second) visit(referring, references, seen, order);
  order.push_back(table);
}

}  // namespace

std::vector<Oid> referencing_first(const std::vector<Oid>& tables) {
  const References all = references();
  std::set<Oid> seen;
  std::vector<Oid> order;
  for (const Oid table : tables) visit(table, all, seen, order);
  std::erase_if(order,
                [&](Oid table) { return std::find(tables.begin(), tables.end(), table) == tables.end(); });
  return order;
}

}  // namespace partitions
