// Empty in an ordinary build; see pg/wait_point.hpp.
#ifdef PG_FAULTS

#include "pg/wait_point.hpp"

#include "pg/call.hpp"

extern "C" {
#include "postmaster/interrupt.h"
#include "storage/latch.h"
#include "utils/guc.h"
#include "utils/wait_event.h"
}

namespace pg {

// pg_stat_activity shows wait_event Extension meanwhile.
void wait_point(const char* name) {
  while (chosen_wait_point != nullptr && std::strcmp(chosen_wait_point, name) == 0) {
    call(::WaitLatch, MyLatch, int{WL_LATCH_SET | WL_EXIT_ON_PM_DEATH}, -1L, uint32{PG_WAIT_EXTENSION});
    ResetLatch(MyLatch);
    check_interrupts();
    if (ConfigReloadPending != 0) {
      ConfigReloadPending = 0;
      call(::ProcessConfigFile, GucContext{PGC_SIGHUP});
    }
  }
}

}  // namespace pg

#endif
