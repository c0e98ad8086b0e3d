// How a subject stands with all its meters, and how it would in another tier.
#include <algorithm>

#include "errors.hpp"
#include "limits/rights.hpp"
#include "limits/standing.hpp"
#include "limits/subjects.hpp"
#include "pg/function.hpp"
#include "pg/store.hpp"
#include "settings.hpp"

namespace limits {

namespace {

using Usage = pg::Store<std::string, std::string, std::string, std::int64_t, std::int64_t,
                        std::optional<std::int64_t>, std::optional<std::int64_t>, std::int64_t,
                        std::optional<pg::Timestamp>, std::optional<pg::Timestamp>, std::string>;
using WhatIf = pg::Store<std::string, std::int64_t, std::optional<std::int64_t>, std::int64_t>;

// The relation that is meant; the only one that is bound when none is named.
Oid meant(const std::optional<pg::RelationId>& rel) {
  if (rel) return rel->oid;
  const std::vector<Oid> bound = bound_relations();
  if (bound.size() == 1) return bound.front();
  if (bound.empty())
    throw pg::Error{errors::unknown_limit, "no table's rows have limits"}.hint(
        "steward.bind_subjects() says whose do.");
  std::string names;
  for (const Oid one : bound)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", pg::qualified_name(one));
  throw pg::Error{errors::unknown_limit, "rows of several tables have limits"}
      .detail(fmt::format("They are {}.", names))
      .hint("Name the table: rel => '...'.");
}

const char* source_name(const Allowance& allowance) {
  if (allowance.verdict == Allowance::Verdict::expired) return "expired";
  if (allowance.verdict == Allowance::Verdict::unknown) return "none";
  switch (allowance.source) {
    case Allowance::Source::override_:
      return "override";
    case Allowance::Source::column:
      return "column";
    default:
      return "tier";
  }
}

std::optional<pg::Timestamp> moment(const Meter& meter, std::int64_t time) {
  if (meter.kind == Kind::standing) return std::nullopt;
  return pg::Timestamp{time};
}

void put(Usage& store, const Meter& meter, const std::string& subject, std::int64_t time) {
  const Allowance allowance = allowance_of(meter, subject, time);
  const Standing standing = standing_seen(meter, pots_of(meter, subject, allowance, time), allowance);
  const bool denied = allowance.verdict != Allowance::Verdict::allowed;
  store.put(meter.name, meter.kind == Kind::metered ? "metered" : "standing", allowance.tier, standing.used,
            standing.held, denied ? std::optional<std::int64_t>{0} : allowance.max,
            denied ? std::optional<std::int64_t>{0} : standing.remaining, standing.extra,
            moment(meter, allowance.period_start), moment(meter, allowance.resets_at),
            source_name(allowance));
}

template <typename Key>
void usage(Usage& store, const Key& subject, const std::optional<pg::RelationId>& rel) {
  const auto table = require_subjects(meant(rel));
  const std::string text = subject_text(*table, subject);
  require_may_see(*table, text);
  require_subject(*table, text);
  for (const auto& meter : meters_of(table->relation)) put(store, *meter, text, settings::now());
}

template <typename Key>
void what_if(WhatIf& store, const Key& subject, std::string_view tier,
             const std::optional<pg::RelationId>& rel) {
  const auto table = require_subjects(meant(rel));
  const std::string text = subject_text(*table, subject);
  require_may_see(*table, text);
  require_subject(*table, text);
  require_tier(tier);
  const std::int64_t time = settings::now();
  for (const auto& meter : meters_of(table->relation)) {
    Allowance allowance = allowance_in(*meter, text, time, std::string{tier});
    if (allowance.verdict != Allowance::Verdict::allowed) allowance.max = 0;
    const std::vector<Pot> pots = pots_of(*meter, text, allowance, time);
    const Standing standing = standing_seen(*meter, pots, allowance);
    const std::optional<std::int64_t> max = pots.front().max;
    store.put(meter->name, standing.used, allowance.max,
              max ? std::max(std::int64_t{0}, standing.used - *max) : std::int64_t{0});
  }
}

}  // namespace

}  // namespace limits

namespace sql {

constexpr auto& usage_bigint = limits::usage<std::int64_t>;
constexpr auto& usage_uuid = limits::usage<pg::Uuid>;
constexpr auto& usage_text = limits::usage<std::string_view>;
constexpr auto& what_if_bigint = limits::what_if<std::int64_t>;
constexpr auto& what_if_uuid = limits::what_if<pg::Uuid>;
constexpr auto& what_if_text = limits::what_if<std::string_view>;

}  // namespace sql

PG_SQL_STORE(usage_bigint);
PG_SQL_STORE(usage_uuid);
PG_SQL_STORE(usage_text);
PG_SQL_STORE(what_if_bigint);
PG_SQL_STORE(what_if_uuid);
PG_SQL_STORE(what_if_text);
