// Declaring that a table's partitions are made and retired, and taking that back.
#include "partitions/manage.hpp"

#include "keys/target.hpp"
#include "partitions/create.hpp"
#include "partitions/default_rows.hpp"
#include "partitions/due.hpp"
#include "partitions/orphans.hpp"
#include "partitions/scopes.hpp"
#include "pg/argument.hpp"
#include "pg/function.hpp"
#include "pg/functions.hpp"
#include "pg/notice.hpp"
#include "pg/privileges.hpp"
#include "settings.hpp"

namespace partitions {

namespace {

// Four periods, and no less than three days.
std::int32_t default_premake(const std::optional<pg::Period>& every) {
  constexpr std::int32_t periods = 4;
  constexpr std::int64_t shortest = 3 * core::microseconds_per_day;
  if (every) require_period(*every);
  if (!every || every->months != 0 || every->days != 0) return periods;
  return std::max(periods,
                  static_cast<std::int32_t>((shortest + every->microseconds - 1) / every->microseconds));
}

template <typename T>
void change(T& option, const std::optional<T>& wanted) {
  if (wanted) option = *wanted;
}
template <typename T>
void change(std::optional<T>& option, const std::optional<T>& wanted) {
  if (wanted) option = *wanted;
}

std::string session_zone() { return pg::call(::GetConfigOption, "TimeZone", false, false); }

bool is_zero(const pg::Period& period) { return period == pg::Period{}; }
bool is_negative(const pg::Period& period) {
  return period.microseconds < 0 || period.days < 0 || period.months < 0;
}

void require_sound(const Key& key, const Options& options) {
  const auto refuse = [](std::string message, std::string hint) {
    throw pg::Error{ERRCODE_INVALID_PARAMETER_VALUE, std::move(message)}.hint(std::move(hint));
  };
  if (key.is_time() && !options.every)
    refuse(fmt::format("how much time a partition is for is not given"), "For example every => '1 month'.");
  if (key.is_time() && options.key_step)
    refuse(fmt::format("key_step does not fit column \"{}\" of type {}", key.column,
                       pg::call(::format_type_be, key.type)),
           "Partitions of times are made by every => '...'.");
  if (!key.is_time() && !options.key_step)
    refuse("how many numbers a partition is for is not given", "For example key_step => 1000000.");
  if (!key.is_time() && options.every)
    refuse(fmt::format("every does not fit column \"{}\" of type {}", key.column,
                       pg::call(::format_type_be, key.type)),
           "Partitions of numbers are made by key_step => ....");
  if (options.key_step) pg::require_positive("key_step", *options.key_step);
  pg::require_not_negative("premake", options.premake);
  if (options.premake > most_premade)
    refuse(
        fmt::format("argument \"premake\" must be no more than {}, but is {}", most_premade, options.premake),
        "");
  if (options.retention && is_negative(*options.retention))
    refuse("argument \"retention\" must not be negative", "");
  if (options.retention && !key.is_time())
    refuse("numbers have no age", "Retention is for partitions by time.");
  if (is_negative(options.keep_detached)) refuse("argument \"keep_detached\" must not be negative", "");
  if (is_negative(options.lock_budget) || !WithinBudget::can_be(options.lock_budget))
    refuse("argument \"lock_budget\" must be from 0 to 1 hour",
           "It is how long everybody else may have to wait behind maintenance, for example '50 ms'.");
  if (options.retention_action != "drop" && options.retention_action != "detach")
    pg::refuse_word("retention_action", options.retention_action, "drop, detach");
  if (TIMESTAMP_NOT_FINITE(options.since.microseconds))
    refuse("argument \"since\" must be a finite time", "");
  if (options.every) require_period(*options.every);
  const pg::Zone zone{options.time_zone};
}

Options first_options(const std::optional<pg::Period>& every) {
  return {.premake = default_premake(every),
          .retention_action = "drop",
          .since = {settings::now()},
          .time_zone = session_zone(),
          .default_partition = true,
          .keep_detached = {0, 7, 0},
          .lock_budget = {50'000, 0, 0}};
}

// Rows of the default partition move in steps, each of which commits: that is for maintenance.
void make_missing(const Set& set) {
  using Action = Due::Action;
  Locks locks;
  Maker maker{set, locks};
  bool waiting = false;
  for (const Due& due : missing_of(set)) {
    if (due.action == Action::create && !default_has_rows(set, due.range))
      maker.make(due.range);
    else if (due.action == Action::create_default)
      maker.make_default();
    else
      waiting = true;
  }
  if (waiting)
    pg::notice(
        fmt::format("rows in the default partition of table \"{}\" are moved by maintenance: CALL "
                    "steward.maintain_partitions()",
                    set.name));
}

}  // namespace

void manage(Oid table, const Wanted& wanted) {
  const Key key = [&] {
    const keys::LockedTable locked{table, "manage_partitions()", ShareUpdateExclusiveLock};
    return require_key(locked);
  }();
  const std::optional<Options> present = find_options(table);
  Options options = present ? *present : first_options(wanted.every);
  change(options.every, wanted.every);
  change(options.key_step, wanted.key_step);
  change(options.premake, wanted.premake);
  change(options.retention, wanted.retention);
  if (wanted.retention && is_zero(*wanted.retention)) options.retention.reset();
  change(options.retention_action, wanted.retention_action);
  change(options.archive_schema, wanted.archive_schema);
  if (wanted.archive_schema && wanted.archive_schema->empty()) options.archive_schema.reset();
  change(options.since, wanted.since);
  change(options.time_zone, wanted.time_zone);
  change(options.default_partition, wanted.default_partition);
  change(options.keep_detached, wanted.keep_detached);
  change(options.lock_budget, wanted.lock_budget);
  require_sound(key, options);
  if (options.archive_schema) pg::require_may_create_in(*options.archive_schema, pg::owner_of(table));
  store_options(table, options, !present);
  if (wanted.makes_partitions) make_missing(Set::of(table, options, ShareUpdateExclusiveLock));
}

}  // namespace partitions

namespace sql {

void manage_partitions(pg::RelationId rel, const std::optional<pg::Period>& every,
                       const std::optional<std::int32_t>& premake, const std::optional<pg::Period>& retention,
                       const std::optional<std::string>& retention_action,
                       const std::optional<pg::Name>& archive_schema,
                       const std::optional<std::int64_t>& key_step, const std::optional<pg::Timestamp>& since,
                       const std::optional<std::string>& time_zone,
                       const std::optional<bool>& default_partition,
                       const std::optional<pg::Period>& keep_detached,
                       const std::optional<pg::Period>& lock_budget) {
  partitions::manage(rel.oid,
                     {.every = every,
                      .premake = premake,
                      .retention = retention,
                      .retention_action = retention_action,
                      .archive_schema = archive_schema ? std::optional{archive_schema->text} : std::nullopt,
                      .key_step = key_step,
                      .since = since,
                      .time_zone = time_zone,
                      .default_partition = default_partition,
                      .keep_detached = keep_detached,
                      .lock_budget = lock_budget});
}

void unmanage_partitions(pg::RelationId rel) {
  { const keys::LockedTable table{rel.oid, "unmanage_partitions()", ShareUpdateExclusiveLock}; }
  if (!partitions::find_options(rel.oid)) partitions::refuse_unmanaged(rel.oid);
  partitions::forget_set(rel.oid);
}

}  // namespace sql

PG_SQL_FUNCTION(manage_partitions);
PG_SQL_FUNCTION(unmanage_partitions);
