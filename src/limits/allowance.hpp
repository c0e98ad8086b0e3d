// What one subject may have of one meter at this moment.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "limits/catalogue.hpp"
#include "pg/datum.hpp"

namespace limits {

struct Extra {
  std::int64_t id, amount;
  std::optional<pg::Timestamp> until;
};

struct Allowance {
  enum class Source { override_, column, tier };
  // Why nothing may be had whatever was used: the subscription has run out and there is no fallback (QL005), the tier has
  // no limit for the meter (QL007).
  enum class Verdict { allowed, expired, unknown };

  std::string tier;      // the one that holds; the fallback when the subscription has run out
  std::string own_tier;  // what the subject's row says
  std::optional<pg::Timestamp> expires;
  bool has_expired = false;
  Verdict verdict = Verdict::allowed;
  Source source = Source::tier;
  std::optional<std::int64_t> max;  // empty is unlimited; 0 is not in this tier (QL004)
  std::vector<Extra> extras;        // that have not run out, in the order in which they are drawn on
  std::string zone;
  std::int64_t period = 0;                       // its number
  std::int64_t period_start = 0, resets_at = 0;  // microseconds as the server counts them; of a metered meter
};

// Raises QL007 when there is no such subject. `time` is steward's now.
Allowance allowance_of(const Meter& meter, const std::string& subject, std::int64_t time);

// The same as if the subject were in another tier, with a subscription that runs, for what_if().
Allowance allowance_in(const Meter& meter, const std::string& subject, std::int64_t time,
                       const std::string& tier);

// The same as if its subscription had not run out, for explain_limit().
Allowance renewed_allowance_of(const Meter& meter, const std::string& subject, std::int64_t time);

}  // namespace limits
