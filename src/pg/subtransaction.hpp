// Work that may be refused without taking the whole transaction along: the only way to swallow a server error.
#pragma once

#include "pg/call.hpp"

namespace pg {

struct Failure {
  int sqlstate;
  std::string message, hint, detail{};

  std::string code() const { return unpack_sql_state(sqlstate); }
};

namespace detail {

// A subtransaction of the server's. Remembers what the server switches.
class Subtransaction {
 public:
  Subtransaction();
  void commit();
  void roll_back();
  // The error on the server's stack, taken off it into memory that outlives the subtransaction.
  ErrorData* take_error();

 private:
  void restore() noexcept;

  MemoryContext memory_ = CurrentMemoryContext;
  ResourceOwner owner_ = CurrentResourceOwner;
};

bool is_cancel(const ErrorData& error) noexcept;

}  // namespace detail

// Runs body in a subtransaction. An error in it, the server's or ours, undoes what it did and is returned. Cancels and
// shutdowns, and C++ exceptions that are no pg::Error, undo it and go on.
template <typename Body>
std::optional<Failure> subtransaction(Body&& body) {
  detail::Subtransaction inner;
  std::optional<Failure> failure;
  std::exception_ptr other;
  try {
    body();
    inner.commit();
    return std::nullopt;
  } catch (const ErrorInFlight&) {
  } catch (const Error& error) {
    failure = Failure{error.sqlstate(), error.what(), error.hint(), error.detail()};
  } catch (...) {
    other = std::current_exception();
  }
  // Out of the handlers: what follows calls the server.
  ErrorData* error = failure || other ? nullptr : inner.take_error();
  inner.roll_back();
  if (other) std::rethrow_exception(other);
  if (error != nullptr) {
    if (detail::is_cancel(*error)) call(::ReThrowError, error);
    failure =
        Failure{error->sqlerrcode, error->message != nullptr ? error->message : "missing error text",
                error->hint != nullptr ? error->hint : "", error->detail != nullptr ? error->detail : ""};
    FreeErrorData(error);
  }
  return failure;
}

}  // namespace pg
