#include "failing_allocator.hpp"

#include <cstdlib>
#include <new>

namespace {

std::size_t live_allocations = 0;
std::size_t allocations_until_failure = 0;  // 0 means that none will fail
bool failed = false;

}  // namespace

namespace failing_allocator {

void fail_at(std::size_t n) noexcept {
  allocations_until_failure = n;
  failed = false;
}

bool disarm() noexcept {
  allocations_until_failure = 0;
  return failed;
}

std::size_t live() noexcept { return live_allocations; }

}  // namespace failing_allocator

// The array and nothrow forms of the library call these two.
void* operator new(std::size_t size) {
  if (allocations_until_failure != 0 && --allocations_until_failure == 0) {
    failed = true;
    throw std::bad_alloc();
  }
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  ++live_allocations;
  return memory;
}

void operator delete(void* memory) noexcept {
  if (memory == nullptr) return;
  --live_allocations;
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }
