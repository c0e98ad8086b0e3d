// Tells a cache that the relation it was read from has changed, in this session or, once committed, in any other.
// A member of the cached object, which the cache's owner drops and makes anew when the watch says so.
#pragma once

#include "pg/call.hpp"

namespace pg {

class Watch {
 public:
  Watch() noexcept = default;
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() { unlink(); }

  // Watches the relation from now on. Call it before reading, so that a change in between is not lost.
  void start(Oid relation);

  // True when the relation has changed since start(), or nothing is being watched.
  bool changed() const noexcept { return changed_; }

 private:
  static void on_invalidation(Datum, Oid relation);
  void unlink() noexcept;

  Oid relation_ = InvalidOid;
  bool changed_ = true;
  Watch* next_ = nullptr;
  Watch** link_ = nullptr;
};

// Takes in what other sessions have committed, if this statement has not done so yet, so that watches fire. The server
// does it when a transaction begins or a relation is opened for the first time in it; a statement that calls nothing
// but functions would go on with what its transaction knew before. What watches have cached may be gone afterwards.
void hear_changes();
// Also if it has: after a wait.
void hear_changes_again();

// Makes every session's watch on the relation fire when this transaction commits, and this session's at once and again
// when the transaction, or the subtransaction, is rolled back.
void announce_change(Oid relation);

}  // namespace pg
