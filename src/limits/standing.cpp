#include "limits/standing.hpp"

#include <algorithm>

#include "errors.hpp"
#include "limits/statement_rows.hpp"

namespace limits {

namespace {

// More than a number holds is as good as unlimited.
std::int64_t sum_of(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::int64_t>::max() : sum;
}

std::int64_t room_in(const Pot& pot, const Balance& balance) {
  return std::max(std::int64_t{0}, *pot.max - balance.used - balance.held);
}

Standing standing_with(std::int64_t undecided, const Meter& meter, const std::vector<Pot>& pots,
                       const Allowance& allowance) {
  Balance main = balance_of(pots.front().account);
  main.used = sum_of(main.used, undecided);
  Standing standing{main.used, main.held, std::nullopt, 0};
  if (pots.front().max) standing.remaining = room_in(pots.front(), main);
  if (meter.kind == Kind::standing)
    for (const Extra& extra : allowance.extras) standing.extra = sum_of(standing.extra, extra.amount);
  for (std::size_t i = 1; i < pots.size(); ++i) {
    const Balance balance = balance_of(pots[i].account);
    const std::int64_t room = room_in(pots[i], balance);
    standing.held = sum_of(standing.held, balance.held);
    standing.extra = sum_of(standing.extra, room);
    standing.remaining = sum_of(*standing.remaining, room);
  }
  return standing;
}

}  // namespace

Standing standing_of(const Meter& meter, const std::vector<Pot>& pots, const Allowance& allowance) {
  return standing_with(0, meter, pots, allowance);
}

Standing standing_seen(const Meter& meter, const std::vector<Pot>& pots, const Allowance& allowance) {
  return standing_with(undecided(meter.id, pots.front().account.subject()), meter, pots, allowance);
}

int forbidden_by(const Allowance& allowance) {
  if (allowance.verdict == Allowance::Verdict::expired) return errors::subscription_over;
  if (allowance.verdict == Allowance::Verdict::unknown) return errors::unknown_limit;
  if (allowance.max == 0 && allowance.source == Allowance::Source::tier && allowance.extras.empty())
    return errors::not_in_tier;
  return 0;
}

}  // namespace limits
