#include "core/ladder.hpp"

#include <algorithm>

#include "core/calendar.hpp"

namespace core::ladder {

std::optional<Range> TimeSteps::around(std::int64_t value) const {
  const std::optional<periods::Bounds> bounds = periods::bounds_of(period_, zone_, value);
  if (!bounds) return std::nullopt;
  return Range{bounds->start, bounds->end};
}

std::optional<Range> NumberSteps::around(std::int64_t value) const {
  Range range{};
  // floor_div would overflow where the step below the lowest begins.
  if (__builtin_mul_overflow(floor_div(value, width_), width_, &range.from) ||
      __builtin_add_overflow(range.from, width_, &range.to) || range.from < limits_.from ||
      range.to > limits_.to)
    return std::nullopt;
  return range;
}

std::vector<Range> missing(const std::vector<Range>& present, const Steps& steps, std::int64_t from,
                           std::int64_t to, std::size_t most) {
  std::vector<Range> ranges;
  const std::optional<Range> first = steps.around(from);
  if (!first) return ranges;
  std::int64_t at = first->from;
  auto next = present.begin();
  while (at <= to && ranges.size() < most) {
    next = std::find_if(next, present.end(), [&](const Range& range) { return range.to > at; });
    if (next != present.end() && next->from <= at) {
      if (next->to == highest) break;
      at = next->to;
      continue;
    }
    const std::optional<Range> step = steps.around(at);
    if (!step) break;
    const std::int64_t end = next == present.end() ? step->to : std::min(step->to, next->from);
    ranges.push_back({at, end});
    at = end;
  }
  return ranges;
}

bool is_step(const Range& range, const Steps& steps) { return steps.around(range.from) == range; }

std::optional<std::int64_t> covered_until(const std::vector<Range>& present, std::int64_t value) {
  std::optional<std::int64_t> until;
  for (const Range& range : present) {
    if (!until && range.from <= value && value < range.to) until = range.to;
    if (until && range.from == *until) until = range.to;
  }
  return until;
}

}  // namespace core::ladder
