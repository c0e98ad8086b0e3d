// One decision: may this be had? What it takes is held until the transaction ends.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "limits/account.hpp"
#include "limits/denial.hpp"

namespace limits {

// What a request was granted from.
struct Grant {
  Allowance allowance;
  std::vector<Pot> pots;
};

// Of several requests: a grant for each, or what stands in the way.
struct Decision {
  std::vector<Grant> grants;
  std::vector<Denial> denials;
};

// Takes all of the requests or none. What only others hold is waited for, with nothing taken meanwhile, up to steward.limit_wait.
Decision take_all(const std::vector<Request>& requests);

// Where it is more than a number holds.
[[noreturn]] void refuse_sum(const Meter& meter, const std::string& subject);

// Notes that they were denied, in a way that no rollback takes back.
void count_denials(const std::vector<Denial>& denials);

}  // namespace limits
