#include "pg/inplace.hpp"

#include "pg/relation.hpp"

extern "C" {
#include "access/generic_xlog.h"
#include "access/heapam.h"
#include "access/heapam_xlog.h"
#include "access/rmgr.h"
#include "access/xlog.h"
#include "access/xloginsert.h"
#include "storage/bufmgr.h"
#include "storage/bufpage.h"
}

namespace pg::inplace {

namespace {

// The functions of this part run behind one door each: they hold plain values only, so that an error may jump over them. A pin or
// a content lock that they leave behind on an error is released by the transaction's abort.

struct Job {
  const Storage* storage;
  Place* place;
  const Shape* shape;
  bool aborting;
  Change change;
  void* argument;
  Relation generic;  // open when the change must go through GenericXLog
};

struct LockedRow {
  Buffer buffer;
  HeapTupleHeader row;  // nullptr when it is not there
  std::uint16_t data_size;
};

Buffer pin(const Storage& storage, Place& place) {
  if (place.buffer != InvalidBuffer &&
      ReadRecentBuffer(storage.file, MAIN_FORKNUM, place.block, place.buffer))
    return place.buffer;
  place.buffer = ReadBufferWithoutRelcache(storage.file, MAIN_FORKNUM, place.block, RBM_NORMAL, nullptr,
                                           storage.permanent);
  return place.buffer;
}

LockedRow row_at(Buffer buffer, const Place& place) {
  LockedRow found{buffer, nullptr, 0};
  Page page = BufferGetPage(buffer);
  if (place.offset > PageGetMaxOffsetNumber(page)) return found;
  ItemId item = PageGetItemId(page, place.offset);
  if (!ItemIdIsNormal(item)) return found;
  found.row = reinterpret_cast<HeapTupleHeader>(PageGetItem(page, item));
  found.data_size = static_cast<std::uint16_t>(ItemIdGetLength(item) - found.row->t_hoff);
  return found;
}

LockedRow lock_row(const Storage& storage, Place& place, int mode) {
  const Buffer buffer = pin(storage, place);
  LockBuffer(buffer, mode);
  return row_at(buffer, place);
}

char* data_of(HeapTupleHeader row) { return reinterpret_cast<char*>(row) + row->t_hoff; }

bool has_shape(const LockedRow& found, const Shape& shape) {
  return found.row != nullptr && found.data_size == shape.fixed + shape.identity_size &&
         std::memcmp(data_of(found.row) + shape.fixed, shape.identity, shape.identity_size) == 0;
}

bool is_live(const LockedRow& found, const Storage& storage, const Place& place) {
  constexpr uint16 settled = HEAP_XMIN_FROZEN | HEAP_XMAX_INVALID;
  if ((found.row->t_infomask & settled) == settled) return true;
  HeapTupleData tuple;
  tuple.t_len = found.data_size + found.row->t_hoff;
  ItemPointerSet(&tuple.t_self, place.block, place.offset);
  tuple.t_tableOid = storage.relation;
  tuple.t_data = found.row;
  return HeapTupleSatisfiesVisibility(&tuple, SnapshotSelf, found.buffer);
}

bool is_there(const LockedRow& found, const Storage& storage, const Place& place, const Shape& shape) {
  return has_shape(found, shape) && is_live(found, storage, place);
}

bool read_row(const Storage* storage, Place* place, const Shape* shape, void* fixed) {
  const LockedRow row = lock_row(*storage, *place, BUFFER_LOCK_SHARE);
  const bool found = is_there(row, *storage, *place, *shape);
  if (found) std::memcpy(fixed, data_of(row.row), shape->fixed);
  UnlockReleaseBuffer(row.buffer);
  return found;
}

// The record that the server writes for changes of its own catalogs, and replays without any library.
XLogRecPtr log_row(const LockedRow& row, const Place& place) {
  xl_heap_inplace record;
  std::memset(&record, 0, sizeof record);
  record.offnum = place.offset;
  XLogBeginInsert();
#ifdef MinSizeOfHeapInplace  // since 18
  record.dbId = MyDatabaseId;
  record.tsId = MyDatabaseTableSpace;
  XLogRegisterData(reinterpret_cast<char*>(&record), MinSizeOfHeapInplace);
#else
  XLogRegisterData(reinterpret_cast<char*>(&record), SizeOfHeapInplace);
#endif
  XLogRegisterBuffer(0, row.buffer, REGBUF_STANDARD);
  XLogRegisterBufData(0, data_of(row.row), row.data_size);
  return XLogInsert(RM_HEAP_ID, XLOG_HEAP_INPLACE);
}

XLogRecPtr store(const Job& job, const LockedRow& row, const char* fixed) {
  XLogRecPtr end = InvalidXLogRecPtr;
  START_CRIT_SECTION();
  std::memcpy(data_of(row.row), fixed, job.shape->fixed);
  MarkBufferDirty(row.buffer);
  if (job.storage->logged) {
    end = log_row(row, *job.place);
    PageSetLSN(BufferGetPage(row.buffer), end);
  }
  END_CRIT_SECTION();
  return end;
}

// Hint bits are not logged, so the page that a standby has may differ in them, and only a whole image passes the check.
int generic_flags() {
  return wal_consistency_checking != nullptr && wal_consistency_checking[RM_GENERIC_ID]
             ? GENERIC_XLOG_FULL_IMAGE
             : 0;
}

XLogRecPtr store_generic(const Job& job, const LockedRow& row, const char* fixed) {
  GenericXLogState* state = GenericXLogStart(job.generic);
  Page page = GenericXLogRegisterBuffer(state, row.buffer, generic_flags());
  auto* copy = reinterpret_cast<HeapTupleHeader>(PageGetItem(page, PageGetItemId(page, job.place->offset)));
  std::memcpy(data_of(copy), fixed, job.shape->fixed);
  return GenericXLogFinish(state);
}

Written overwrite_row(const Job* job) {
  const LockedRow row = lock_row(*job->storage, *job->place, BUFFER_LOCK_EXCLUSIVE);
  Written written{};
  written.found =
      job->aborting ? has_shape(row, *job->shape) : is_there(row, *job->storage, *job->place, *job->shape);
  alignas(8) char fixed[longest_fixed];
  if (written.found) {
    std::memcpy(fixed, data_of(row.row), job->shape->fixed);
    written.changed = job->change(fixed, job->argument);
  }
  if (written.changed)
    written.end = job->generic != nullptr ? store_generic(*job, row, fixed) : store(*job, row, fixed);
  UnlockReleaseBuffer(row.buffer);
  return written;
}

void freeze_row(Relation relation, Place* place) {
  const Buffer buffer = ReadBuffer(relation, place->block);
  place->buffer = buffer;
  LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
  GenericXLogState* state = GenericXLogStart(relation);
  Page page = GenericXLogRegisterBuffer(state, buffer, generic_flags());
  auto* row = reinterpret_cast<HeapTupleHeader>(PageGetItem(page, PageGetItemId(page, place->offset)));
  row->t_infomask |= HEAP_XMIN_FROZEN;
  GenericXLogFinish(state);
  UnlockReleaseBuffer(buffer);
}

// To logical decoding (before 18) an in-place record of a transaction with an xid looks like DDL, and makes the decoding of every slot
// of the server slow, more than in proportion.
bool needs_generic(const Storage& storage) {
  return storage.logged && XLogLogicalInfoActive() && TransactionIdIsValid(GetTopTransactionIdIfAny());
}

}  // namespace

Storage Storage::of(Relation relation) {
#if PG_VERSION_NUM >= 160000
  const FileName file = relation->rd_locator;
#else
  const FileName file = relation->rd_node;
#endif
  return {RelationGetRelid(relation), file, RelationNeedsWAL(relation),
          relation->rd_rel->relpersistence == RELPERSISTENCE_PERMANENT};
}

bool read(const Storage& storage, Place& place, const Shape& shape, void* fixed) {
  return call(read_row, &storage, &place, &shape, fixed);
}

Written overwrite(const Storage& storage, Place& place, const Shape& shape, Change change, void* argument) {
  Job job{&storage, &place, &shape, false, change, argument, nullptr};
  if (!needs_generic(storage)) return call(overwrite_row, static_cast<const Job*>(&job));
  const OpenRelation table{storage.relation, NoLock};  // locked since the hit
  job.generic = table.get();
  return call(overwrite_row, static_cast<const Job*>(&job));
}

Written overwrite_in_abort(const Storage& storage, Place& place, const Shape& shape, Change change,
                           void* argument) {
  const Job job{&storage, &place, &shape, true, change, argument, nullptr};
  return call(overwrite_row, &job);
}

Buffer keep_page(const Storage& storage, Place& place) {
  return call(
      +[](const Storage* of, Place* at) { return pin(*of, *at); }, &storage, &place);
}

void overwrite_kept(Buffer page, const Place& place, const Shape& shape, Change change,
                    void* argument) noexcept {
  LockBuffer(page, BUFFER_LOCK_EXCLUSIVE);
  const LockedRow row = row_at(page, place);
  if (has_shape(row, shape) && change(data_of(row.row), argument)) MarkBufferDirty(page);
  LockBuffer(page, BUFFER_LOCK_UNLOCK);
}

void let_go(Buffer page) noexcept { ReleaseBuffer(page); }

void freeze(Relation relation, Place& place) { call(freeze_row, relation, &place); }

}  // namespace pg::inplace
