// The ends of transactions and savepoints, and what has to be done there.
#pragma once

#include "pg/call.hpp"

namespace pg {

// What a feature does at the ends of transactions. Every member is set.
struct TransactionEvents {
  void (
      *before_commit)();  // may fail or wait; an error aborts the transaction. Errors of others may still follow
  void (*before_prepare)();  // the same for PREPARE TRANSACTION
  void (*after_commit)();    // nothing that can raise, unless the transaction has no xid
  void (*after_abort)();     // no catalog access
  void (*savepoint_released)(int level);
  void (*savepoint_rolled_back)(int level);
};

// For the rest of the session. `events` lives as long. Called once, by the feature's init.
void listen_to_transactions(const TransactionEvents& events);

// Pins, locks and snapshots taken in this scope belong to the transaction, whose end needs an owner that is still there.
class UnderTransaction : faults::Counted {
 public:
  UnderTransaction() noexcept : previous_{CurrentResourceOwner} {
    CurrentResourceOwner = TopTransactionResourceOwner;
  }
  UnderTransaction(const UnderTransaction&) = delete;
  UnderTransaction& operator=(const UnderTransaction&) = delete;
  ~UnderTransaction() { CurrentResourceOwner = previous_; }

 private:
  ResourceOwner previous_;
};

// After a commit: makes what was logged up to there as durable as synchronous_commit asks, standbys included. Only for a transaction
// without an xid: one with an xid is covered by its own commit record.
void make_durable(XLogRecPtr end);

// This transaction's commit does not wait for the disk: for what may be lost in a crash without anybody's missing it.
void commit_lazily();

// Sees to it that WAL written while a transaction was being aborted is flushed soon.
void flush_soon(XLogRecPtr end);

// Whether the function that asks is called by a statement which is a transaction by itself, and not by a function that has more
// to do in it: what is set for the transaction is gone when the function has returned.
bool is_transaction_of_its_own() noexcept;

// Whether all statements of this transaction see the same state, and not each what is committed when it begins.
bool sees_one_state() noexcept;

}  // namespace pg
