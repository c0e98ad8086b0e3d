// A set of ranges that follow each other: which are missing, and in what steps they are to be made.
//
// Contract
// - Values are 64-bit numbers, whatever they stand for: microseconds, days, ids. `lowest` and `highest` are without end.
// - What is missing never overlaps what is there, and begins where that ends: a step that is cut by a range which lies askew
//   is made as short as that leaves it.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "core/periods.hpp"

namespace core::ladder {

inline constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

// From the first that is in it to the first that is not.
struct Range {
  std::int64_t from, to;

  bool operator==(const Range&) const = default;
};

// How the values are cut into steps. Nothing where a step would not exist.
class Steps {
 public:
  virtual ~Steps() = default;
  // The start of the step that a value is in, and that of the next.
  [[nodiscard]] virtual std::optional<Range> around(std::int64_t value) const = 0;
};

class TimeSteps final : public Steps {
 public:
  TimeSteps(periods::Period period, const Zone& zone) : period_{period}, zone_{zone} {}
  [[nodiscard]] std::optional<Range> around(std::int64_t value) const override;

 private:
  periods::Period period_;
  const Zone& zone_;
};

// Steps of so many numbers, from 0 on in both directions, as far as both bounds are within limits.
class NumberSteps final : public Steps {
 public:
  explicit NumberSteps(std::int64_t width, Range limits = {lowest, highest})
      : width_{width}, limits_{limits} {}
  [[nodiscard]] std::optional<Range> around(std::int64_t value) const override;

 private:
  std::int64_t width_;
  Range limits_;
};

// What is missing between two values, the steps that they are in included, in order. `present` is in order. At most so many.
std::vector<Range> missing(const std::vector<Range>& present, const Steps& steps, std::int64_t from,
                           std::int64_t to, std::size_t most);

// Whether a range is one of the steps.
bool is_step(const Range& range, const Steps& steps);

// Until where the ranges go without a gap, from a value that is in one of them on; nothing when it is in none.
std::optional<std::int64_t> covered_until(const std::vector<Range>& present, std::int64_t value);

}  // namespace core::ladder
