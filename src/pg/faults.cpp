// Empty in an ordinary build; see pg/faults.hpp.
#ifdef PG_FAULTS

#include "pg/faults.hpp"

#include "pg/function.hpp"

namespace pg::faults {

static int calls_left = 0;
int Counted::live = 0;
int Spared::lives = 0;

void maybe_raise() {
  if (Spared::lives == 0 && calls_left > 0 && --calls_left == 0)
    ereport(ERROR, errcode(ERRCODE_INTERNAL_ERROR), errmsg("injected fault"));
}

}  // namespace pg::faults

namespace sql {

// The call_number-th pg::call after this function has returned raises an ERROR; 0 disarms.
void fault_after(std::int32_t call_number) { pg::faults::calls_left = call_number; }

// Disarms; what is left of the count tells whether the fault was met (0) or not.
std::int32_t fault_pending() {
  const int left = pg::faults::calls_left;
  pg::faults::calls_left = 0;
  return left;
}

// Everything that ought to be zero after a failed statement, in one word.
std::string fault_leftovers() {
  return fmt::format("live objects {}, interrupts held off {}, cancels held off {}",
                     pg::faults::Counted::live, InterruptHoldoffCount, QueryCancelHoldoffCount);
}

// Makes every cache stale, the server's too, as changes of everything in another session would.
void fault_forget_caches() { InvalidateSystemCaches(); }

}  // namespace sql

PG_SQL_FUNCTION(fault_after);
PG_SQL_FUNCTION(fault_pending);
PG_SQL_FUNCTION(fault_leftovers);
PG_SQL_FUNCTION(fault_forget_caches);

#endif
