// explain_limit(): why a consumption is allowed or not, in words for people.
#include "core/json.hpp"
#include "limits/remedy.hpp"
#include "limits/rights.hpp"
#include "limits/standing.hpp"
#include "limits/subjects.hpp"
#include "pg/argument.hpp"
#include "pg/function.hpp"
#include "pg/store.hpp"
#include "settings.hpp"

namespace limits {

namespace {

using Lines = pg::Store<std::string>;

std::string limit_text(const std::optional<std::int64_t>& max) {
  return max ? std::to_string(*max) : "unlimited";
}

std::string time_text(pg::Timestamp time) {
  if (TIMESTAMP_IS_NOEND(time.microseconds)) return "infinity";
  if (TIMESTAMP_IS_NOBEGIN(time.microseconds)) return "-infinity";
  return core::iso_time(time.microseconds);
}

std::string tier_line(const SubjectTable& table, const Allowance& allowance) {
  std::string line = fmt::format("Tier: {}", allowance.own_tier);
  if (!table.tier.empty()) line += fmt::format(", says column \"{}\"", table.tier);
  if (allowance.expires)
    line += fmt::format("; the subscription {} at {}", allowance.has_expired ? "ran out" : "runs out",
                        time_text(*allowance.expires));
  if (allowance.has_expired)
    line += table.fallback.empty() ? "; there is no fallback tier"
                                   : fmt::format("; tier {} holds instead", table.fallback);
  return line;
}

std::string limit_line(const Meter& meter, const Allowance& allowance) {
  if (allowance.verdict == Allowance::Verdict::expired)
    return "Limit: none, because the subscription ran out";
  if (allowance.verdict == Allowance::Verdict::unknown)
    return fmt::format("Limit: tier {} has none for this meter, so nothing is allowed", allowance.tier);
  switch (allowance.source) {
    case Allowance::Source::override_:
      return fmt::format("Limit: {}, by an override for this subject", limit_text(allowance.max));
    case Allowance::Source::column:
      return fmt::format("Limit: {}, by column \"{}\"", limit_text(allowance.max), meter.max_col);
    default:
      return fmt::format("Limit: {}, of tier {}", limit_text(allowance.max), allowance.tier);
  }
}

void put_extras(Lines& lines, const Meter& meter, const std::vector<Pot>& pots, const Allowance& allowance) {
  for (std::size_t i = 0; i < allowance.extras.size(); ++i) {
    const Extra& extra = allowance.extras[i];
    std::string line = fmt::format("Extra {}: {}", extra.id, extra.amount);
    if (meter.kind == Kind::metered && i + 1 < pots.size())
      line += fmt::format(", of which {} are used", balance_of(pots[i + 1].account).used);
    if (extra.until) line += fmt::format(", until {}", time_text(*extra.until));
    lines.put(line);
  }
}

template <typename Key>
void explain_limit(Lines& lines, const Key& subject, std::string_view meter_name, std::int64_t amount) {
  pg::require_positive("amount", amount);
  const std::shared_ptr<const Meter> meter = require_meter(meter_name);
  const auto table = require_subjects(meter->subjects);
  const std::string text = subject_text(*table, subject);
  require_may_see(*table, text);
  const std::int64_t time = settings::now();
  const Allowance allowance = allowance_of(*meter, text, time);
  const std::vector<Pot> pots = pots_of(*meter, text, allowance, time);
  const Standing standing = standing_seen(*meter, pots, allowance);

  lines.put(tier_line(*table, allowance));
  lines.put(limit_line(*meter, allowance));
  put_extras(lines, *meter, pots, allowance);
  lines.put(fmt::format(
      "Used: {}{}", standing.used,
      standing.held > 0 ? fmt::format(", and {} held by transactions in progress", standing.held) : ""));
  lines.put(fmt::format("Remaining: {}", limit_text(standing.remaining)));
  if (meter->kind == Kind::metered)
    lines.put(fmt::format("Period: from {} until {}", core::iso_time(allowance.period_start),
                          core::iso_time(allowance.resets_at)));
  const std::optional<Remedy> remedy = remedy_for(*table, {meter, text, amount}, allowance, time);
  lines.put(fmt::format("Verdict: {} {}", amount, remedy ? remedy->verdict : "allowed"));
  if (!remedy) return;
  if (remedy->changes.empty()) lines.put("Would never be allowed: it would be more than a bigint holds");
  for (std::size_t i = 0; i < remedy->changes.size(); ++i)
    lines.put(fmt::format("{}: {}", i == 0 ? "Would be allowed after" : "Or after", remedy->changes[i]));
}

}  // namespace

}  // namespace limits

namespace sql {

constexpr auto& explain_limit_bigint = limits::explain_limit<std::int64_t>;
constexpr auto& explain_limit_uuid = limits::explain_limit<pg::Uuid>;
constexpr auto& explain_limit_text = limits::explain_limit<std::string_view>;

}  // namespace sql

PG_SQL_STORE(explain_limit_bigint);
PG_SQL_STORE(explain_limit_uuid);
PG_SQL_STORE(explain_limit_text);
