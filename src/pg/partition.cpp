#include "pg/partition.hpp"

extern "C" {
#include "access/genam.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/heap.h"
#include "catalog/pg_inherits.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "nodes/pg_list.h"
#include "partitioning/partdefs.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgroids.h"
#include "utils/partcache.h"
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

}  // namespace

void add_bounds_check(Oid partition, const char* name) { call(&store_bounds_check, partition, name); }

std::int64_t date_number(Datum date) {
  const DateADT day = DatumGetDateADT(date);
  if (DATE_IS_NOBEGIN(day)) return std::numeric_limits<std::int64_t>::min();
  if (DATE_IS_NOEND(day)) return std::numeric_limits<std::int64_t>::max();
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
