#include "limits/decision.hpp"

#include <algorithm>
#include <numeric>

#include "errors.hpp"
#include "limits/account.hpp"
#include "limits/escrow.hpp"
#include "limits/row_run.hpp"
#include "limits/standing.hpp"
#include "pg/pause.hpp"
#include "pg/watch.hpp"
#include "settings.hpp"

namespace limits {

namespace {

int used_up(const Meter& meter) {
  return meter.kind == Kind::metered ? errors::limit_reached : errors::standing_limit;
}

Denial denial_of(int sqlstate, const Request& request, const Allowance& allowance,
                 const std::vector<Pot>& pots) {
  const Standing standing = standing_of(*request.meter, pots, allowance);
  return {sqlstate, request, allowance, standing.used, standing.held, standing.remaining.value_or(0)};
}

// With the meter as it is by now.
Request renewed(const Request& request) {
  pg::hear_changes_again();
  return {require_meter(request.meter->name), request.subject, request.n};
}

// Takes what was asked for; or says why not, and has taken nothing.
std::optional<Denial> try_take(const Request& request, std::int64_t time) {
  const Allowance allowance = allowance_of(*request.meter, request.subject, time);
  std::vector<Pot> pots = pots_of(*request.meter, request.subject, allowance, time);
  if (const int sqlstate = forbidden_by(allowance)) return denial_of(sqlstate, request, allowance, pots);
  if (obtain_all(pots)) return try_take(renewed(request), time);
  const Outcome outcome = take(pots, request.n);
  if (outcome == Outcome::taken) return std::nullopt;
  if (!allowance.max)
    throw pg::Error{ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE,
                    fmt::format("usage of \"{}\" is out of range", request.meter->name)}
        .detail(fmt::format("Subject \"{}\" would have used more than a bigint holds.", request.subject));
  return denial_of(outcome == Outcome::held_by_others ? errors::held_by_others : used_up(*request.meter),
                   request, allowance, pots);
}

// Tries each, all callers in one order, since in mode row they wait for each other; what is denied is said in the order in which it was asked
// for.
std::vector<Denial> try_all(const std::vector<Request>& requests, std::int64_t time) {
  std::vector<std::size_t> order(requests.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return requests[a].meter->id < requests[b].meter->id;
  });
  std::vector<std::optional<Denial>> verdicts(requests.size());
  for (const std::size_t at : order) verdicts[at] = try_take(requests[at], time);
  std::vector<Denial> denials;
  for (std::optional<Denial>& denial : verdicts)
    if (denial) denials.push_back(std::move(*denial));
  return denials;
}

}  // namespace

std::vector<Denial> take_all(const std::vector<Request>& requests) {
  end_run();
  const std::int64_t time = settings::now();
  const TimestampTz deadline = GetCurrentTimestamp() + std::int64_t{settings::limit_wait()} * 1000;
  for (long pause = 1;; pause = std::min(pause * 2, 16L)) {
    const std::size_t mark = taking_mark();
    std::vector<Denial> denials = try_all(requests, time);
    if (denials.empty()) {
      keep_since(mark);
      return denials;
    }
    untake_since(mark);
    const bool may_wait = std::all_of(denials.begin(), denials.end(), [](const Denial& denial) {
      return denial.sqlstate == errors::held_by_others;
    });
    if (!may_wait || GetCurrentTimestamp() >= deadline) {
      // What does not depend on others is said first.
      std::stable_partition(denials.begin(), denials.end(),
                            [](const Denial& denial) { return denial.sqlstate != errors::held_by_others; });
      return denials;
    }
    pg::pause(pause);
  }
}

void count_denials(const std::vector<Denial>& denials) {
  const std::int64_t time = settings::now();
  for (const Denial& denial : denials) {
    Account account = main_account(*denial.request.meter, denial.request.subject, denial.allowance, time);
    count_denial(account);
  }
}

}  // namespace limits
