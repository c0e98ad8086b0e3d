// Tiers and limits: what there is, and how much of what.
#include "errors.hpp"
#include "limits/catalogue.hpp"
#include "limits/scopes.hpp"
#include "limits/values.hpp"
#include "pg/argument.hpp"
#include "pg/function.hpp"
#include "pg/spi.hpp"

namespace sql {

namespace {

void begin_change(const char* command) {
  pg::require_writable(command);
  limits::lock_catalogue();
}

// A table whose subjects fall back to the tier.
std::string table_falling_back_to(pg::Spi& spi, const std::string& tier) {
  const std::uint64_t rows = spi.run_on_latest(
      "SELECT rel::pg_catalog.text FROM steward._subjects WHERE fallback OPERATOR(pg_catalog.=) $1 LIMIT 1",
      tier);
  return rows == 0 ? "" : spi.text(0, 1);
}

}  // namespace

void define_tier(const std::string& tier, std::optional<std::int32_t> rank) {
  begin_change("define_tier()");
  limits::require_name("tier", tier);
  const std::optional<std::int32_t> present = limits::rank_of(tier);
  if (!present && !rank)
    throw pg::Error{ERRCODE_NULL_VALUE_NOT_ALLOWED, fmt::format("tier \"{}\" needs a rank", tier)}.detail(
        "A higher rank is a better tier.");
  if (!rank || present == rank) return;
  const limits::AsSteward owner;
  limits::require_changed(
      pg::Spi{}.run(present ? "UPDATE steward._tiers SET rank = $2 WHERE tier OPERATOR(pg_catalog.=) $1"
                            : "INSERT INTO steward._tiers (tier, rank) VALUES ($1, $2)",
                    tier, *rank));
}

// Its limits go with it. Subjects that are in it have none then: QL007 says so when they use something.
void drop_tier(const std::string& tier) {
  begin_change("drop_tier()");
  limits::require_tier(tier);
  const limits::AsSteward owner;
  pg::Spi spi;
  if (const std::string table = table_falling_back_to(spi, tier); !table.empty())
    throw pg::Error{ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST,
                    fmt::format("cannot drop tier \"{}\" because subjects fall back to it", tier)}
        .detail(fmt::format("Those of table \"{}\" do when their subscription has run out.", table))
        .hint("steward.bind_subjects() gives them another one: fallback => '...', or '' for none.");
  const std::uint64_t known =
      spi.run_on_latest("SELECT FROM steward._limits WHERE tier OPERATOR(pg_catalog.=) $1", tier);
  limits::require_changed(spi.run("DELETE FROM steward._limits WHERE tier OPERATOR(pg_catalog.=) $1", tier),
                          known);
  limits::require_changed(spi.run("DELETE FROM steward._tiers WHERE tier OPERATOR(pg_catalog.=) $1", tier));
}

void set_limit(const std::string& tier, std::string_view meter, std::optional<std::int64_t> max) {
  begin_change("set_limit()");
  limits::require_tier(tier);
  const auto known = limits::require_meter(meter);
  if (max) pg::require_not_negative("max", *max, limits::unlimited_is_null);
  const auto present = known->limits.find(tier);
  if (present != known->limits.end() && present->second == max) return;
  const limits::AsSteward owner;
  limits::require_changed(
      pg::Spi{}.run(present != known->limits.end()
                        ? "UPDATE steward._limits SET max = $3 WHERE tier OPERATOR(pg_catalog.=) $1"
                          " AND meter OPERATOR(pg_catalog.=) $2"
                        : "INSERT INTO steward._limits (tier, meter, max) VALUES ($1, $2, $3)",
                    tier, known->id, max));
}

void drop_limit(const std::string& tier, std::string_view meter) {
  begin_change("drop_limit()");
  limits::require_tier(tier);
  const auto known = limits::require_meter(meter);
  if (!known->limits.contains(tier))
    throw pg::Error{errors::unknown_limit,
                    fmt::format("tier \"{}\" has no limit for meter \"{}\"", tier, known->name)}
        .hint("steward.set_limit() sets one.");
  const limits::AsSteward owner;
  limits::require_changed(
      pg::Spi{}.run("DELETE FROM steward._limits WHERE tier OPERATOR(pg_catalog.=) $1"
                    " AND meter OPERATOR(pg_catalog.=) $2",
                    tier, known->id));
}

}  // namespace sql

PG_SQL_FUNCTION(define_tier);
PG_SQL_FUNCTION(drop_tier);
PG_SQL_FUNCTION(set_limit);
PG_SQL_FUNCTION(drop_limit);
