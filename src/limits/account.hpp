// What one number counts, and the cell that has it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "cells/table.hpp"
#include "limits/allowance.hpp"
#include "limits/catalogue.hpp"

namespace limits {

// Numbers of accounts: of a period its own (period.hpp); of all that a subject has, and of extras, what is no time.
inline constexpr std::int64_t standing_account = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t extra_account(std::int64_t id) noexcept { return standing_account + id; }

struct Account {
  cells::Identity identity;                  // (meter, subject, number)
  std::optional<std::int64_t> period_start;  // in which it is used
  std::string month;                         // of the use; empty for what a subject has
  cells::Place place{};
  std::int64_t incarnation = 0;  // of the cell that something is held of; 0 for none yet, and in mode row
  std::int64_t committed = 0;    // mode row: what was used of it, while this transaction has it
  std::string name_{};           // in the transaction's journal; see escrow.cpp

  const std::string& name() const noexcept { return name_.empty() ? identity.bytes() : name_; }
  std::int32_t meter() const noexcept { return identity.owner(); }
  std::string_view subject() const noexcept { return identity.key(); }
  std::int64_t number() const noexcept { return identity.start().value(); }
};

// An account to take from, and how much it may come to; no limit is unlimited.
struct Pot {
  Account account;
  std::optional<std::int64_t> max;
};

// The account of the allowance itself: of the present period, or of all there is.
Account main_account(const Meter& meter, const std::string& subject, const Allowance& allowance,
                     std::int64_t time);

// All that can be drawn on, in order: the allowance, then the extras. What is standing has one: its limit and its extras together.
std::vector<Pot> pots_of(const Meter& meter, const std::string& subject, const Allowance& allowance,
                         std::int64_t time);

// As it lies on the page.
struct LimitCell {
  std::int64_t used = 0;                  // committed, or about to be
  std::int64_t held = 0;                  // by transactions in progress
  std::int64_t giving = 0;                // the part of used that transactions in progress give back
  std::int64_t denied = 0;                // how often
  std::int64_t last_denied = DT_NOBEGIN;  // when
  std::int64_t incarnation = 0;  // another one for each cell: what is held of one is not held of the next
};

cells::Table& limit_cells();

}  // namespace limits
