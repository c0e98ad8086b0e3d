#include "limits/decision.hpp"

#include <algorithm>
#include <functional>

#include "errors.hpp"
#include "limits/escrow.hpp"
#include "limits/row_turn.hpp"
#include "limits/standing.hpp"
#include "pg/pause.hpp"
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

// Takes what was asked for; or notes why not, and has taken nothing.
void try_take(Decision& decision, const Request& request, std::int64_t time) {
  Grant grant{allowance_of(*request.meter, request.subject, time), {}};
  grant.pots = pots_of(*request.meter, request.subject, grant.allowance, time);
  const auto deny = [&](int sqlstate) {
    decision.denials.push_back(denial_of(sqlstate, request, grant.allowance, grant.pots));
  };
  if (const int sqlstate = forbidden_by(grant.allowance)) return deny(sqlstate);
  const Outcome outcome = take(grant.pots, request.n);
  if (outcome == Outcome::taken) return decision.grants.push_back(std::move(grant));
  if (!grant.allowance.max) refuse_sum(*request.meter, request.subject);
  deny(outcome == Outcome::held_by_others ? errors::held_by_others : used_up(*request.meter));
}

}  // namespace

Decision take_all(const std::vector<Request>& asked) {
  const std::int64_t time = settings::now();
  const std::optional<std::vector<Request>> renewed = wait_for_turn(asked, time);
  const std::vector<Request>& requests = renewed ? *renewed : asked;
  std::optional<TimestampTz> deadline;
  for (long pause = 1;; pause = std::min(pause * 2, 16L)) {
    const std::size_t mark = taking_mark();
    Decision decision;
    for (const Request& request : requests) try_take(decision, request, time);
    std::vector<Denial>& denials = decision.denials;
    if (denials.empty()) {
      keep_since(mark);
      return decision;
    }
    untake_since(mark);
    const auto for_others = [](const Denial& denial) { return denial.sqlstate == errors::held_by_others; };
    const bool may_wait = std::all_of(denials.begin(), denials.end(), for_others);
    if (!deadline) deadline = GetCurrentTimestamp() + std::int64_t{settings::limit_wait()} * 1000;
    if (!may_wait || GetCurrentTimestamp() >= *deadline) {
      // What does not depend on others is said first.
      std::stable_partition(denials.begin(), denials.end(), std::not_fn(for_others));
      return decision;
    }
    pg::pause(pause);
  }
}

void refuse_sum(const Meter& meter, const std::string& subject) {
  throw pg::Error{ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE,
                  fmt::format("usage of \"{}\" is out of range", meter.name)}
      .detail(fmt::format("Subject \"{}\" would have used more than a bigint holds.", subject));
}

void count_denials(const std::vector<Denial>& denials) {
  const std::int64_t time = settings::now();
  for (const Denial& denial : denials) {
    Account account = main_account(*denial.request.meter, denial.request.subject, denial.allowance, time);
    count_denial(account);
  }
}

}  // namespace limits
