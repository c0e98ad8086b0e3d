// Heavyweight locks on things of our own, seen in pg_locks as locktype "object".
#pragma once

#include "pg/call.hpp"

namespace pg {

// Names a thing to lock: a relation and a number inside it. No catalog has that relation's OID as its class, so the
// name collides with nothing of the server's, and no SQL function can take it.
struct LockName {
  Oid relation;
  std::uint32_t number;

  bool operator==(const LockName&) const = default;
};

// Exclusive locks that belong to the top-level transaction: a rollback to a savepoint keeps them, the end of the
// transaction gives them back, and release() does earlier. Each lock taken is released once.
bool try_lock(LockName name);
void lock(LockName name);
void release(LockName name);

}  // namespace pg
