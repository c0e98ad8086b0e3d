#include "pg/watch.hpp"

namespace pg {

namespace {

// All watches of this session, newest first. Few: one per cache, one per table with a trigger of ours in use.
Watch* watches = nullptr;
bool listening = false;
TimestampTz heard_at = 0;  // start of the statement that last took in messages

}  // namespace

void Watch::start(Oid relation) {
  if (!listening) {
    call(::CacheRegisterRelcacheCallback, &Watch::on_invalidation, Datum{0});
    listening = true;
  }
  unlink();
  relation_ = relation;
  changed_ = false;
  next_ = watches;
  link_ = &watches;
  if (next_ != nullptr) next_->link_ = &next_;
  watches = this;
}

// Called by the server at any point where it takes in other sessions' messages: only flags are set here.
void Watch::on_invalidation(Datum, Oid relation) {
  for (Watch* watch = watches; watch != nullptr; watch = watch->next_)
    if (relation == InvalidOid || relation == watch->relation_) watch->changed_ = true;
}

void Watch::unlink() noexcept {
  if (link_ == nullptr) return;
  *link_ = next_;
  if (next_ != nullptr) next_->link_ = link_;
  link_ = nullptr;
  next_ = nullptr;
}

void hear_changes() {
  const TimestampTz statement = GetCurrentStatementStartTimestamp();
  if (statement == heard_at) return;
  hear_changes_again();
  heard_at = statement;
}

void hear_changes_again() { call(::AcceptInvalidationMessages); }

// The next command is begun so that this session hears of the change now, and hears of it again if it is rolled back:
// the server forgets what a failing command has announced, although the change itself may have been seen already.
void announce_change(Oid relation) {
  call(::CacheInvalidateRelcacheByRelid, relation);
  call(::CommandCounterIncrement);
}

}  // namespace pg
