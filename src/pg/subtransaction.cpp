#include "pg/subtransaction.hpp"

namespace pg::detail {

Subtransaction::Subtransaction() {
  call(::BeginInternalSubTransaction, static_cast<const char*>(nullptr));
  MemoryContextSwitchTo(memory_);
}

void Subtransaction::commit() {
  call(::ReleaseCurrentSubTransaction);
  restore();
}

// The server counts on it that this cannot fail, as its own languages do: whoever fails here leaves a subtransaction open that nobody
// knows of.
void Subtransaction::roll_back() {
  const faults::Spared cannot_raise;
  call(::RollbackAndReleaseCurrentSubTransaction);
  restore();
}

void Subtransaction::restore() noexcept {
  MemoryContextSwitchTo(memory_);
  CurrentResourceOwner = owner_;
}

ErrorData* Subtransaction::take_error() {
  const faults::Spared cannot_raise;
  MemoryContextSwitchTo(memory_);  // the present one may be a scope's that the roll-back ends
  ErrorData* error = call(::CopyErrorData);
  FlushErrorState();
  return error;
}

// By its place, because anybody's trigger may raise an error with the SQLSTATE of a cancel.
bool is_cancel(const ErrorData& error) noexcept {
  return ERRCODE_TO_CATEGORY(error.sqlerrcode) == ERRCODE_OPERATOR_INTERVENTION &&
         error.funcname != nullptr && std::strcmp(error.funcname, "ProcessInterrupts") == 0;
}

}  // namespace pg::detail
