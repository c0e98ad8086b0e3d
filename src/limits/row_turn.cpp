#include "limits/row_turn.hpp"

#include <algorithm>
#include <numeric>

#include "limits/account.hpp"
#include "limits/escrow.hpp"
#include "pg/watch.hpp"

namespace limits {

namespace {

// What everybody does in one order, so that two do not wait for each other.
std::vector<std::size_t> order_of(const std::vector<Request>& requests) {
  std::vector<std::size_t> order(requests.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const Request &one = requests[a], &other = requests[b];
    return std::tie(one.meter->id, one.subject) < std::tie(other.meter->id, other.subject);
  });
  return order;
}

// What there is to draw on is asked again after each wait. True when there was one.
bool wait_for(Request& request, std::int64_t time) {
  bool waited = false;
  for (;;) {
    const Allowance allowance = allowance_of(*request.meter, request.subject, time);
    if (!obtain_all(pots_of(*request.meter, request.subject, allowance, time))) return waited;
    waited = true;
    pg::hear_changes_again();
    request.meter = require_meter(request.meter->name);
  }
}

}  // namespace

std::optional<std::vector<Request>> wait_for_turn(const std::vector<Request>& requests, std::int64_t time) {
  if (!takes_turns()) return std::nullopt;
  std::vector<Request> renewed = requests;
  bool waited = false;
  for (const std::size_t at : order_of(requests)) waited = wait_for(renewed[at], time) || waited;
  return waited ? std::optional{std::move(renewed)} : std::nullopt;
}

}  // namespace limits
