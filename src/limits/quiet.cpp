#include "limits/quiet.hpp"

#include "limits/account.hpp"
#include "pg/parameters.hpp"
#include "pg/subtransaction.hpp"

namespace limits {

namespace {

// Whoever comes to consume meanwhile waits behind us.
constexpr const char longest_wait[] = "20ms";

struct Undo {};

}  // namespace

bool in_quiet(const std::function<Then()>& body) {
  pg::Parameters parameters;
  parameters.set("lock_timeout", longest_wait);
  std::optional<pg::Failure> failure;
  try {
    failure = pg::subtransaction([&] {
      limit_cells().open_to_read();
      limit_cells().lock_out_writers();
      if (body() == Then::undo) throw Undo{};
    });
  } catch (const Undo&) {
  }
  if (failure && failure->sqlstate != ERRCODE_LOCK_NOT_AVAILABLE)
    throw pg::Error{failure->sqlstate, failure->message};
  return !failure;
}

}  // namespace limits
