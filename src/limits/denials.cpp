// What view limit_denials shows of the cells.
#include "limits/rights.hpp"
#include "limits/scopes.hpp"
#include "pg/spi.hpp"
#include "pg/store.hpp"

namespace limits {

namespace {

struct Denials {
  std::int32_t meter;
  Oid subjects;
  std::string subject;
  std::int64_t denied;
  pg::Timestamp last_denied;
};

std::vector<Denials> denials_in_cells() {
  std::vector<Denials> found;
  const AsSteward steward;
  pg::Spi spi;
  const std::uint64_t count = spi.query(
      "SELECT c.meter, m.subjects, c.subject, pg_catalog.sum(c.denied)::pg_catalog.int8, "
      "pg_catalog.max(c.last_denied)"
      " FROM steward._limit_cells AS c JOIN steward._meters AS m ON m.id OPERATOR(pg_catalog.=) c.meter"
      " WHERE c.denied OPERATOR(pg_catalog.>) 0 GROUP BY c.meter, m.subjects, c.subject");
  for (std::uint64_t i = 0; i < count; ++i)
    found.push_back({spi.value<std::int32_t>(i, 1), spi.value<pg::RelationId>(i, 2).oid,
                     spi.value<std::string>(i, 3), spi.value<std::int64_t>(i, 4),
                     spi.value<pg::Timestamp>(i, 5)});
  return found;
}

}  // namespace

}  // namespace limits

namespace sql {

// Nothing on a standby, where the cells cannot be read. A function, because a view that names them is refused there as a whole.
void _cell_denials(pg::Store<std::int32_t, std::string, std::int64_t, pg::Timestamp>& store) {
  if (RecoveryInProgress()) return;
  for (const limits::Denials& one : limits::denials_in_cells()) {
    const auto table = limits::find_subjects(one.subjects);
    if (table && limits::may_see(*table, one.subject))
      store.put(one.meter, one.subject, one.denied, one.last_denied);
  }
}

}  // namespace sql

PG_SQL_STORE(_cell_denials);
