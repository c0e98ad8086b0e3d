#include "partitions/set.hpp"

#include <algorithm>

#include "core/partition_name.hpp"
#include "errors.hpp"
#include "keys/plans.hpp"
#include "partitions/scopes.hpp"
#include "pg/spi.hpp"
#include "settings.hpp"

namespace partitions {

namespace {

using core::ladder::Range;
using core::periods::Period;
using core::periods::Unit;

constexpr std::int64_t microseconds_per_hour = core::microseconds_per_hour;

[[noreturn]] void refuse(const pg::OpenRelation& table, int sqlstate, const char* fault, const char* detail) {
  throw pg::at(pg::Error{sqlstate, fmt::format("cannot manage partitions of table \"{}\"", table.name())}
                   .detail(fault)
                   .hint(detail),
               table.oid());
}

std::optional<Period> period_of(const pg::Period& every) {
  const int parts = (every.months != 0) + (every.days != 0) + (every.microseconds != 0);
  if (parts != 1 || every.months < 0 || every.days < 0 || every.microseconds < 0) return std::nullopt;
  if (every.months > 0)
    return every.months % 12 == 0 ? Period{Unit::year, every.months / 12} : Period{Unit::month, every.months};
  if (every.days > 0)
    return every.days % 7 == 0 ? Period{Unit::week, every.days / 7} : Period{Unit::day, every.days};
  if (every.microseconds % microseconds_per_hour != 0 ||
      every.microseconds / microseconds_per_hour > std::numeric_limits<std::int32_t>::max())
    return std::nullopt;
  return Period{Unit::hour, static_cast<std::int32_t>(every.microseconds / microseconds_per_hour)};
}

std::vector<Child> children_of(const std::vector<pg::Partition>& partitions, const Key& key) {
  std::vector<Child> children;
  for (const pg::Partition& one : partitions)
    if (!one.is_default) children.push_back({one.relation, range_of(key, one), one.detaching});
  std::sort(children.begin(), children.end(),
            [](const Child& a, const Child& b) { return a.range.from < b.range.from; });
  return children;
}

std::optional<Oid> default_of(const std::vector<pg::Partition>& partitions) {
  const auto found = std::find_if(partitions.begin(), partitions.end(),
                                  [](const pg::Partition& one) { return one.is_default; });
  return found == partitions.end() ? std::nullopt : std::optional{found->relation};
}

// The highest number in a partition; nothing where it has none below a limit.
std::optional<std::int64_t> highest_in(const Set& set, Oid partition, std::int64_t below) {
  {
    const pg::OpenRelation table{partition, AccessShareLock};
    if (table.kind() == RELKIND_RELATION && pg::pages_of(table) == 0) return std::nullopt;
  }
  const AsOwnerOf owner{partition};
  pg::Spi spi;
  if (spi.run_on_latest(fmt::format("SELECT {} FROM {} WHERE {} ORDER BY {} DESC LIMIT 1", selected(set.key),
                                    pg::qualified_name(partition),
                                    condition_of(set.key, {core::ladder::lowest, below}),
                                    pg::quoted_identifier(set.key.column))) == 0)
    return std::nullopt;
  return selected_value(set.key, spi, 0, 1);
}

// Zero where there is no row yet. The last partitions first: nothing but the default needs to be read beside the one that has rows.
std::int64_t highest_number(const Set& set, std::int64_t below) {
  std::optional<std::int64_t> highest;
  for (auto child = set.children.rbegin(); child != set.children.rend() && !highest; ++child)
    highest = highest_in(set, child->relation, below);
  if (set.default_partition) highest = std::max(highest, highest_in(set, *set.default_partition, below));
  return highest.value_or(0);
}

std::optional<Oid> oid_of(const std::optional<pg::RelationId>& relation) {
  return relation ? std::optional{relation->oid} : std::nullopt;
}

// Nothing can be moved out of one that is partitioned, or is somewhere else.
bool can_be_emptied(Oid default_partition) {
  return pg::call(::get_rel_relkind, default_partition) == RELKIND_RELATION;
}

// As far as the step goes that it begins, or as the next partition leaves it.
std::optional<Child> filling_of(const std::vector<Child>& children, std::optional<Oid> partition,
                                const core::ladder::Steps& steps) {
  for (auto child = children.begin(); partition && child != children.end(); ++child) {
    if (child->relation != *partition || child->detaching) continue;
    const std::optional<Range> step = steps.around(child->range.from);
    std::int64_t end = step ? std::max(step->to, child->range.to) : child->range.to;
    if (const auto next = child + 1; next != children.end()) end = std::min(end, next->range.from);
    return Child{child->relation, {child->range.from, end}, child->detaching};
  }
  return std::nullopt;
}

std::int64_t after(std::int64_t value, std::int64_t distance) {
  return __builtin_add_overflow(value, distance, &value) ? core::ladder::highest : value;
}

}  // namespace

std::optional<Options> find_options(Oid table) {
  constexpr const char query[] =
      "SELECT s.every, s.key_step, s.premake, s.retention, s.retention_action, "
      "s.archive_schema::pg_catalog.text,"
      " s.since, s.time_zone, s.default_partition, s.keep_detached, s.lock_budget, m.part,"
      " EXISTS (SELECT FROM steward.recycled_partitions AS r WHERE r.rel OPERATOR(pg_catalog.=) s.rel)"
      " FROM steward.partition_sets AS s LEFT JOIN steward._moving_partitions AS m ON m.rel "
      "OPERATOR(pg_catalog.=) s.rel"
      " WHERE s.rel OPERATOR(pg_catalog.=) $1::pg_catalog.oid";
  const AsSteward steward;
  pg::Spi spi;
  if (keys::run_planned(spi, query, fmt::format("{}", table), true) == 0) return std::nullopt;
  return Options{.every = spi.find<pg::Period>(0, 1),
                 .key_step = spi.find<std::int64_t>(0, 2),
                 .premake = spi.value<std::int32_t>(0, 3),
                 .retention = spi.find<pg::Period>(0, 4),
                 .retention_action = spi.value<std::string>(0, 5),
                 .archive_schema = spi.find<std::string>(0, 6),
                 .since = spi.value<pg::Timestamp>(0, 7),
                 .time_zone = spi.value<std::string>(0, 8),
                 .default_partition = spi.value<bool>(0, 9),
                 .keep_detached = spi.value<pg::Period>(0, 10),
                 .lock_budget = spi.value<pg::Period>(0, 11),
                 .filling = oid_of(spi.find<pg::RelationId>(0, 12)),
                 .has_recycled = spi.value<bool>(0, 13)};
}

void refuse_unmanaged(Oid table) {
  const char* name = pg::call(::get_rel_name, table);
  throw pg::at(pg::Error{errors::not_managed, fmt::format("partitions of table \"{}\" are not managed",
                                                          name != nullptr ? name : "?")}
                   .hint("steward.manage_partitions() manages them."),
               table);
}

void store_options(Oid table, const Options& options, bool is_new) {
  const AsSteward steward;
  pg::Spi{}.run(
      is_new
          ? "INSERT INTO steward.partition_sets (rel, every, key_step, premake, retention, retention_action,"
            " archive_schema, since, time_zone, default_partition, keep_detached, lock_budget)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
          : "UPDATE steward.partition_sets SET every = $2, key_step = $3, premake = $4, retention = $5,"
            " retention_action = $6, archive_schema = $7, since = $8, time_zone = $9, default_partition = "
            "$10,"
            " keep_detached = $11, lock_budget = $12 WHERE rel OPERATOR(pg_catalog.=) $1",
      pg::RelationId{table}, options.every, options.key_step, options.premake, options.retention,
      options.retention_action, options.archive_schema, options.since, options.time_zone,
      options.default_partition, options.keep_detached, options.lock_budget);
}

std::vector<Oid> managed_tables() {
  const AsSteward steward;
  pg::Spi spi;
  const std::uint64_t count = spi.run_on_latest(
      "SELECT s.rel FROM steward.partition_sets AS s JOIN pg_catalog.pg_class AS c ON c.oid "
      "OPERATOR(pg_catalog.=) s.rel"
      " ORDER BY s.rel");
  std::vector<Oid> tables;
  for (std::uint64_t i = 0; i < count; ++i) tables.push_back(spi.value<pg::RelationId>(i, 1).oid);
  return tables;
}

Key require_key(const pg::OpenRelation& table) {
  if (table.is_temporary())
    refuse(table, ERRCODE_FEATURE_NOT_SUPPORTED, "It is a temporary table, which goes with its session.", "");
  const std::optional<pg::PartitionKey> key = pg::partition_key_of(table);
  if (!key)
    refuse(table, ERRCODE_WRONG_OBJECT_TYPE, "It is not partitioned.",
           "Make it PARTITION BY RANGE on the column that says when a row is from.");
  if (key->strategy != 'r')
    refuse(table, ERRCODE_FEATURE_NOT_SUPPORTED, "It is partitioned by list or hash.",
           "Only sets PARTITION BY RANGE follow time or numbers.");
  if (key->columns != 1)
    refuse(table, ERRCODE_FEATURE_NOT_SUPPORTED, "Its partition key has several columns.",
           "Partition by the column alone that says when a row is from.");
  if (key->column == 0)
    refuse(table, ERRCODE_FEATURE_NOT_SUPPORTED, "Its partition key is an expression.",
           "Partition by a column; a generated one cannot be a key either.");
  const std::string column = NameStr(TupleDescAttr(table.columns(), key->column - 1)->attname);
  const std::optional<KeyKind> kind = kind_of(key->type);
  if (!kind)
    throw pg::at(
        pg::Error{ERRCODE_DATATYPE_MISMATCH,
                  fmt::format("cannot manage partitions by column \"{}\" of type {}", column,
                              pg::call(::format_type_be, key->type))}
            .hint("The key is a timestamp with or without time zone, a date, an integer, a bigint, or a uuid "
                  "that holds UUIDv7."),
        table.oid(), column);
  return {column, key->type, *kind};
}

Period require_period(const pg::Period& every) {
  if (const std::optional<Period> period = period_of(every)) return *period;
  throw pg::Error{ERRCODE_INVALID_PARAMETER_VALUE, "interval does not fit partitions"}
      .detail("Partitions are made every so many hours, days, weeks, months or years.")
      .hint("For example every => '1 month'.");
}

SetSteps::SetSteps(const Key& key, const Options& options) {
  if (!key.is_time()) {
    steps_ = std::make_unique<core::ladder::NumberSteps>(options.key_step.value(), limits_of(key));
    return;
  }
  period_ = require_period(options.every.value());
  const bool by_zone = key.has_zone() && period_.unit != Unit::hour;
  zone_.emplace(by_zone ? options.time_zone : "UTC");
  steps_ = std::make_unique<core::ladder::TimeSteps>(period_, *zone_);
}

std::string SetSteps::suffix(std::int64_t from) const {
  return zone_ ? core::time_suffix(period_.unit, zone_->local(from)) : core::number_suffix(from);
}

Set Set::of(Oid table, Options options, LOCKMODE lock) {
  const pg::OpenRelation relation{table, lock};
  return Set{relation, std::move(options)};
}

Set::Set(const pg::OpenRelation& table, Options of)
    : relation{table.oid()},
      name{table.name()},
      options{std::move(of)},
      key{require_key(table)},
      steps{key, options} {
  const std::vector<pg::Partition> partitions = pg::partitions_of(table);
  children = children_of(partitions, key);
  default_partition = default_of(partitions);
  if (!default_partition || can_be_emptied(*default_partition))
    filling = filling_of(children, options.filling, steps.get());
}

std::vector<Range> Set::ranges() const {
  std::vector<Range> ranges;
  ranges.reserve(children.size());
  for (const Child& child : children)
    ranges.push_back(filling && filling->relation == child.relation ? filling->range : child.range);
  return ranges;
}

std::int64_t Set::present() const {
  if (!key.is_time()) return highest_number(*this, end_of_future());
  const std::int64_t now = settings::now();
  return key.has_zone() ? now : pg::Zone{options.time_zone}.local(now);
}

// Numbers have none to tell it by but the partitions that there are.
std::int64_t Set::end_of_future() const {
  constexpr std::int64_t most_steps = 100;
  if (key.is_time()) return after(present(), settings::partition_max_future());
  if (children.empty() || children.back().range.to == core::ladder::highest) return core::ladder::highest;
  std::int64_t distance = 0;
  return __builtin_mul_overflow(options.key_step.value(), most_steps, &distance)
             ? core::ladder::highest
             : after(children.back().range.to, distance);
}

}  // namespace partitions
