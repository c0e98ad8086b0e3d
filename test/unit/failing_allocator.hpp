// Replaces operator new and delete of the test binary, so that a chosen allocation fails and leaks are
// counted.
#pragma once

#include <cstddef>

namespace failing_allocator {

// Let the n-th allocation from here on (1 is the next) throw std::bad_alloc, once.
void fail_at(std::size_t n) noexcept;

// Stop failing; return whether an allocation did fail since fail_at.
bool disarm() noexcept;

// Allocations that have not been freed.
[[nodiscard]] std::size_t live() noexcept;

}  // namespace failing_allocator
