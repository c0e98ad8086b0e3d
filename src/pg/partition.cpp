#include "pg/partition.hpp"

extern "C" {
#include "access/genam.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/heap.h"
#include "catalog/indexing.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_inherits.h"
#include "commands/defrem.h"
#include "commands/tablespace.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "nodes/pg_list.h"
#include "partitioning/partdefs.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/partcache.h"
#include "utils/ruleutils.h"
#include "utils/syscache.h"
}

namespace pg {

namespace {

// Server code only: called through the door as one, because nothing here has a destructor.

bool read_key(Relation table, PartitionKey* key) {
  const ::PartitionKey of = RelationGetPartitionKey(table);
  if (of == nullptr) return false;
  *key = {static_cast<char>(of->strategy), of->partnatts, of->partattrs[0], of->parttypid[0]};
  return true;
}

PartitionBound bound_of(List* datums) {
  const auto* first = static_cast<PartitionRangeDatum*>(linitial(datums));
  if (first->kind == PARTITION_RANGE_DATUM_MINVALUE) return {PartitionBound::Kind::lowest, 0};
  if (first->kind == PARTITION_RANGE_DATUM_MAXVALUE) return {PartitionBound::Kind::highest, 0};
  return {PartitionBound::Kind::value, castNode(Const, first->value)->constvalue};
}

// False for one that has been dropped meanwhile, as it can be while nobody holds its table.
bool read_partition(Oid relation, bool detaching, Partition* read) {
  Partition& partition = *read;
  partition = {relation, false, detaching, {}, {}};
  HeapTuple row = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
  if (!HeapTupleIsValid(row)) return false;
  bool null = false;
  const Datum stored = SysCacheGetAttr(RELOID, row, Anum_pg_class_relpartbound, &null);
  const auto* bound =
      null ? nullptr : static_cast<PartitionBoundSpec*>(stringToNode(TextDatumGetCString(stored)));
  ReleaseSysCache(row);
  if (bound == nullptr) return true;
  partition.is_default = bound->is_default;
  if (!bound->is_default && bound->strategy == PARTITION_STRATEGY_RANGE) {
    partition.from = bound_of(bound->lowerdatums);
    partition.to = bound_of(bound->upperdatums);
  }
  return true;
}

struct Children {
  Partition* partitions;
  int count;
};

// As they are now, whatever snapshot the statement has.
void read_children(Oid parent, Children* children) {
  int room = 64;
  children->partitions = static_cast<Partition*>(palloc(sizeof(Partition) * static_cast<std::size_t>(room)));
  children->count = 0;
  Relation inherits = table_open(InheritsRelationId, AccessShareLock);
  ScanKeyData key;
  ScanKeyInit(&key, Anum_pg_inherits_inhparent, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(parent));
  SysScanDesc scan = systable_beginscan(inherits, InheritsParentIndexId, true, nullptr, 1, &key);
  while (HeapTuple row = systable_getnext(scan)) {
    if (children->count == room) {
      room *= 2;
      children->partitions = static_cast<Partition*>(
          repalloc(children->partitions, sizeof(Partition) * static_cast<std::size_t>(room)));
    }
    const auto* form = reinterpret_cast<Form_pg_inherits>(GETSTRUCT(row));
    if (read_partition(form->inhrelid, form->inhdetachpending, &children->partitions[children->count]))
      ++children->count;
  }
  systable_endscan(scan);
  table_close(inherits, AccessShareLock);
}

void store_bounds_check(Oid partition, const char* name) {
  Relation table = table_open(partition, NoLock);
  auto* check = makeNode(Constraint);
  check->contype = CONSTR_CHECK;
  check->conname = pstrdup(name);
  check->location = -1;
  check->cooked_expr = nodeToString(make_ands_explicit(RelationGetPartitionQual(table)));
  check->initially_valid = true;
  check->skip_validation = true;
#if PG_VERSION_NUM >= 180000
  check->is_enforced = true;
#endif
  AddRelationNewConstraints(table, NIL, list_make1(check), false, true, false, nullptr);
  table_close(table, NoLock);
  CommandCounterIncrement();
}

void mark_valid(Oid table, const char* name, bool valid) {
  const Oid constraint = get_relation_constraint_oid(table, name, false);
  Relation constraints = table_open(ConstraintRelationId, RowExclusiveLock);
  HeapTuple row = SearchSysCacheCopy1(CONSTROID, ObjectIdGetDatum(constraint));
  if (!HeapTupleIsValid(row)) elog(ERROR, "cache lookup failed for constraint %u", constraint);
  reinterpret_cast<Form_pg_constraint>(GETSTRUCT(row))->convalidated = valid;
  CatalogTupleUpdate(constraints, &row->t_self, row);
  table_close(constraints, RowExclusiveLock);
  CacheInvalidateRelcacheByRelid(table);
  CommandCounterIncrement();
}

void replace_upper_value(PartitionBoundSpec* bound, const char* value) {
  auto* upper = castNode(Const, static_cast<PartitionRangeDatum*>(linitial(bound->upperdatums))->value);
  Oid input = InvalidOid;
  Oid parameter = InvalidOid;
  getTypeInputInfo(upper->consttype, &input, &parameter);
  upper->constvalue = OidInputFunctionCall(input, const_cast<char*>(value), parameter, -1);
}

void store_upper_bound(Oid partition, const char* value) {
  Relation classes = table_open(RelationRelationId, RowExclusiveLock);
  HeapTuple row = SearchSysCacheCopy1(RELOID, ObjectIdGetDatum(partition));
  if (!HeapTupleIsValid(row)) elog(ERROR, "cache lookup failed for relation %u", partition);
  bool null = false;
  const Datum stored = SysCacheGetAttr(RELOID, row, Anum_pg_class_relpartbound, &null);
  if (null) elog(ERROR, "relation %u is no partition", partition);
  auto* bound = static_cast<PartitionBoundSpec*>(stringToNode(TextDatumGetCString(stored)));
  replace_upper_value(bound, value);

  Datum values[Natts_pg_class] = {};
  bool nulls[Natts_pg_class] = {};
  bool replaces[Natts_pg_class] = {};
  values[Anum_pg_class_relpartbound - 1] = CStringGetTextDatum(nodeToString(bound));
  replaces[Anum_pg_class_relpartbound - 1] = true;
  HeapTuple changed = heap_modify_tuple(row, RelationGetDescr(classes), values, nulls, replaces);
  CatalogTupleUpdate(classes, &changed->t_self, changed);
  table_close(classes, RowExclusiveLock);
}

// What the server keeps of others by this partition's bounds: how the parent is cut, and what its default excludes.
void store_and_tell(Oid partition, Oid parent, Oid default_partition, const char* value) {
  store_upper_bound(partition, value);
  CacheInvalidateRelcacheByRelid(parent);
  if (OidIsValid(default_partition)) CacheInvalidateRelcacheByRelid(default_partition);
  CommandCounterIncrement();
}

struct Tables {
  Oid* oids;
  int count;
};

void read_references(Relation table, Tables* tables) {
  List* keys = RelationGetFKeyList(table);
  tables->count = list_length(keys);
  tables->oids = static_cast<Oid*>(palloc(sizeof(Oid) * static_cast<std::size_t>(tables->count + 1)));
  for (int i = 0; i < tables->count; ++i)
    tables->oids[i] = static_cast<ForeignKeyCacheInfo*>(list_nth(keys, i))->confrelid;
}

char* deparse(Oid table, const char* expression, const char* name) {
  return deparse_expression(static_cast<Node*>(stringToNode(expression)), deparse_context_for(name, table),
                            false, false);
}

}  // namespace

void vouch_for_check(Oid table, const char* name) { call(&mark_valid, table, name, true); }

void doubt_check(Oid table, const std::string& name) { call(&mark_valid, table, name.c_str(), false); }

void set_upper_bound(Oid partition, Oid parent, std::optional<Oid> default_partition,
                     const std::string& value) {
  call(&store_and_tell, partition, parent, default_partition.value_or(InvalidOid), value.c_str());
}

Placement placement_of(Oid table) {
  const OpenRelation open{table, AccessShareLock};
  const FormData_pg_class& form = *open.get()->rd_rel;
  Placement placement;
  if (OidIsValid(form.relam)) placement.access_method = call(::get_am_name, form.relam);
  if (OidIsValid(form.reltablespace)) placement.tablespace = call(::get_tablespace_name, form.reltablespace);
  return placement;
}

bool is_identified_by_index(Oid table) {
  return OpenRelation{table, AccessShareLock}.get()->rd_rel->relreplident == REPLICA_IDENTITY_INDEX;
}

std::vector<Oid> tables_referred_to(const OpenRelation& table) {
  Tables tables{};
  call(&read_references, table.get(), &tables);
  return {tables.oids, tables.oids + tables.count};
}

void add_bounds_check(Oid partition, const char* name) { call(&store_bounds_check, partition, name); }

std::string expression_text(Oid table, const std::string& expression, const std::string& name) {
  return call(&deparse, table, expression.c_str(), name.c_str());
}

std::int64_t date_number(Datum date) {
  const DateADT day = DatumGetDateADT(date);
  if (DATE_IS_NOBEGIN(day)) return std::numeric_limits<std::int64_t>::min();
  if (DATE_IS_NOEND(day)) return std::numeric_limits<std::int64_t>::max();
  // Dates go on for longer than times do.
  if (day >= TIMESTAMP_END_JULIAN - POSTGRES_EPOCH_JDATE) return std::numeric_limits<std::int64_t>::max();
  return day * USECS_PER_DAY;
}

std::optional<PartitionKey> partition_key_of(const OpenRelation& table) {
  PartitionKey key{};
  if (!call(&read_key, table.get(), &key)) return std::nullopt;
  return key;
}

std::vector<Partition> partitions_of(const OpenRelation& table) { return partitions_of(table.oid()); }

std::vector<Partition> partitions_of(Oid table) {
  Children children{};
  call(&read_children, table, &children);
  return {children.partitions, children.partitions + children.count};
}

}  // namespace pg
