#include "pg/lock_wait.hpp"

#include <algorithm>

extern "C" {
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "storage/sinvaladt.h"
}

namespace pg {

namespace {

PGPROC* process_of(const VirtualTransactionId& transaction) {
#if PG_VERSION_NUM >= 170000
  return call(::ProcNumberGetProc, transaction.procNumber);
#else
  return call(::BackendIdGetProc, transaction.backendId);
#endif
}

std::int32_t pid_of(const VirtualTransactionId& transaction) {
  const PGPROC* process = process_of(transaction);
  return process != nullptr ? process->pid : 0;  // 0 is a prepared transaction
}

std::vector<VirtualTransactionId> transactions_with_snapshots() {
  int count = 0;
  const VirtualTransactionId* found =
      call(::GetCurrentVirtualXIDs, TransactionId{InvalidTransactionId}, true, false,
           int{PROC_IS_AUTOVACUUM | PROC_IN_VACUUM | PROC_IN_SAFE_IC}, &count);
  return {found, found + count};
}

}  // namespace

bool try_lock_table(Oid table, LOCKMODE mode) { return call(::ConditionalLockRelationOid, table, mode); }

void lock_table(Oid table, LOCKMODE mode) { call(::LockRelationOid, table, mode); }

std::vector<std::int32_t> holders_of(Oid table, LOCKMODE mode) {
  LOCKTAG tag;
  SET_LOCKTAG_RELATION(tag, MyDatabaseId, table);
  int count = 0;
  const VirtualTransactionId* holders = call(::GetLockConflicts, &tag, mode, &count);
  std::vector<std::int32_t> processes;
  for (int i = 0; i < count; ++i) processes.push_back(pid_of(holders[i]));
  return processes;
}

OlderSnapshots::OlderSnapshots() : transactions_{transactions_with_snapshots()} {}

bool OlderSnapshots::gone() {
  const std::vector<VirtualTransactionId> now = transactions_with_snapshots();
  std::erase_if(transactions_, [&](const VirtualTransactionId& before) {
    return std::none_of(now.begin(), now.end(), [&](const VirtualTransactionId& one) {
      return VirtualTransactionIdEquals(before, one);
    });
  });
  return transactions_.empty();
}

std::vector<std::int32_t> OlderSnapshots::processes() const {
  std::vector<std::int32_t> processes;
  for (const VirtualTransactionId& one : transactions_) processes.push_back(pid_of(one));
  return processes;
}

}  // namespace pg
