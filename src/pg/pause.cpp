#include "pg/pause.hpp"

extern "C" {
#include "storage/latch.h"
#include "utils/wait_event.h"
}

namespace pg {

void pause(long milliseconds) {
  call(::WaitLatch, MyLatch, int{WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH}, milliseconds,
       uint32{WAIT_EVENT_PG_SLEEP});
  ResetLatch(MyLatch);
  check_interrupts();
}

}  // namespace pg
