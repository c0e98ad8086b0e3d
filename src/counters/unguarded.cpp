#include "counters/cells.hpp"

namespace counters {

namespace {

// How many are alive: one statement of ours may run another's trigger.
int depth = 0;

}  // namespace

Unguarded::Unguarded() noexcept { ++depth; }
Unguarded::~Unguarded() { --depth; }

bool Unguarded::active() noexcept { return depth > 0; }

}  // namespace counters
