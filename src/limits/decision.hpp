// One decision: may this be had? What it takes is held until the transaction ends.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "limits/denial.hpp"

namespace limits {

// Takes all of the requests or none; says what stands in the way. What only others hold is waited for, with nothing taken
// meanwhile, up to steward.limit_wait.
std::vector<Denial> take_all(const std::vector<Request>& requests);

// Where it is more than a number holds.
[[noreturn]] void refuse_sum(const Meter& meter, const std::string& subject);

// Notes that they were denied, in a way that no rollback takes back.
void count_denials(const std::vector<Denial>& denials);

}  // namespace limits
