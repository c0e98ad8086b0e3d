#include "limits/account.hpp"

#include "limits/period.hpp"
#include "limits/tables.hpp"

namespace limits {

namespace {

cells::Table table{{cells_table, sizeof(LimitCell), 6, true}};

// A sum of limits, which is as good as unlimited when no number holds it.
std::int64_t sum_of(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::int64_t>::max() : sum;
}

}  // namespace

cells::Table& limit_cells() { return table; }

Account main_account(const Meter& meter, const std::string& subject, const Allowance& allowance,
                     std::int64_t time) {
  if (meter.kind == Kind::standing) return {{meter.id, subject, standing_account}, std::nullopt, ""};
  return {{meter.id, subject, allowance.period}, allowance.period_start, month_of(allowance.zone, time)};
}

std::vector<Pot> pots_of(const Meter& meter, const std::string& subject, const Allowance& allowance,
                         std::int64_t time) {
  std::vector<Pot> pots{{main_account(meter, subject, allowance, time), allowance.max}};
  if (!allowance.max) return pots;
  for (const Extra& extra : allowance.extras) {
    if (meter.kind == Kind::standing) {
      pots.front().max = sum_of(*pots.front().max, extra.amount);
    } else {
      Account account = pots.front().account;
      account.identity = {meter.id, subject, extra_account(extra.id)};
      pots.push_back({std::move(account), extra.amount});
    }
  }
  return pots;
}

}  // namespace limits
