// The door out: C++ calls one server function.
//
// A server ERROR is a longjmp, which must not pass over a live destructor. It lands here, where everything that the
// jump overwrote is put back, and goes on as a C++ exception that carries nothing (ErrorInFlight).
#pragma once

#include "pg/error.hpp"
#include "pg/faults.hpp"

namespace pg {

namespace detail {

// The globals that a longjmp overwrites.
class JumpFrame {
 public:
  void leave() const noexcept {
    PG_exception_stack = jump_;
    error_context_stack = context_;
  }
  // errfinish() zeroes both holdoff counts, but the destructors that run next (of an LWLock, say) still count down
  // their own. Without this, cancel and statement_timeout stay dead for the rest of the session.
  void land() const noexcept {
    leave();
    CurrentMemoryContext = memory_;
    InterruptHoldoffCount = interrupts_;
    QueryCancelHoldoffCount = cancels_;
  }

 private:
  sigjmp_buf* const jump_ = PG_exception_stack;
  ErrorContextCallback* const context_ = error_context_stack;
  const MemoryContext memory_ = CurrentMemoryContext;
  const uint32 interrupts_ = InterruptHoldoffCount;
  const uint32 cancels_ = QueryCancelHoldoffCount;
};

}  // namespace detail

template <typename Result, typename... Params, typename... Args>
Result call(Result (*function)(Params...), Args... args) {
  static_assert((std::is_trivially_destructible_v<Args> && ...),
                "a longjmp would skip this argument's destructor");
  static_assert(std::is_void_v<Result> || std::is_trivially_destructible_v<Result>);
  const detail::JumpFrame frame;
  sigjmp_buf landing;
  if (sigsetjmp(landing, 0) == 0) {
    PG_exception_stack = &landing;
    faults::maybe_raise();
    if constexpr (std::is_void_v<Result>) {
      function(args...);
      frame.leave();
      return;
    } else {
      Result result = function(args...);
      frame.leave();
      return result;
    }
  }
  frame.land();
  throw ErrorInFlight{};
}

// Memory in the current context. This form of the server's allocator reports a lack of memory by its result and so
// needs no door out, which would cost more than the allocation.
inline void* allocate(std::size_t size) {
  if constexpr (faults::enabled) return call(::palloc, Size{size});
  if (!AllocSizeIsValid(size)) throw std::bad_alloc{};  // the one thing that it raises for
  void* memory = ::MemoryContextAllocExtended(CurrentMemoryContext, size, MCXT_ALLOC_NO_OOM);
  if (memory == nullptr) throw std::bad_alloc{};
  return memory;
}

// Where a loop may be cancelled.
inline void check_interrupts() {
  if (INTERRUPTS_PENDING_CONDITION()) call(::ProcessInterrupts);
}

}  // namespace pg
