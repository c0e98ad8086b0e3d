#include "partitions/due.hpp"

#include <algorithm>

#include "partitions/age.hpp"
#include "partitions/create.hpp"
#include "partitions/default_rows.hpp"
#include "partitions/drain.hpp"
#include "partitions/recycle.hpp"
#include "partitions/retire.hpp"

namespace partitions {

namespace {

using core::ladder::Range;
using Action = Due::Action;

// More than anybody means: 27 years of days, a year of hours.
constexpr std::size_t most_partitions = most_premade;

[[noreturn]] void refuse_many(const Set& set) {
  throw pg::at(
      pg::Error{ERRCODE_PROGRAM_LIMIT_EXCEEDED,
                fmt::format("table \"{}\" would get more than {} partitions", set.name, most_partitions)}
          .hint("Choose a later since or a longer every."),
      set.relation);
}

// The last value that is to have a partition: so many steps after the present one.
std::int64_t horizon_of(const Set& set, std::int64_t present) {
  std::int64_t value = present;
  for (std::int32_t i = 0; i < std::min(set.options.premake, most_premade); ++i) {
    const std::optional<Range> step = set.steps.get().around(value);
    if (!step) break;
    value = step->to;
  }
  return value;
}

// Numbers have no time from which on they are wanted.
std::int64_t beginning_of(const Set& set, std::int64_t present) {
  return set.key.is_time() ? std::min(present, oldest_wanted(set)) : present;
}

// Those that the default partition has rows of are moved there.
void add_missing_ranges(std::vector<Due>& due, const Set& set, const std::vector<Range>& occupied) {
  const std::int64_t present = set.present();
  const std::int64_t cutoff = cutoff_of(set).value_or(core::ladder::lowest);
  std::vector<Range> missing =
      core::ladder::missing(set.ranges(), set.steps.get(), beginning_of(set, present),
                            horizon_of(set, present), most_partitions + 1);
  // The beginning of a step whose end has a partition that lies askew.
  std::erase_if(missing, [&](const Range& range) { return range.to <= cutoff; });
  // What is in the bin and wanted again would have no place to come back to.
  const std::vector<Range> in_bin = wanted_again(set);
  std::erase_if(missing, [&](const Range& range) {
    return std::any_of(in_bin.begin(), in_bin.end(),
                       [&](const Range& one) { return one.from < range.to && range.from < one.to; });
  });
  if (missing.size() > most_partitions) refuse_many(set);
  std::erase_if(missing, [&](const Range& range) {
    return std::find(occupied.begin(), occupied.end(), range) != occupied.end();
  });
  for (const Range& range : missing) {
    const std::string name = free_name(set, set.steps.suffix(range.from));
    due.push_back(
        {.action = Action::create,
         .partition_name = name,
         .range = range,
         .lower_bound = bound_text(set.key, range.from),
         .upper_bound = bound_text(set.key, range.to),
         .statement = attach_statement(set, name, range),
         .reason = range.from <= present ? "rows of now or before have no partition" : "made ahead"});
  }
}

}  // namespace

std::vector<Due> missing_of(const Set& set) {
  std::vector<Due> due;
  const std::vector<Range> occupied = occupied_ranges(set);
  add_filling(due, set);
  add_missing_ranges(due, set, occupied);
  if (set.options.default_partition && !set.default_partition)
    due.push_back({.action = Action::create_default,
                   .partition_name = free_name(set, "_default"),
                   .reason = "rows that no partition is for need a place"});
  add_moves(due, set, occupied);
  return due;
}

std::vector<Due> due_of(const Set& set) {
  std::vector<Due> due = missing_of(set);
  add_retired(due, set);
  add_purged(due, set);
  return due;
}

const char* name_of(Action action) {
  switch (action) {
    case Action::create_default:
      return "create default";
    case Action::create:
      return "create";
    case Action::move:
      return "move";
    case Action::detach:
      return "detach";
    case Action::drop:
      return "drop";
    default:
      return "held";
  }
}

}  // namespace partitions
