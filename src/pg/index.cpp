#include "pg/index.hpp"

extern "C" {
#include "nodes/pg_list.h"
}

namespace pg {

namespace {

bool is_not_null_test_of(List* predicate, AttrNumber column) {
  if (list_length(predicate) != 1 || !IsA(linitial(predicate), NullTest)) return false;
  const auto* test = static_cast<NullTest*>(linitial(predicate));
  if (test->nulltesttype != IS_NOT_NULL || !IsA(test->arg, Var)) return false;
  return reinterpret_cast<Var*>(test->arg)->varattno == column;
}

bool holds_all_values_of(Relation index, AttrNumber column) {
  const FormData_pg_index& form = *index->rd_index;
  if (!form.indisunique || !form.indisvalid || !form.indisready || !form.indislive) return false;
  if (form.indnkeyatts != 1 || form.indkey.values[0] != column) return false;
  List* predicate = RelationGetIndexPredicate(index);
  return predicate == NIL || is_not_null_test_of(predicate, column);
}

UniqueIndex describe(Relation index) {
  const Oid type = index->rd_opcintype[0];
  const Oid equals = get_opfamily_member(index->rd_opfamily[0], type, type, BTEqualStrategyNumber);
  return {RelationGetRelid(index), index->rd_indcollation[0], get_opcode(equals)};
}

// Server code only: called through the door as one, because nothing here has a destructor.
bool find(Relation relation, AttrNumber column, UniqueIndex* found) {
  ListCell* cell = nullptr;
  foreach (cell, RelationGetIndexList(relation)) {
    Relation index = index_open(lfirst_oid(cell), AccessShareLock);
    const bool suits = holds_all_values_of(index, column);
    if (suits) *found = describe(index);
    index_close(index, AccessShareLock);
    if (suits) return true;
  }
  return false;
}

bool has_unfinished_index(Relation relation) {
  bool unfinished = false;
  List* indexes = RelationGetIndexList(relation);
  ListCell* cell = nullptr;
  foreach (cell, indexes) {
    Relation index = index_open(lfirst_oid(cell), AccessShareLock);
    if (index->rd_index->indisready && !index->rd_index->indisvalid) unfinished = true;
    index_close(index, AccessShareLock);
  }
  list_free(indexes);
  return unfinished;
}

bool probe(Relation relation, const UniqueIndex* unique, const char* text, int size) {
  Relation index = index_open(unique->oid, AccessShareLock);
  SnapshotData dirty;
  InitDirtySnapshot(dirty);
  ScanKeyData key;
  ScanKeyEntryInitialize(&key, 0, 1, BTEqualStrategyNumber, InvalidOid, unique->collation, unique->equality,
                         PointerGetDatum(cstring_to_text_with_len(text, size)));
#if PG_VERSION_NUM >= 180000
  IndexScanDesc scan = index_beginscan(relation, index, &dirty, nullptr, 1, 0);
#else
  IndexScanDesc scan = index_beginscan(relation, index, &dirty, 1, 0);
#endif
  index_rescan(scan, &key, 1, nullptr, 0);
  TupleTableSlot* slot = table_slot_create(relation, nullptr);
  const bool held = index_getnext_slot(scan, ForwardScanDirection, slot);
  ExecDropSingleTupleTableSlot(slot);
  index_endscan(scan);
  index_close(index, AccessShareLock);
  return held;
}

Key key_of(Relation index) {
  const FormData_pg_index& form = *index->rd_index;
  const Oid collation = index->rd_indcollation[0];
  return {form.indkey.values[0], form.indnkeyatts, form.indisprimary, !form.indimmediate,
          !OidIsValid(collation) || get_collation_isdeterministic(collation)};
}

bool read_primary_key(Relation relation, Key* key) {
  ListCell* cell = nullptr;
  foreach (cell, RelationGetIndexList(relation)) {
    Relation index = index_open(lfirst_oid(cell), AccessShareLock);
    const bool primary = index->rd_index->indisprimary;
    if (primary) *key = key_of(index);
    index_close(index, AccessShareLock);
    if (primary) return true;
  }
  return false;
}

bool read_unique_key(Relation relation, AttrNumber column, Key* key) {
  bool found = false;
  ListCell* cell = nullptr;
  foreach (cell, RelationGetIndexList(relation)) {
    Relation index = index_open(lfirst_oid(cell), AccessShareLock);
    const bool suits = holds_all_values_of(index, column) && RelationGetIndexPredicate(index) == NIL;
    if (suits && (!found || key->deferrable)) *key = key_of(index);
    found = found || suits;
    index_close(index, AccessShareLock);
  }
  return found;
}

}  // namespace

std::optional<Key> primary_key_of(Relation relation) {
  Key key{};
  if (!call(&read_primary_key, relation, &key)) return std::nullopt;
  return key;
}

std::optional<Key> unique_key_on(Relation relation, AttrNumber column) {
  Key key{};
  if (!call(&read_unique_key, relation, column, &key)) return std::nullopt;
  return key;
}

std::optional<UniqueIndex> unique_index_on(Relation relation, AttrNumber column) {
  UniqueIndex found{};
  if (!call(&find, relation, column, &found)) return std::nullopt;
  return found;
}

ScanKeyData equals(const UniqueIndex& index, AttrNumber column, Datum value) {
  ScanKeyData key;
  call(::ScanKeyEntryInitialize, &key, 0, column, StrategyNumber{BTEqualStrategyNumber}, Oid{InvalidOid},
       index.collation, index.equality, value);
  return key;
}

bool index_holds(Relation relation, const UniqueIndex& index, std::string_view text) {
  return call(&probe, relation, &index, text.data(), static_cast<int>(text.size()));
}

bool is_being_indexed(Relation relation) { return call(has_unfinished_index, relation); }

Oid primary_key_index(Relation relation) {
#if PG_VERSION_NUM >= 180000
  return call(::RelationGetPrimaryKeyIndex, relation, false);
#else
  return call(::RelationGetPrimaryKeyIndex, relation);
#endif
}

std::vector<AttrNumber> primary_key_columns(Relation relation) {
  const Oid index = primary_key_index(relation);
  if (!OidIsValid(index)) return {};
  const OpenRelation key{index, AccessShareLock};
  const Form_pg_index form = key.get()->rd_index;
  return {form->indkey.values, form->indkey.values + form->indnkeyatts};
}

}  // namespace pg
