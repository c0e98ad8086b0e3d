// Test builds only (-DPG_FAULTS): the n-th pg::call from now raises an ERROR, and guards count themselves, so that a
// test can sweep every way out of every SQL function and see that nothing stays behind. Costs nothing otherwise.
#pragma once

namespace pg::faults {

#ifdef PG_FAULTS

inline constexpr bool enabled = true;

void maybe_raise();

// Counts the live objects of the classes that derive from it.
class Counted {
 public:
  Counted() noexcept { ++live; }
  Counted(const Counted&) noexcept { ++live; }
  Counted(Counted&&) noexcept { ++live; }
  Counted& operator=(const Counted&) = default;
  Counted& operator=(Counted&&) = default;
  ~Counted() { --live; }
  static int live;
};

// While one lives no fault is injected: around what cannot raise, where the transaction can no longer fail.
class Spared {
 public:
  Spared() noexcept { ++lives; }
  Spared(const Spared&) = delete;
  ~Spared() { --lives; }
  static int lives;
};

#else

inline constexpr bool enabled = false;

inline void maybe_raise() {}
class Counted {};
class [[maybe_unused]] Spared {};

#endif

}  // namespace pg::faults
