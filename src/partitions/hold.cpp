#include "partitions/hold.hpp"

#include "errors.hpp"
#include "partitions/recycle.hpp"
#include "partitions/scopes.hpp"
#include "partitions/set.hpp"
#include "pg/function.hpp"
#include "pg/spi.hpp"

namespace partitions {

std::optional<std::string> hold_of(Oid table) {
  const AsSteward steward;
  pg::Spi spi;
  if (spi.run_on_latest("SELECT reason FROM steward.held_partitions WHERE part OPERATOR(pg_catalog.=) $1",
                        pg::RelationId{table}) == 0)
    return std::nullopt;
  return spi.text(0, 1);
}

void hold(Oid table, const std::optional<std::string>& reason) {
  const std::string by = pg::call(::GetUserNameFromId, GetUserId(), false);
  const AsSteward steward;
  pg::Spi{}.run(
      "INSERT INTO steward.held_partitions AS h (part, reason, held_at, held_by)"
      " VALUES ($1, $2, pg_catalog.transaction_timestamp(), $3)"
      " ON CONFLICT (part) DO UPDATE SET reason = COALESCE(EXCLUDED.reason, h.reason)",
      pg::RelationId{table}, reason, pg::Name{by});
}

std::string with_hold(const std::string& reason, const std::optional<std::string>& held) {
  if (!held) return reason;
  return fmt::format("{}, but it is held{}{}", reason, held->empty() ? "" : ": ", *held);
}

void require_not_held(Oid table) {
  if (const std::optional<std::string> reason = hold_of(table))
    throw pg::at(pg::Error{errors::refused_for_safety,
                           fmt::format("partition \"{}\" is held{}{}", pg::call(::get_rel_name, table),
                                       reason->empty() ? "" : ": ", *reason)}
                     .hint("steward.unhold_partition() lets it go."),
                 table);
}

namespace {

bool belongs_to_a_set(Oid table) {
  const std::vector<Oid> ancestors = pg::ancestors_of(table);
  return !ancestors.empty() && find_options(ancestors.front());
}

// Whoever retires a partition locks it against everybody: he is waited for, or finds the hold.
void lock_and_require_known(Oid table) {
  const pg::OpenRelation locked{table, AccessShareLock};
  if (!belongs_to_a_set(table) && !find_recycled(table) && !hold_of(table))
    throw pg::at(
        pg::Error{errors::not_managed,
                  fmt::format("table \"{}\" is no partition of a managed set", locked.name())}
            .hint("What can be held is a partition of a table that steward.manage_partitions() manages, or "
                  "one in steward.recycled_partitions."),
        table);
}

}  // namespace

}  // namespace partitions

namespace sql {

void hold_partition(pg::RelationId part, const std::optional<std::string_view>& reason) {
  pg::require_writable("hold_partition()");
  partitions::lock_and_require_known(part.oid);
  partitions::hold(part.oid, reason ? std::optional{std::string{*reason}} : std::nullopt);
}

void unhold_partition(pg::RelationId part) {
  pg::require_writable("unhold_partition()");
  partitions::lock_and_require_known(part.oid);
  const partitions::AsSteward steward;
  pg::Spi{}.run("DELETE FROM steward.held_partitions WHERE part OPERATOR(pg_catalog.=) $1", part);
}

}  // namespace sql

PG_SQL_FUNCTION(hold_partition);
PG_SQL_FUNCTION(unhold_partition);
