// The door in: the server calls C++.
//
// A C++ exception must never cross a C frame, and ereport() must not run inside a catch block (the jump would leave
// the exception object alive). So all C++ frames live in one noinline noexcept function, which leaves a trivially
// destructible report; only after it has returned is the report raised.
#pragma once

#include "pg/error.hpp"

namespace pg {

namespace detail {

struct Report {
  bool in_flight;
  int sqlstate;
  const char* message;
  const char* detail;
  const char* hint;
  const char* schema;
  const char* table;
  const char* column;
  const char* constraint;
  Place place;
};
static_assert(std::is_trivially_destructible_v<Report>);

void fill(Report& report, const Error& error) noexcept;
void fill(Report& report, int sqlstate, const char* message) noexcept;
[[noreturn]] void raise(const Report& report);

template <typename Result, typename Body>
[[gnu::noinline]] bool run(Report& report, Result& result, Body& body) noexcept {
  try {
    result = body();
    return true;
  } catch (const ErrorInFlight&) {
    report = {};
    report.in_flight = true;
  } catch (const Error& error) {
    fill(report, error);
  } catch (const std::bad_alloc&) {
    fill(report, ERRCODE_OUT_OF_MEMORY, "out of memory");
  } catch (const std::exception& error) {
    fill(report, ERRCODE_INTERNAL_ERROR, error.what());
  } catch (...) {
    fill(report, ERRCODE_INTERNAL_ERROR, "unrecognized C++ exception");
  }
  return false;
}

}  // namespace detail

// Runs body; an exception out of it becomes an ereport(ERROR).
template <typename Body>
auto guarded(Body&& body) {
  using Result = decltype(body());
  static_assert(std::is_trivially_destructible_v<Result>);
  Result result{};
  // Not cleared unless there is something to report: that would cost as much as the guard.
  detail::Report report;
  if (!detail::run(report, result, body)) detail::raise(report);
  return result;
}

}  // namespace pg
