// Why something may not be had, as an application is told.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "limits/allowance.hpp"
#include "limits/catalogue.hpp"

namespace limits {

struct Request {
  std::shared_ptr<const Meter> meter;
  std::string subject;
  std::int64_t n;
};

struct Denial {
  int sqlstate;
  Request request;
  Allowance allowance;
  std::int64_t used, held, remaining;
};

// Whether it is for want of room (QL001, QL002, QL008), and not because of what was asked.
bool is_for_want_of_room(const Denial& denial);

// Raises the first, and names the others.
[[noreturn]] void refuse(const std::vector<Denial>& denials);

}  // namespace limits
