#include "limits/remedy.hpp"

#include <algorithm>

#include "errors.hpp"
#include "limits/account.hpp"
#include "limits/escrow.hpp"
#include "limits/standing.hpp"

namespace limits {

namespace {

// Sums of what numbers hold may be more than a number holds.
using Wide = __int128;
constexpr Wide most = std::numeric_limits<std::int64_t>::max();

struct Room {
  Wide allowance;       // of the first pot; below zero where it is over its limit
  Wide extras = 0;      // of the others
  Wide if_alone = 0;    // of all, if no other transaction held anything
  Wide taken = 0;       // of the first pot, what is used and held
  bool shared = false;  // the first pot is the limit and the extras together, and what it is over counts

  // As usage() says it.
  Wide left() const { return std::max(Wide{0}, allowance) + extras; }
  // How much more an extra has to come to.
  Wide missing(Wide n) const { return n - extras - (shared ? allowance : std::max(Wide{0}, allowance)); }
};

Room room_of(const Meter& meter, const std::vector<Pot>& pots) {
  Room room{.allowance = most, .shared = meter.kind == Kind::standing};
  for (std::size_t i = 0; i < pots.size(); ++i) {
    const Balance balance = balance_of(pots[i].account);
    const Wide left = pots[i].max ? Wide{*pots[i].max} - balance.used : most;
    room.if_alone += std::max(Wide{0}, left);
    if (i == 0) {
      room.allowance = left - balance.held;
      room.taken = Wide{balance.used} + balance.held;
    } else {
      room.extras += std::max(Wide{0}, left - balance.held);
    }
  }
  return room;
}

// What the limit itself would have to be, extras being as they are.
Wide sufficient_limit(const Room& room, const Allowance& allowance, Wide n) {
  Wide extras = room.extras;
  if (room.shared)
    for (const Extra& extra : allowance.extras) extras += extra.amount;
  return extras >= n + (room.shared ? room.taken : 0) ? Wide{0} : room.taken + n - extras;
}

// A statement that changes something of the subject; nothing where the number is none.
class Changes {
 public:
  Changes(const SubjectTable& table, const Request& request) : table_{table}, request_{request} {}

  void call(const char* function, Wide amount) {
    if (amount <= most)
      add(fmt::format("SELECT steward.{}({}::text, {}, {});", function, pg::quoted_literal(request_.subject),
                      pg::quoted_literal(request_.meter->name), static_cast<std::int64_t>(amount)));
  }

  void set(const std::string& column, const std::string& value) {
    add(fmt::format("UPDATE {} SET {} = {} WHERE {} = {};", pg::qualified_name(table_.relation),
                    pg::quoted_identifier(column), value, pg::quoted_identifier(table_.key),
                    pg::quoted_literal(request_.subject)));
  }

  // The subject's own column, in its units.
  void set_max(Wide limit) {
    const Meter& meter = *request_.meter;
    const Wide units = (limit + meter.max_unit - 1) / meter.max_unit;
    if (units * meter.max_unit <= most && units <= most_in(meter.max_col))
      set(meter.max_col, std::to_string(static_cast<std::int64_t>(units)));
  }

  std::vector<std::string> take() { return std::move(changes_); }

 private:
  Wide most_in(const std::string& column) const {
    const AttrNumber number = pg::call(::get_attnum, table_.relation, column.c_str());
    switch (pg::call(::getBaseType, pg::call(::get_atttype, table_.relation, number))) {
      case INT2OID:
        return std::numeric_limits<std::int16_t>::max();
      case INT4OID:
        return std::numeric_limits<std::int32_t>::max();
      default:
        return most;
    }
  }
  void add(std::string change) { changes_.push_back(std::move(change)); }

  const SubjectTable& table_;
  const Request& request_;
  std::vector<std::string> changes_;
};

std::string verdict_of(const Meter& meter, int forbidden, const Room& room, Wide n) {
  if (forbidden == errors::subscription_over) return "denied, QL005: the subscription has expired";
  if (forbidden == errors::unknown_limit) return "denied, QL007: the tier has no limit for this meter";
  if (forbidden == errors::not_in_tier) return "denied, QL004: the tier does not include this meter";
  if (room.if_alone >= n) return "denied for now, QL008: transactions in progress hold the rest";
  const bool metered = meter.kind == Kind::metered;
  return fmt::format("denied, {}: {}", metered ? "QL001" : "QL002",
                     room.left() > 0 ? fmt::format("{} requested, {} left", static_cast<std::int64_t>(n),
                                                   static_cast<std::int64_t>(room.left()))
                     : metered       ? "the limit is used up"
                                     : "there is as much as may be");
}

// A renewal, and what it takes beside.
std::vector<std::string> renewed(const SubjectTable& table, const Request& request, std::int64_t time) {
  Changes renewal{table, request};
  renewal.set(table.expires, "'infinity'");
  const std::vector<std::string> first = renewal.take();
  const Allowance allowance = renewed_allowance_of(*request.meter, request.subject, time);
  const std::optional<Remedy> rest = remedy_for(table, request, allowance, time);
  if (!rest) return first;
  std::vector<std::string> changes;
  for (const std::string& change : rest->changes) changes.push_back(first.front() + ' ' + change);
  return changes;
}

}  // namespace

std::optional<Remedy> remedy_for(const SubjectTable& table, const Request& request,
                                 const Allowance& allowance, std::int64_t time) {
  const Meter& meter = *request.meter;
  const Wide n = request.n;
  const int forbidden = forbidden_by(allowance);
  const Room room = room_of(meter, pots_of(meter, request.subject, allowance, time));
  if (forbidden == 0 && (!allowance.max || room.missing(n) <= 0)) return std::nullopt;
  const std::string verdict = verdict_of(meter, forbidden, room, n);
  if (forbidden == errors::subscription_over) return Remedy{verdict, renewed(table, request, time)};
  Changes changes{table, request};
  const Wide limit = sufficient_limit(room, allowance, n);
  if (forbidden == errors::unknown_limit) {
    changes.call("override_limit", limit);
  } else {
    changes.call("grant_extra", room.missing(n));
    if (allowance.source == Allowance::Source::override_) changes.call("override_limit", limit);
    if (allowance.source == Allowance::Source::column) changes.set_max(limit);
  }
  return Remedy{verdict, changes.take()};
}

}  // namespace limits
