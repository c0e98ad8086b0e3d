#include "pg/procedure.hpp"

extern "C" {
#include "nodes/parsenodes.h"
#include "tcop/pquery.h"
}

namespace pg {

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
