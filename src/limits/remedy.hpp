// What is said of an amount that may not be had: why, and the least that would allow it.
#pragma once

#include <string>
#include <vector>

#include "limits/allowance.hpp"
#include "limits/denial.hpp"
#include "limits/subjects.hpp"

namespace limits {

struct Remedy {
  std::string verdict;
  std::vector<std::string> changes;  // in SQL: each by itself allows it; none where nothing does
};

// Nothing when it may be had.
std::optional<Remedy> remedy_for(const SubjectTable& table, const Request& request,
                                 const Allowance& allowance, std::int64_t time);

}  // namespace limits
