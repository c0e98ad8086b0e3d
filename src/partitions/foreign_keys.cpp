#include "partitions/foreign_keys.hpp"

#include "pg/notice.hpp"
#include "pg/spi.hpp"
#include "pg/subtransaction.hpp"

namespace partitions {

namespace {

struct ForeignKey {
  Oid table;
  std::string name, definition;
};

// Those that are by themselves: what belongs to one of a partitioned table comes and goes with that.
std::vector<ForeignKey> foreign_keys_of(Oid table) {
  pg::Spi spi;
  const std::uint64_t count = spi.run_on_latest(
      "SELECT conrelid::pg_catalog.regclass, pg_catalog.quote_ident(conname), "
      "pg_catalog.pg_get_constraintdef(oid)"
      " FROM pg_catalog.pg_constraint WHERE contype OPERATOR(pg_catalog.=) 'f' AND conparentid "
      "OPERATOR(pg_catalog.=) 0"
      " AND (conrelid OPERATOR(pg_catalog.=) $1 OR confrelid OPERATOR(pg_catalog.=) $1) ORDER BY conname",
      pg::RelationId{table});
  std::vector<ForeignKey> keys;
  for (std::uint64_t i = 0; i < count; ++i)
    keys.push_back(
        {spi.value<pg::RelationId>(i, 1).oid, spi.value<std::string>(i, 2), spi.value<std::string>(i, 3)});
  return keys;
}

bool is_of_names(const pg::Failure& failure) {
  return failure.sqlstate == ERRCODE_UNDEFINED_TABLE || failure.sqlstate == ERRCODE_UNDEFINED_COLUMN ||
         failure.sqlstate == ERRCODE_UNDEFINED_SCHEMA;
}

// They are kept as text, which says what tables and columns were called when the partition left. What the set has itself comes with ATTACH
// all the same, checked row by row.
void add(Oid table, const std::string& statement) {
  const std::optional<pg::Failure> failure = pg::subtransaction([&] { pg::Spi{}.run(statement); });
  if (!failure) return;
  if (!is_of_names(*failure))
    throw pg::at(pg::Error{failure->sqlstate, failure->message}.detail(failure->detail).hint(failure->hint),
                 table);
  pg::warn(fmt::format("could not make a foreign key of partition \"{}\" anew: {}", pg::name_of(table),
                       failure->message),
           fmt::format("It was: {}", statement),
           "Those of the partitioned table are made with it; make any other by hand, with the names of now.");
}

}  // namespace

std::vector<Oid> tables_referring_to(Oid table) {
  std::vector<Oid> tables;
  if (!pg::OpenRelation{table, AccessShareLock}.has_triggers()) return tables;
  pg::Spi spi;
  const std::uint64_t count = spi.run_on_latest(
      "SELECT DISTINCT conrelid::pg_catalog.regclass FROM pg_catalog.pg_constraint WHERE confrelid "
      "OPERATOR(pg_catalog.=) $1"
      " AND contype OPERATOR(pg_catalog.=) 'f' AND conparentid OPERATOR(pg_catalog.=) 0"
      " AND conrelid OPERATOR(pg_catalog.<>) confrelid ORDER BY 1",
      pg::RelationId{table});
  for (std::uint64_t i = 0; i < count; ++i) tables.push_back(spi.value<pg::RelationId>(i, 1).oid);
  return tables;
}

ForeignKeys drop_foreign_keys(Oid table) {
  ForeignKeys dropped;
  for (const ForeignKey& key : foreign_keys_of(table)) {
    const std::string constraint = fmt::format("CONSTRAINT {} {}", key.name, key.definition);
    const std::string owner = pg::qualified_name(key.table);
    if (key.table == table)
      dropped.own.push_back(constraint);
    else
      dropped.referenced.push_back(fmt::format("ALTER TABLE {} ADD {}", owner, constraint));
    pg::Spi{}.run(fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", owner, key.name));
  }
  return dropped;
}

void add_foreign_keys(Oid table, const ForeignKeys& keys) {
  for (const std::string& key : keys.own)
    add(table, fmt::format("ALTER TABLE {} ADD {}", pg::qualified_name(table), key));
  for (const std::string& statement : keys.referenced) add(table, statement);
}

}  // namespace partitions
