// How a subject stands with a meter, as this transaction sees it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "limits/account.hpp"
#include "limits/escrow.hpp"

namespace limits {

struct Standing {
  std::int64_t used;                      // of the allowance: extras are what is left of them
  std::int64_t held;                      // by other transactions
  std::optional<std::int64_t> remaining;  // of all that can be drawn on; empty is unlimited
  std::int64_t extra;                     // what is left of extras
};

Standing standing_of(const Meter& meter, const std::vector<Pot>& pots, const Allowance& allowance);
// For who only asks: with what a statement that is under way has written so far, which is decided when it ends.
Standing standing_seen(const Meter& meter, const std::vector<Pot>& pots, const Allowance& allowance);

// Why the allowance forbids everything, whatever was used: an SQLSTATE; 0 if it does not.
int forbidden_by(const Allowance& allowance);

}  // namespace limits
