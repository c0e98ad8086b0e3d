#include "pg/append.hpp"

#include "pg/index_batch.hpp"

extern "C" {
#include "access/heapam.h"
#include "access/tupconvert.h"
}

namespace pg {

namespace {

// Server code only: called through the door as one, because nothing here has a destructor.

void append(Relation table, Relation like, const HeapTuple* rows, int count) {
  // An expression of an index may want a snapshot, and at a transaction's end there is none.
  const bool has_snapshot = ActiveSnapshotSet();
  if (!has_snapshot) PushActiveSnapshot(GetTransactionSnapshot());
  TupleConversionMap* map = convert_tuples_by_name(RelationGetDescr(like), RelationGetDescr(table));
  // A copy: each slot would count the table's own description as in use, which the transaction keeps account of.
  const TupleDesc shape = CreateTupleDescCopy(RelationGetDescr(table));
  auto** slots = static_cast<TupleTableSlot**>(palloc(sizeof(TupleTableSlot*) * static_cast<Size>(count)));
  for (int i = 0; i < count; ++i) {
    HeapTuple row = map != nullptr ? execute_attr_map_tuple(rows[i], map) : rows[i];
    slots[i] = MakeSingleTupleTableSlot(shape, &TTSOpsHeapTuple);
    ExecStoreHeapTuple(row, slots[i], map != nullptr);
    slots[i]->tts_tableOid = RelationGetRelid(table);
  }
  table_multi_insert(table, slots, count, GetCurrentCommandId(true), 0, nullptr);
  detail::add_index_entries(table, slots, count);
  for (int i = 0; i < count; ++i) ExecDropSingleTupleTableSlot(slots[i]);
  pfree(slots);
  FreeTupleDesc(shape);
  if (map != nullptr) free_conversion_map(map);
  if (!has_snapshot) PopActiveSnapshot();
}

}  // namespace

void append_rows(const OpenRelation& table, const OpenRelation& like, std::span<const HeapTuple> rows) {
  call(&append, table.get(), like.get(), rows.data(), static_cast<int>(rows.size()));
}

}  // namespace pg
