// What there is. Nothing is locked and nothing is opened, so that no set stands in the way of the others, whatever state it is in.
#include <algorithm>

#include "core/json.hpp"
#include "partitions/scopes.hpp"
#include "partitions/set.hpp"
#include "pg/spi.hpp"
#include "pg/store.hpp"

namespace partitions {

namespace {

using List = pg::Store<pg::RelationId, pg::RelationId, std::optional<std::string>, std::optional<std::string>,
                       std::string>;

// Nothing for what is no set any more.
std::optional<Key> find_key(Oid table) {
  pg::Spi spi;
  if (spi.run_on_latest(
          "SELECT a.attname::pg_catalog.text, a.atttypid::pg_catalog.regclass"
          " FROM pg_catalog.pg_partitioned_table AS p"
          " JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) p.partrelid"
          "   AND a.attnum OPERATOR(pg_catalog.=) p.partattrs[0]"
          " WHERE p.partrelid OPERATOR(pg_catalog.=) $1 AND p.partstrat OPERATOR(pg_catalog.=) 'r'"
          "   AND p.partnatts OPERATOR(pg_catalog.=) 1",
          pg::RelationId{table}) == 0)
    return std::nullopt;
  const Oid type = spi.value<pg::RelationId>(0, 2).oid;
  const std::optional<KeyKind> kind = kind_of(type);
  return kind ? std::optional{Key{spi.value<std::string>(0, 1), type, *kind}} : std::nullopt;
}

std::string time_text(KeyKind kind, std::int64_t bound) {
  std::string text = core::iso_time(bound);
  if (kind == KeyKind::timestamp) text.pop_back();  // the Z
  if (kind == KeyKind::date) text.resize(text.find('T'));
  return text;
}

std::string readable(const Key& key, std::int64_t bound) {
  if (bound == core::ladder::lowest) return "MINVALUE";
  if (bound == core::ladder::highest) return "MAXVALUE";
  return key.is_time() ? time_text(key.kind, bound) : std::to_string(bound);
}

// What has been kept as SQL.
std::string readable(const std::optional<Key>& key, std::string bound) {
  std::erase(bound, '\'');
  if (key && key->kind == KeyKind::date && bound.find('T') != std::string::npos)
    bound.resize(bound.find('T'));
  if (!key || key->kind != KeyKind::uuid || bound.size() != 36) return bound;
  const Datum uuid =
      pg::call(::DirectFunctionCall1Coll, ::uuid_in, Oid{InvalidOid}, CStringGetDatum(bound.c_str()));
  return readable(*key, number_of(*key, uuid));
}

std::vector<Oid> held_tables() {
  const AsSteward steward;
  pg::Spi spi;
  const std::uint64_t count = spi.run_on_latest("SELECT part FROM steward.held_partitions");
  std::vector<Oid> held;
  for (std::uint64_t i = 0; i < count; ++i) held.push_back(spi.value<pg::RelationId>(i, 1).oid);
  std::sort(held.begin(), held.end());
  return held;
}

void list_attached(List& list, Oid table, const std::vector<Oid>& held) {
  const std::optional<Key> key = find_key(table);
  if (!key) return;
  for (const pg::Partition& one : pg::partitions_of(table)) {
    const char* state = one.is_default                                               ? "default"
                        : one.detaching                                              ? "detaching"
                        : std::binary_search(held.begin(), held.end(), one.relation) ? "held"
                                                                                     : "attached";
    std::optional<std::string> from, to;
    if (!one.is_default) {
      const core::ladder::Range range = range_of(*key, one);
      from = readable(*key, range.from);
      to = readable(*key, range.to);
    }
    list.put(pg::RelationId{table}, pg::RelationId{one.relation}, from, to, state);
  }
}

struct Recycled {
  Oid set, table;
  std::string from, to;
};

// Not by somebody attached again by hand.
std::vector<Recycled> bin() {
  const AsSteward steward;
  pg::Spi spi;
  const std::uint64_t count = spi.run_on_latest(
      "SELECT r.rel, r.part, r.lower_bound, r.upper_bound FROM steward.recycled_partitions AS r"
      " JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) r.part AND NOT c.relispartition ORDER "
      "BY r.part");
  std::vector<Recycled> found;
  for (std::uint64_t i = 0; i < count; ++i)
    found.push_back({spi.value<pg::RelationId>(i, 1).oid, spi.value<pg::RelationId>(i, 2).oid,
                     spi.value<std::string>(i, 3), spi.value<std::string>(i, 4)});
  return found;
}

}  // namespace

}  // namespace partitions

namespace sql {

void _partitions(partitions::List& list) {
  const std::vector<Oid> held = partitions::held_tables();
  for (const Oid table : partitions::managed_tables()) partitions::list_attached(list, table, held);
  for (const partitions::Recycled& one : partitions::bin()) {
    const std::optional<partitions::Key> key = partitions::find_key(one.set);
    list.put(pg::RelationId{one.set}, pg::RelationId{one.table}, partitions::readable(key, one.from),
             partitions::readable(key, one.to), "recycled");
  }
}

std::optional<std::int64_t> _partition_bytes(pg::RelationId part) {
  if (!pg::call(::ConditionalLockRelationOid, part.oid, LOCKMODE{AccessShareLock})) return std::nullopt;
  pg::Spi spi;
  if (spi.run_on_latest(
          "SELECT CASE c.relkind WHEN 'p' THEN"
          "   (SELECT pg_catalog.sum(pg_catalog.pg_total_relation_size(t.relid))::pg_catalog.int8"
          "     FROM pg_catalog.pg_partition_tree(c.oid) AS t)"
          "   ELSE pg_catalog.pg_total_relation_size(c.oid) END"
          " FROM pg_catalog.pg_class AS c WHERE c.oid OPERATOR(pg_catalog.=) $1",
          part) == 0)
    return std::nullopt;
  return spi.find<std::int64_t>(0, 1);
}

}  // namespace sql

PG_SQL_STORE(_partitions);
PG_SQL_FUNCTION(_partition_bytes);
