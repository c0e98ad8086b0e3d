// The locks of one action, in the order in which everybody takes them, and what they have cost.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pg/call.hpp"

namespace partitions {

class Locks {
 public:
  // Who waits for a lock against everybody has everybody else wait behind him.
  enum class Waiting { never, within_budget };

  explicit Locks(Waiting waiting = Waiting::within_budget) : waiting_{waiting} {}

  // 55P03 where it is not to be had.
  void take(Oid table, LOCKMODE mode);

  // What refers to a set, before the set itself: whoever writes it comes to the set afterwards.
  void take_referring(Oid set);

  // In microseconds, up to now where one is still waited for, or held. What keeps out nothing but DDL does not count as held.
  std::int64_t waited() const;
  std::int64_t held() const;

  // What else than a lock is waited for in vain.
  void blame(const std::vector<std::int32_t>& processes);

  // Who was in the way when there was something to wait for; empty otherwise.
  const std::string& blocked_by() const noexcept { return blocked_by_; }

 private:
  Waiting waiting_;
  std::int64_t waited_ = 0, waiting_since_ = 0, held_since_ = 0;
  std::string blocked_by_;
};

// Processes as a DBA wants to see them: "4711 (app, idle in transaction)".
std::string describe(const std::vector<std::int32_t>& processes);

}  // namespace partitions
