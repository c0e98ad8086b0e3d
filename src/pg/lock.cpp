#include "pg/lock.hpp"

#include "pg/transaction.hpp"

namespace pg {

namespace {

LOCKTAG tag_of(LockName name) {
  LOCKTAG tag;
  SET_LOCKTAG_OBJECT(tag, MyDatabaseId, name.relation, name.number, 0);
  return tag;
}

// A lock belongs to the resource owner that is current when it is taken, and only under that one can it be released.
// A statement's own owner is gone when the next one wants to release, so the transaction's is used.

bool acquire(LockName name, bool do_not_wait) {
  const LOCKTAG tag = tag_of(name);
  const UnderTransaction owner;
  return call(::LockAcquire, &tag, LOCKMODE{ExclusiveLock}, false, do_not_wait) != LOCKACQUIRE_NOT_AVAIL;
}

}  // namespace

bool try_lock(LockName name) { return acquire(name, true); }

void lock(LockName name) { acquire(name, false); }

void release(LockName name) {
  const LOCKTAG tag = tag_of(name);
  const UnderTransaction owner;
  call(::LockRelease, &tag, LOCKMODE{ExclusiveLock}, false);
}

}  // namespace pg
