// A procedure that commits: a plain C++ function in namespace sql and one macro line, as for a function. The check
// that it may commit comes before any work.
#pragma once

#include "pg/function.hpp"
#include "pg/subtransaction.hpp"

namespace pg {

// The work of a procedure as a row of transactions, each at READ COMMITTED, whatever the session's default is: what a
// batch finds it must see as it is now. While one is committed no scope of ours (Spi, ActingAs, OpenRelation …) is open.
class Batches : faults::Counted {
 public:
  // Ends the transaction that the CALL began, and begins the first.
  Batches();
  Batches(const Batches&) = delete;
  Batches& operator=(const Batches&) = delete;
  ~Batches();

  // Commits, and begins the next. What C++ holds stays; memory of the transaction is gone.
  void commit();

  // Runs a part of the work that has batches of its own, and so can be in no subtransaction. An error in it, the server's or ours, rolls
  // its last transaction back and is returned; what it had committed stays. Cancels and shutdowns go on.
  template <typename Part>
  std::optional<Failure> attempt(Part&& part);

 private:
  // What an unfinished part has left of connections to SPI is told apart by this.
  void mark_level() noexcept;
  Failure give_up(const Error* error);

  int unwinding_;
  MemoryContext memory_ = nullptr;
};

template <typename Part>
std::optional<Failure> Batches::attempt(Part&& part) {
  mark_level();
  std::optional<Error> error;
  try {
    part();
    commit();
    return std::nullopt;
  } catch (const ErrorInFlight&) {
  } catch (const Error& raised) {
    error = raised;
  }
  // Out of the handlers: what follows calls the server.
  return give_up(error ? &*error : nullptr);
}

namespace detail {

// 25001 unless the CALL is by itself.
void require_may_commit(FunctionCallInfo fcinfo, const char* procedure);

template <typename... Args>
Datum invoke_procedure(FunctionCallInfo fcinfo, const char* name, void (*procedure)(Args...)) {
  const Value value = guarded([&]() -> Value {
    require_arguments(fcinfo, sizeof...(Args));
    require_may_commit(fcinfo, name);
    return apply(fcinfo, procedure, std::index_sequence_for<Args...>{});
  });
  fcinfo->isnull = value.null;
  return value.datum;
}

}  // namespace detail

}  // namespace pg

// Publishes sql::name to SQL as the C symbol steward_name.
#define PG_SQL_PROCEDURE(name)                                                                               \
  extern "C" {                                                                                               \
  PGDLLEXPORT Datum steward_##name(PG_FUNCTION_ARGS);                                                        \
  PG_FUNCTION_INFO_V1(steward_##name);                                                                       \
  Datum steward_##name(PG_FUNCTION_ARGS) { return pg::detail::invoke_procedure(fcinfo, #name, &sql::name); } \
  }                                                                                                          \
  static_assert(true)
