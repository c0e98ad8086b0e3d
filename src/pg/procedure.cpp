#include "pg/procedure.hpp"

extern "C" {
#include "nodes/parsenodes.h"
#include "tcop/pquery.h"
#include "utils/portal.h"
}

namespace pg {

namespace {

// No outcome of the server's. Every connection keeps the SPI_result of the one below, and gives it back when it is finished.
constexpr int own_level = -20150;

// The transaction has failed: its snapshots are of no more use, and SPI_rollback() counts those that portals account for.
void drop_snapshots() {
  while (ActiveSnapshotSet()) PopActiveSnapshot();
  if (ActivePortal != nullptr) ActivePortal->portalSnapshot = nullptr;
}

}  // namespace

Batches::Batches() : unwinding_{std::uncaught_exceptions()} {
  call(::SPI_connect_ext, int{SPI_OPT_NONATOMIC});
  commit();
}

Batches::~Batches() {
  // As for Spi: an exception is on its way to a rollback, which cleans the server's stack.
  if (std::uncaught_exceptions() == unwinding_) SPI_finish();
}

void Batches::commit() {
  call(::SPI_commit);
  XactIsoLevel = XACT_READ_COMMITTED;  // nothing has looked at anything in the new transaction yet
  // Parts of the server that are called beside SPI rely on a snapshot's being there.
  call(::EnsurePortalSnapshotExists);
}

void Batches::mark_level() noexcept {
  memory_ = CurrentMemoryContext;
  SPI_result = own_level;
}

Failure Batches::give_up(const Error* error) {
  MemoryContextSwitchTo(memory_);  // that of the connection, which outlives its transactions
  Failure failure{};
  if (error != nullptr) {
    failure = {error->sqlstate(), error->what(), error->hint()};
  } else {
    ErrorData* raised = call(::CopyErrorData);
    FlushErrorState();
    if (detail::is_cancel(*raised)) call(::ReThrowError, raised);
    failure = {raised->sqlerrcode, raised->message != nullptr ? raised->message : "missing error text",
               raised->hint != nullptr ? raised->hint : ""};
    FreeErrorData(raised);
  }
  while (SPI_result != own_level && SPI_finish() == SPI_OK_FINISH) {
  }
  call(&drop_snapshots);
  call(::SPI_rollback);
  XactIsoLevel = XACT_READ_COMMITTED;
  call(::EnsurePortalSnapshotExists);
  return failure;
}

namespace detail {

void require_may_commit(FunctionCallInfo fcinfo, const char* procedure) {
  const Node* context = fcinfo->context;
  const bool atomic = context == nullptr || !IsA(context, CallContext) ||
                      reinterpret_cast<const CallContext*>(context)->atomic || IsSubTransaction();
  if (!atomic) return;
  throw Error{ERRCODE_ACTIVE_SQL_TRANSACTION,
              fmt::format("{}() cannot run inside a transaction block", procedure)}
      .detail("It commits as it goes along.")
      .hint("CALL it by itself, with autocommit on; in pg_cron as one CALL alone, with no SET before it.");
}

}  // namespace detail

}  // namespace pg
