#include "codes/stripes.hpp"

#include <algorithm>
#include <vector>

#include "pg/lock.hpp"
#include "pg/memory.hpp"
#include "pg/trigger.hpp"

namespace codes {

namespace {

constexpr int stripes = 256;

struct Held {
  pg::LockName name;
  int depth;
};

// What this transaction holds; gone with its memory when it ends, as the locks are.
pg::Resident<std::vector<Held>> resident;

std::vector<Held>& held() {
  if (resident.get() == nullptr) resident.make(TopTransactionContext, "steward stripes");
  return *resident.get();
}

pg::LockName stripe_of(Oid index, std::string_view code) {
  return {index, static_cast<std::uint32_t>(std::hash<std::string_view>{}(code) % stripes)};
}

// A row whose trigger ran at this depth of nesting, or deeper, is in the index by now, where others see it even
// before it is committed; its stripe has done its work. A row further out is still on its way: a trigger of its own
// has brought us here.
void release_stored(int depth) {
  std::vector<Held>& all = held();
  while (!all.empty() && all.back().depth >= depth) {
    const pg::LockName name = all.back().name;
    all.pop_back();
    pg::release(name);
  }
}

// By a row further out, whose code is in no index yet: it may be this very one, so the stripe is as good as another
// transaction's, though the lock would be granted.
bool is_held(pg::LockName name) {
  return std::any_of(held().begin(), held().end(), [&](const Held& one) { return one.name == name; });
}

}  // namespace

bool needs_stripe(int length) { return length <= 6; }  // 62^6 < 2^40 < 62^7

Claim claim_stripe(Oid index, std::string_view code, Patience patience) {
  const int depth = pg::trigger_depth();
  release_stored(depth);
  const pg::LockName name = stripe_of(index, code);
  if (is_held(name)) return Claim::own;
  held().reserve(held().size() + 1);  // nothing may fail between taking the lock and noting it
  if (patience == Patience::wait)
    pg::lock(name);
  else if (!pg::try_lock(name))
    return Claim::refused;
  held().push_back({name, depth});
  return Claim::granted;
}

}  // namespace codes
