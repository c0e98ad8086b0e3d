#include "pg/relation.hpp"

extern "C" {
#include "catalog/catalog.h"
#include "catalog/partition.h"
#include "catalog/pg_inherits.h"
#include "storage/bufmgr.h"
}

namespace pg {

OpenRelation::OpenRelation(Oid relation, LOCKMODE lock)
    : relation_{call(::try_relation_open, relation, lock)} {
  if (relation_ == nullptr)
    throw Error{ERRCODE_UNDEFINED_TABLE, fmt::format("relation with OID {} does not exist", relation)};
}

bool OpenRelation::is_internal() const {
  return call(::IsSystemRelation, relation_) ||
         relation_->rd_rel->relnamespace == call(::get_namespace_oid, "steward", false);
}

std::uint32_t pages_of(const OpenRelation& table) {
  return call(::RelationGetNumberOfBlocksInFork, table.get(), ForkNumber{MAIN_FORKNUM});
}

std::vector<Oid> ancestors_of(Oid relation) {
  std::vector<Oid> ancestors;
  for (Oid one = relation; call(::get_rel_relispartition, one); ancestors.push_back(one))
    one = call(::get_partition_parent, one, true);
  return ancestors;
}

std::vector<Oid> partition_tree(Oid table, LOCKMODE lock) {
  if (lock != NoLock) call(::LockRelationOid, table, lock);
  std::vector<Oid> tree{table};
  for (std::size_t i = 0; i < tree.size(); ++i) {
    if (call(::get_rel_relkind, tree[i]) != RELKIND_PARTITIONED_TABLE) continue;
    const List* children = call(::find_inheritance_children_extended, tree[i], false, lock,
                                static_cast<bool*>(nullptr), static_cast<TransactionId*>(nullptr));
    for (int child = 0; child < list_length(children); ++child) tree.push_back(list_nth_oid(children, child));
  }
  return tree;
}

std::vector<Oid> partition_oids(Oid table) {
  std::vector<Oid> partitions;
  if (call(::get_rel_relkind, table) != RELKIND_PARTITIONED_TABLE) return partitions;
  const List* children = call(::find_inheritance_children, table, LOCKMODE{NoLock});
  for (int i = 0; i < list_length(children); ++i) partitions.push_back(list_nth_oid(children, i));
  return partitions;
}

bool has_children(Oid table) { return call(::find_inheritance_children, table, LOCKMODE{NoLock}) != nullptr; }

std::vector<Oid> parents_of(Oid table) {
  const OpenRelation inherits{InheritsRelationId, AccessShareLock};
  ScanKeyData key;
  call(::ScanKeyInit, &key, AttrNumber{Anum_pg_inherits_inhrelid}, StrategyNumber{BTEqualStrategyNumber},
       RegProcedure{F_OIDEQ}, ObjectIdGetDatum(table));
  const SysScanDesc scan = call(::systable_beginscan, inherits.get(), Oid{InheritsRelidSeqnoIndexId}, true,
                                static_cast<Snapshot>(nullptr), 1, &key);
  std::vector<Oid> parents;
  while (const HeapTuple row = call(::systable_getnext, scan))
    parents.push_back(reinterpret_cast<Form_pg_inherits>(GETSTRUCT(row))->inhparent);
  call(::systable_endscan, scan);
  return parents;
}

std::vector<Oid> relations_named(const std::string& name) {
  std::vector<Oid> found;
  if (name.size() >= NAMEDATALEN) return found;
  const Datum value = Type<Name>::to({name});
  const OpenRelation classes{RelationRelationId, AccessShareLock};
  ScanKeyData key;
  call(::ScanKeyInit, &key, AttrNumber{Anum_pg_class_relname}, StrategyNumber{BTEqualStrategyNumber},
       RegProcedure{F_NAMEEQ}, value);
  const SysScanDesc scan = call(::systable_beginscan, classes.get(), Oid{ClassNameNspIndexId}, true,
                                static_cast<Snapshot>(nullptr), 1, &key);
  while (const HeapTuple row = call(::systable_getnext, scan))
    found.push_back(reinterpret_cast<Form_pg_class>(GETSTRUCT(row))->oid);
  call(::systable_endscan, scan);
  return found;
}

Oid own_relation(const std::string& name) {
  const Oid schema = call(::get_namespace_oid, "steward", false);
  return call(::get_relname_relid, name.c_str(), schema);
}

bool is_own(Oid relation) {
  return call(::get_rel_namespace, relation) == call(::get_namespace_oid, "steward", false);
}

Oid find_own_relation(const char* name) {
  const Oid schema = call(::get_namespace_oid, "steward", true);
  return OidIsValid(schema) ? call(::get_relname_relid, name, schema) : InvalidOid;
}

Oid lock_own_relation(const std::string& name, LOCKMODE lock) {
  RangeVar* range = call(::makeRangeVar, call(::pstrdup, "steward"), call(::pstrdup, name.c_str()), -1);
  return call(::RangeVarGetRelidExtended, static_cast<const RangeVar*>(range), lock,
              std::uint32_t{RVR_MISSING_OK}, RangeVarGetRelidCallback{nullptr}, static_cast<void*>(nullptr));
}

Oid owner_of(Oid relation) {
  const HeapTuple tuple = call(::SearchSysCache1, static_cast<int>(RELOID), ObjectIdGetDatum(relation));
  if (!HeapTupleIsValid(tuple))
    throw Error{ERRCODE_UNDEFINED_TABLE, fmt::format("relation with OID {} does not exist", relation)};
  const Oid owner = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relowner;
  call(::ReleaseSysCache, tuple);
  return owner;
}

std::string schema_of(Oid relation) {
  const char* schema = call(::get_namespace_name, call(::get_rel_namespace, relation));
  return schema != nullptr ? schema : "";
}

std::string name_of(Oid relation) {
  const char* name = call(::get_rel_name, relation);
  return name != nullptr ? name : "";
}

std::string qualified_name(Oid relation) {
  return fmt::format("{}.{}", quoted_identifier(schema_of(relation)), quoted_identifier(name_of(relation)));
}

std::string quoted_identifier(std::string_view name) {
  const std::string text{name};
  return call(::quote_identifier, text.c_str());
}

std::string quoted_literal(std::string_view text) {
  const std::string copy{text};
  return call(::quote_literal_cstr, copy.c_str());
}

Error&& at(Error&& error, Oid relation) {
  return std::move(error).schema(schema_of(relation)).table(name_of(relation));
}

Error&& at(Error&& error, Oid relation, std::string column) {
  return at(std::move(error), relation).column(std::move(column));
}

AttrNumber require_column(const OpenRelation& table, const std::string& name) {
  const AttrNumber number = call(::get_attnum, table.oid(), name.c_str());
  if (number == InvalidAttrNumber)
    throw at(Error{ERRCODE_UNDEFINED_COLUMN,
                   fmt::format("column \"{}\" of table \"{}\" does not exist", name, table.name())},
             table.oid());
  if (number < 0)
    throw at(Error{ERRCODE_WRONG_OBJECT_TYPE, fmt::format("column \"{}\" is a system column", name)},
             table.oid());
  return number;
}

TableScan::TableScan(Oid relation)
    : relation_{relation, AccessShareLock},
      scan_{call(::systable_beginscan, relation_.get(), Oid{InvalidOid}, false,
                 static_cast<Snapshot>(nullptr), 0, static_cast<ScanKeyData*>(nullptr))} {}

std::optional<Row> TableScan::next() {
  const HeapTuple tuple = call(::systable_getnext, scan_);
  if (tuple == nullptr) return std::nullopt;
  return Row{tuple, relation_.columns()};
}

}  // namespace pg
