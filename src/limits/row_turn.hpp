// Mode row: transactions that use the same account take turns.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "limits/denial.hpp"

namespace limits {

// Waits until this transaction alone has all accounts that may have to be drawn on, as it does until it ends. The requests with their meters as
// they are by now, if it had to wait.
std::optional<std::vector<Request>> wait_for_turn(const std::vector<Request>& requests, std::int64_t time);

}  // namespace limits
