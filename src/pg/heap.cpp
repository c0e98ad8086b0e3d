#include "pg/heap.hpp"

#include "pg/spi.hpp"

extern "C" {
#include "access/heapam.h"
#include "catalog/indexing.h"
#include "storage/bufmgr.h"
}

namespace pg {

Moment::Moment() : snapshot_{call(::RegisterSnapshot, Spi::latest_snapshot())} {}

IndexLookup::IndexLookup(Relation table, Oid index, ScanKeyData* keys, int count, Sees sees) {
  InitDirtySnapshot(dirty_);
  Snapshot snapshot = &dirty_;
  if (sees == Sees::now) snapshot = SnapshotSelf;
  if (sees == Sees::committed) snapshot = nullptr;  // one of the server's own, as for its catalogs
  scan_ = call(::systable_beginscan, table, index, true, snapshot, count, keys);
}

IndexLookup::IndexLookup(Relation table, Oid index, ScanKeyData* keys, int count, const Moment& moment) {
  InitDirtySnapshot(dirty_);
  scan_ = call(::systable_beginscan, table, index, true, moment.snapshot(), count, keys);
}

ScanKeyData equals(int column, RegProcedure function, Datum value) {
  ScanKeyData key;
  call(::ScanKeyInit, &key, static_cast<AttrNumber>(column), StrategyNumber{BTEqualStrategyNumber}, function,
       value);
  return key;
}

inplace::Place place_of(HeapTuple tuple) {
  return {ItemPointerGetBlockNumber(&tuple->t_self), ItemPointerGetOffsetNumber(&tuple->t_self),
          InvalidBuffer};
}

bool is_own_insert(HeapTuple tuple) {
  return TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetXmin(tuple->t_data));
}

inplace::Place insert_row(Relation table, HeapTuple tuple) {
  call(::CatalogTupleInsert, table, tuple);
  call(::CommandCounterIncrement);
  return place_of(tuple);
}

bool delete_row(Relation table, HeapTuple tuple) {
  ItemPointerData self = tuple->t_self;
  TM_FailureData failure;
  const TM_Result result = call(::heap_delete, table, &self, call(::GetCurrentCommandId, true),
                                Snapshot{InvalidSnapshot}, true, &failure, false);
  switch (result) {
    case TM_Ok:
    case TM_SelfModified:
    case TM_Deleted:
      return true;
    default:
      return false;
  }
}

Locking lock_row(Relation table, HeapTuple tuple, LockWaitPolicy policy) {
  HeapTupleData row = *tuple;
  Buffer page = InvalidBuffer;
  TM_FailureData failure;
  const TM_Result result = call(::heap_lock_tuple, table, &row, call(::GetCurrentCommandId, true),
                                LockTupleMode{LockTupleExclusive}, policy, true, &page, &failure);
  if (BufferIsValid(page)) call(::ReleaseBuffer, page);
  if (result == TM_Ok) return Locking::done;
  return result == TM_WouldBlock ? Locking::busy : Locking::changed;
}

void update_row(Relation table, HeapTuple tuple, HeapTuple replacement) {
  ItemPointerData self = tuple->t_self;
  call(::CatalogTupleUpdate, table, &self, replacement);
  call(::CommandCounterIncrement);
}

void wait_for(TransactionId transaction) {
  call(::XactLockTableWait, transaction, static_cast<Relation>(nullptr), static_cast<ItemPointer>(nullptr),
       XLTW_None);
}

}  // namespace pg
