// A lock on a thing of our own that outlives transactions: for a procedure that commits as it goes along.
#pragma once

#include "pg/lock.hpp"

namespace pg {

// False when somebody else has it. An error in the session gives it back, a rollback to a savepoint does not.
bool try_lock_session(LockName name);
void release_session(LockName name);

}  // namespace pg
