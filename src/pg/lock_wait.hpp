// Locks on tables, and who is in the way.
#pragma once

#include <vector>

#include "pg/call.hpp"

namespace pg {

// False when it would have to be waited for.
bool try_lock_table(Oid table, LOCKMODE mode);

// Waits as long as lock_timeout allows, 55P03 then.
void lock_table(Oid table, LOCKMODE mode);

// The processes that hold what conflicts with such a lock.
std::vector<std::int32_t> holders_of(Oid table, LOCKMODE mode);

// Transactions of this database that have a snapshot from before: what they read next may be as old.
class OlderSnapshots {
 public:
  // All that there are now.
  OlderSnapshots();

  // Whether all of them have gone.
  bool gone();

  std::vector<std::int32_t> processes() const;

 private:
  std::vector<VirtualTransactionId> transactions_;
};

}  // namespace pg
