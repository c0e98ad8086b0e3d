#include "pg/session_lock.hpp"

namespace pg {

namespace {

LOCKTAG tag_of(LockName name) {
  LOCKTAG tag;
  SET_LOCKTAG_OBJECT(tag, MyDatabaseId, name.relation, name.number, 0);
  return tag;
}

}  // namespace

bool try_lock_session(LockName name) {
  const LOCKTAG tag = tag_of(name);
  return call(::LockAcquire, &tag, LOCKMODE{ExclusiveLock}, true, true) != LOCKACQUIRE_NOT_AVAIL;
}

void release_session(LockName name) {
  const LOCKTAG tag = tag_of(name);
  call(::LockRelease, &tag, LOCKMODE{ExclusiveLock}, true);
}

}  // namespace pg
