// What happens where a change cannot be recorded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/pending.hpp"
#include "pg/subtransaction.hpp"
#include "settings.hpp"

namespace audit {

// Notes that records of tables with these numbers are missing, and why; and if not even that can be done, says it in the
// server's log.
void record_gap(const std::vector<std::int32_t>& numbers, const std::string& sqlstate);

// Does some recording; with steward.audit_on_error = degrade in a subtransaction, so that the user's work goes on when it fails.
// Returns the failure then. What it did is the present savepoint's all the same.
template <typename Body>
std::optional<std::string> within_policy(Body&& body) {
  if (settings::audit_on_error() == settings::OnError::fail) {
    body();
    return std::nullopt;
  }
  const std::optional<pg::Failure> failure = pg::subtransaction(body);
  if (!failure) return std::nullopt;
  return failure->code();
}

// The same for a change of one table; it is noted where it could not be recorded. Who has to say who acts is not let off by any policy.
template <typename Body>
void record_within_policy(std::int32_t number, Body&& body) {
  if (const auto failure = within_policy(body)) {
    require_actor();
    record_gap({number}, *failure);
  }
}

}  // namespace audit
