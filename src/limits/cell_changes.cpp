#include "limits/cell_changes.hpp"

#include <algorithm>

namespace limits {

namespace {

LimitCell load(const char* fixed) noexcept {
  LimitCell cell;
  std::memcpy(&cell, fixed, sizeof cell);
  return cell;
}

void store(char* fixed, const LimitCell& cell) noexcept { std::memcpy(fixed, &cell, sizeof cell); }

// Whether it is the cell that something is held of already; the first time it becomes that.
bool is_same(const LimitCell& cell, std::int64_t& incarnation) noexcept {
  if (incarnation == 0) incarnation = cell.incarnation;
  return incarnation == cell.incarnation;
}

}  // namespace

std::int64_t difference(std::int64_t a, std::int64_t b) noexcept {
  std::int64_t result = 0;
  if (!__builtin_sub_overflow(a, b, &result)) return result;
  return a < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}

bool take_from(char* fixed, void* argument) {
  auto& taking = *static_cast<Taking*>(argument);
  LimitCell cell = load(fixed);
  taking.gone = !is_same(cell, taking.incarnation);
  if (taking.gone) return false;
  // What this transaction has given back it may use itself.
  const std::int64_t left = difference(difference(taking.max, cell.used), -taking.own_given);
  const std::int64_t room = std::max(std::int64_t{0}, difference(left, cell.held));
  taking.without = std::clamp(difference(left, taking.own_taken), std::int64_t{0}, taking.n);
  taking.taken = std::min(room, taking.n);
  if (taking.taken == 0) return false;
  cell.held += taking.taken;
  store(fixed, cell);
  return true;
}

bool give_to(char* fixed, void* argument) {
  auto& giving = *static_cast<Giving*>(argument);
  LimitCell cell = load(fixed);
  giving.gone = !is_same(cell, giving.incarnation);
  if (giving.gone) return false;
  giving.given = std::clamp(cell.used + giving.own_taken - cell.giving, std::int64_t{0}, giving.n);
  if (giving.given == 0) return false;
  cell.giving += giving.given;
  store(fixed, cell);
  return true;
}

bool add(char* fixed, void* argument) {
  const auto& change = *static_cast<const LimitCell*>(argument);
  LimitCell cell = load(fixed);
  if (change.incarnation != 0 && change.incarnation != cell.incarnation) return false;
  cell.used += change.used;
  cell.held += change.held;
  cell.giving += change.giving;
  cell.denied += change.denied;
  cell.last_denied = std::max(cell.last_denied, change.last_denied);
  store(fixed, cell);
  return true;
}

}  // namespace limits
