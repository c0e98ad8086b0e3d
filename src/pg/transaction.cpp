#include "pg/transaction.hpp"

#include "pg/guard.hpp"

extern "C" {
#include "access/xlog.h"
#include "replication/syncrep.h"
#include "tcop/pquery.h"
#include "utils/portal.h"
}

namespace pg {

namespace {

void dispatch(XactEvent event, const TransactionEvents& events) {
  switch (event) {
    case XACT_EVENT_PRE_COMMIT:
      return events.before_commit();
    case XACT_EVENT_PRE_PREPARE:
      return events.before_prepare();
    case XACT_EVENT_COMMIT:
      return events.after_commit();
    case XACT_EVENT_ABORT:
      return events.after_abort();
    default:
      return;
  }
}

void on_transaction(XactEvent event, void* argument) {
  guarded([&] {
    dispatch(event, *static_cast<const TransactionEvents*>(argument));
    return 0;
  });
}

void on_savepoint(SubXactEvent event, SubTransactionId, SubTransactionId, void* argument) {
  guarded([&] {
    const auto& events = *static_cast<const TransactionEvents*>(argument);
    const int level = GetCurrentTransactionNestLevel();
    if (event == SUBXACT_EVENT_COMMIT_SUB) events.savepoint_released(level);
    if (event == SUBXACT_EVENT_ABORT_SUB) events.savepoint_rolled_back(level);
    return 0;
  });
}

}  // namespace

void listen_to_transactions(const TransactionEvents& events) {
  void* argument = const_cast<TransactionEvents*>(&events);
  call(::RegisterXactCallback, &on_transaction, argument);
  call(::RegisterSubXactCallback, &on_savepoint, argument);
}

void make_durable(XLogRecPtr end) {
  if (synchronous_commit == SYNCHRONOUS_COMMIT_OFF || TransactionIdIsValid(GetTopTransactionIdIfAny()))
    return;
  const faults::Spared cannot_raise;
  call(::XLogFlush, end);
  // Waits for a standby's flush at most: without a commit record no standby reports at once what it has applied.
  call(::SyncRepWaitForLSN, end, false);
}

void commit_lazily() {
  call(::set_config_option, static_cast<const char*>("synchronous_commit"), static_cast<const char*>("off"),
       PGC_USERSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true, 0, false);
}

void flush_soon(XLogRecPtr end) { call(::XLogSetAsyncXactLSN, end); }

// A function called by it has another snapshot. Only the unnamed portal is certain to be the client's: functions have cursors.
bool is_transaction_of_its_own() noexcept {
  return !IsTransactionBlock() && !IsSubTransaction() && ActivePortal != nullptr &&
         ActivePortal->name[0] == '\0' && ActivePortal->queryDesc != nullptr && ActiveSnapshotSet() &&
         ActivePortal->queryDesc->snapshot == GetActiveSnapshot();
}

bool sees_one_state() noexcept { return IsolationUsesXactSnapshot(); }

}  // namespace pg
