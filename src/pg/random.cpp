#include "pg/random.hpp"

namespace pg {

namespace {

// Belongs to the process that filled it: a child that inherits it by fork finds another pid and fills its own. It is
// filled on first use, so a preloading postmaster holds no randomness that its children would share. What has been
// used is wiped.
struct Pool {
  std::array<std::uint64_t, 512> words;
  std::size_t left;
  int pid;
};
Pool pool;

void strong_random(void* buffer, std::size_t size) {
  if (!call(::pg_strong_random, buffer, size))
    throw Error{ERRCODE_INTERNAL_ERROR, "could not generate random values"};
}

[[gnu::noinline]] void refill() {
  pool.left = 0;
  strong_random(pool.words.data(), sizeof pool.words);
  pool.left = pool.words.size();
  pool.pid = MyProcPid;
}

}  // namespace

std::uint64_t random_u64() {
  if (pool.left == 0 || pool.pid != MyProcPid) [[unlikely]]
    refill();
  return std::exchange(pool.words[--pool.left], 0);
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  strong_random(bytes.data(), bytes.size());
  return bytes;
}

}  // namespace pg
