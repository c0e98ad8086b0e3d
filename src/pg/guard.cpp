#include "pg/guard.hpp"

namespace pg::detail {

namespace {

// Copies what must outlive the exception object; a failing copy must not throw here, so it degrades to a constant.
const char* keep(const char* text) noexcept {
  const std::size_t size = std::strlen(text) + 1;
  void* copy = MemoryContextAllocExtended(CurrentMemoryContext, size, MCXT_ALLOC_NO_OOM);
  return copy != nullptr ? static_cast<const char*>(std::memcpy(copy, text, size)) : "out of memory";
}

const char* keep(const std::string& text) noexcept { return text.empty() ? nullptr : keep(text.c_str()); }

void name(int field, const char* value) {
  if (value != nullptr) err_generic_string(field, value);
}

}  // namespace

void fill(Report& report, int sqlstate, const char* message) noexcept {
  report = {};
  report.sqlstate = sqlstate;
  report.message = keep(message);
}

void fill(Report& report, const Error& error) noexcept {
  fill(report, error.sqlstate(), error.what());
  report.detail = keep(error.detail());
  report.hint = keep(error.hint());
  report.schema = keep(error.schema());
  report.table = keep(error.table());
  report.column = keep(error.column());
  report.constraint = keep(error.constraint());
  report.place = error.place();
}

void raise(const Report& report) {
  if (report.in_flight) {
    // As errfinish() left them, before the door out put them back for the destructors.
    InterruptHoldoffCount = 0;
    QueryCancelHoldoffCount = 0;
    CurrentMemoryContext = ErrorContext;
    pg_re_throw();
  }
  if (errstart(ERROR, nullptr)) {
    errcode(report.sqlstate);
    errmsg_internal("%s", report.message);
    if (report.detail != nullptr) errdetail_internal("%s", report.detail);
    if (report.hint != nullptr) errhint("%s", report.hint);
    name(PG_DIAG_SCHEMA_NAME, report.schema);
    name(PG_DIAG_TABLE_NAME, report.table);
    name(PG_DIAG_COLUMN_NAME, report.column);
    name(PG_DIAG_CONSTRAINT_NAME, report.constraint);
    errfinish(report.place.file, report.place.line, report.place.function);
  }
  pg_unreachable();
}

}  // namespace pg::detail
