// Rows looked up by index whatever the statement's snapshot sees, and steward's own written without a statement.
#pragma once

#include "pg/inplace.hpp"
#include "pg/relation.hpp"

namespace pg {

// What is committed at one moment, and what this transaction has done, for several look-ups that are to see the same.
class Moment : faults::Counted {
 public:
  Moment();
  Moment(const Moment&) = delete;
  Moment& operator=(const Moment&) = delete;
  ~Moment() { UnregisterSnapshot(snapshot_); }

  Snapshot snapshot() const noexcept { return snapshot_; }

 private:
  Snapshot snapshot_;
};

// A scan of an index by equality on its first columns: rows as they are now, the transaction's own changes included. A row that
// another running transaction has deleted is still there; one that another has inserted is not.
class IndexLookup : faults::Counted {
 public:
  // in_progress: also what other running transactions have inserted. committed: all rows as of one moment, so that a row
  // that is being changed is there once.
  enum class Sees { now, in_progress, committed };

  IndexLookup(Relation table, Oid index, ScanKeyData* keys, int count, Sees sees = Sees::now);
  IndexLookup(Relation table, Oid index, ScanKeyData* keys, int count, const Moment& moment);
  IndexLookup(const IndexLookup&) = delete;
  IndexLookup& operator=(const IndexLookup&) = delete;
  ~IndexLookup() { systable_endscan(scan_); }

  // The next row; nullptr at the end.
  HeapTuple next() { return call(::systable_getnext, scan_); }

  // With Sees::in_progress: the transaction that has inserted the last row and is still running, if so.
  TransactionId inserter() const noexcept { return dirty_.xmin; }

 private:
  SnapshotData dirty_;
  SysScanDesc scan_;
};

ScanKeyData equals(int column, RegProcedure function, Datum value);

inplace::Place place_of(HeapTuple tuple);

// Whether the row is this transaction's own, not yet committed work.
bool is_own_insert(HeapTuple tuple);

// Inserts a row with its index entries; to this transaction it is there at once.
inplace::Place insert_row(Relation table, HeapTuple tuple);

// Deletes the row of a look-up. False when another transaction has changed it first: look it up again. One that another has
// deleted is as good as deleted.
bool delete_row(Relation table, HeapTuple tuple);

// Keeps the row of a look-up from others until this transaction, or its savepoint, ends. busy: another has it, and there was to
// be no waiting. changed: another has changed or deleted it first: look it up again.
enum class Locking { done, busy, changed };
Locking lock_row(Relation table, HeapTuple tuple, LockWaitPolicy policy);

// Puts a new version in the place of the row of a look-up, on which the caller holds off others.
void update_row(Relation table, HeapTuple tuple, HeapTuple replacement);

// Waits until a transaction has ended.
void wait_for(TransactionId transaction);

}  // namespace pg
