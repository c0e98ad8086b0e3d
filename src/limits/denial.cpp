#include "limits/denial.hpp"

#include "core/json.hpp"
#include "errors.hpp"
#include "limits/subjects.hpp"
#include "pg/relation.hpp"

namespace limits {

namespace {

using core::json_string;

std::string number_or_null(const std::optional<std::int64_t>& number) {
  return number ? std::to_string(*number) : "null";
}

std::string members(const Denial& denial) {
  const Meter& meter = *denial.request.meter;
  const Allowance& allowance = denial.allowance;
  return fmt::format(
      R"("meter": {}, "subject": {}, "tier": {}, "used": {}, "held": {}, "requested": {}, "max": {}, "remaining": {}, "resets_at": {})",
      json_string(meter.name), json_string(denial.request.subject), json_string(allowance.tier), denial.used,
      denial.held, denial.request.n, number_or_null(allowance.max), denial.remaining,
      meter.kind == Kind::metered ? json_string(core::iso_time(allowance.resets_at)) : "null");
}

std::string detail_of(const std::vector<Denial>& denials) {
  std::string others;
  for (std::size_t i = 1; i < denials.size(); ++i)
    others += fmt::format("{}{{{}}}", others.empty() ? "" : ", ", members(denials[i]));
  return fmt::format("{{{}{}}}", members(denials.front()),
                     others.empty() ? "" : fmt::format(", \"others\": [{}]", others));
}

std::string message_of(const Denial& denial) {
  const Meter& meter = *denial.request.meter;
  const Allowance& allowance = denial.allowance;
  if (denial.sqlstate == errors::not_in_tier)
    return fmt::format("\"{}\" is not included in tier \"{}\"", meter.name, allowance.tier);
  if (denial.sqlstate == errors::subscription_over)
    return fmt::format("\"{}\" is not available: the subscription has expired", meter.name);
  if (denial.sqlstate == errors::unknown_limit)
    return fmt::format("tier \"{}\" has no limit for meter \"{}\"", allowance.tier, meter.name);
  if (denial.sqlstate == errors::held_by_others)
    return fmt::format("\"{}\" limit: the rest is held by transactions in progress", meter.name);
  if (denial.remaining > 0)
    return fmt::format("\"{}\" limit: {} requested, {} left", meter.name, denial.request.n, denial.remaining);
  return fmt::format("\"{}\" limit reached: {} of {} {}", meter.name, denial.used, *allowance.max,
                     meter.kind == Kind::metered ? "used" : "in use");
}

// The lowest tier above the present one that would allow it.
std::string better_tier(const Denial& denial) {
  const Meter& meter = *denial.request.meter;
  const std::optional<std::int32_t> present = rank_of(denial.allowance.tier);
  const std::string* best = nullptr;
  std::optional<std::int64_t> best_max;
  std::int32_t best_rank = 0;
  for (const auto& [tier, max] : meter.limits) {
    const std::optional<std::int32_t> rank = rank_of(tier);
    if (!rank || (present && *rank <= *present) || (best != nullptr && *rank >= best_rank)) continue;
    if (max && *max - denial.used < denial.request.n) continue;
    best = &tier;
    best_max = max;
    best_rank = *rank;
  }
  if (best == nullptr) return "";
  return best_max ? fmt::format("Tier \"{}\" allows {}.", *best, *best_max)
                  : fmt::format("Tier \"{}\" is unlimited.", *best);
}

// Another tier changes nothing where the subject has a limit of its own, or has one to fall back to.
std::string way_out(const Denial& denial) {
  switch (denial.allowance.source) {
    case Allowance::Source::override_:
      return "The limit is the subject's own, by an override.";
    case Allowance::Source::column:
      return fmt::format("The limit is the subject's own, in column \"{}\".", denial.request.meter->max_col);
    default:
      if (denial.allowance.has_expired)
        return fmt::format("The subscription has expired, and tier \"{}\" holds.", denial.allowance.tier);
      return better_tier(denial);
  }
}

std::string hint_of(const Denial& denial) {
  if (denial.sqlstate == errors::held_by_others) return "Try again.";
  if (denial.sqlstate == errors::subscription_over)
    return "Renew the subscription; steward.bind_subjects() can name a fallback tier.";
  if (denial.sqlstate == errors::unknown_limit) return "steward.set_limit() sets one; NULL is unlimited.";
  std::string hint = way_out(denial);
  if (denial.sqlstate == errors::limit_reached)
    hint += fmt::format("{}It resets at {}.", hint.empty() ? "" : " ",
                        core::iso_time(denial.allowance.resets_at));
  return hint;
}

// The column of the subject's table that the limit comes from.
std::string column_of(const Denial& denial) {
  if (denial.allowance.source == Allowance::Source::column) return denial.request.meter->max_col;
  const auto table = require_subjects(denial.request.meter->subjects);
  if (denial.sqlstate == errors::subscription_over) return table->expires;
  return table->tier.empty() ? table->key : table->tier;
}

}  // namespace

bool is_for_want_of_room(const Denial& denial) {
  return denial.sqlstate == errors::limit_reached || denial.sqlstate == errors::standing_limit ||
         denial.sqlstate == errors::held_by_others;
}

void refuse(const std::vector<Denial>& denials) {
  const Denial& first = denials.front();
  throw pg::at(pg::Error{first.sqlstate, message_of(first)}.detail(detail_of(denials)).hint(hint_of(first)),
               first.request.meter->subjects, column_of(first));
}

}  // namespace limits
