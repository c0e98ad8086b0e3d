#include "core/ladder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "zones.hpp"

namespace core::ladder {
namespace {

using periods::Period;
using periods::Unit;

const ZoneOfChanges utc{0};
const NumberSteps tens{10};

TEST(Ladder, MakesWholeSteps) {
  EXPECT_EQ(missing({}, tens, 5, 25, 100), (std::vector<Range>{{0, 10}, {10, 20}, {20, 30}}));
  EXPECT_EQ(missing({}, tens, -1, -1, 100), (std::vector<Range>{{-10, 0}}));
  EXPECT_EQ(missing({}, tens, 10, 9, 100), (std::vector<Range>{}));
}

TEST(Ladder, BeginsWhereTheOthersEnd) {
  EXPECT_EQ(missing({{0, 10}, {20, 30}}, tens, 0, 45, 100),
            (std::vector<Range>{{10, 20}, {30, 40}, {40, 50}}));
  EXPECT_EQ(missing({{0, 13}, {27, 30}}, tens, 0, 35, 100),
            (std::vector<Range>{{13, 20}, {20, 27}, {30, 40}}));
  EXPECT_EQ(missing({{-3, 13}}, tens, 5, 15, 100), (std::vector<Range>{{13, 20}}));
}

TEST(Ladder, HasNothingBeyondWhatIsWithoutEnd) {
  EXPECT_EQ(missing({{lowest, 20}}, tens, 0, 25, 100), (std::vector<Range>{{20, 30}}));
  EXPECT_EQ(missing({{20, highest}}, tens, 5, 1000, 100), (std::vector<Range>{{0, 10}, {10, 20}}));
  EXPECT_EQ(missing({{lowest, highest}}, tens, 0, 25, 100), (std::vector<Range>{}));
}

TEST(Ladder, StopsWhereNoStepExists) {
  EXPECT_EQ(missing({}, tens, highest - 25, highest, 100).size(), 2U);
  EXPECT_EQ(missing({}, tens, lowest, lowest + 30, 100).size(), 0U);
  EXPECT_EQ(missing({}, tens, 0, highest, 3).size(), 3U);
  EXPECT_EQ(missing({}, TimeSteps{{Unit::month, 1}, utc}, end_of_time - 1, highest, 100).size(), 0U);
}

TEST(Ladder, StaysWithinLimits) {
  const NumberSteps limited{10, {-25, 24}};
  EXPECT_EQ(missing({}, limited, -20, 24, 100),
            (std::vector<Range>{{-20, -10}, {-10, 0}, {0, 10}, {10, 20}}));
  EXPECT_EQ(limited.around(-21), std::nullopt);
  EXPECT_EQ(limited.around(20), std::nullopt);
}

TEST(Ladder, KnowsItsSteps) {
  EXPECT_TRUE(is_step({20, 30}, tens));
  EXPECT_FALSE(is_step({20, 29}, tens));
  EXPECT_FALSE(is_step({21, 30}, tens));
  EXPECT_TRUE(is_step({at("2024-04-01"), at("2024-07-01")}, TimeSteps{{Unit::month, 3}, utc}));
  EXPECT_FALSE(is_step({at("2024-05-01"), at("2024-08-01")}, TimeSteps{{Unit::month, 3}, utc}));
}

TEST(Ladder, TellsUntilWhenThereIsNoGap) {
  EXPECT_EQ(covered_until({{0, 10}, {10, 20}, {25, 30}}, 5), 20);
  EXPECT_EQ(covered_until({{0, 10}, {10, 20}, {25, 30}}, 20), std::nullopt);
  EXPECT_EQ(covered_until({{0, 10}, {10, highest}}, 0), highest);
  EXPECT_EQ(covered_until({}, 0), std::nullopt);
}

// Whatever is there: afterwards all of the steps asked for are covered, and nothing twice.
TEST(Ladder, LeavesNoGapAndNoOverlap) {
  std::mt19937 random{24};
  const auto below = [&](int n) { return static_cast<std::int64_t>(random() % static_cast<unsigned>(n)); };
  for (int round = 0; round < 2000; ++round) {
    std::vector<Range> ranges;
    for (std::int64_t at = -50 + below(40); at < 60; at += below(15)) {
      const std::int64_t end = at + 1 + below(20);
      ranges.push_back({at, end});
      at = end;
    }
    const std::int64_t from = below(80) - 40, to = from + below(40);
    const std::vector<Range> made = missing(ranges, tens, from, to, 1000);
    ranges.insert(ranges.end(), made.begin(), made.end());
    std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.from < b.from; });
    for (std::size_t i = 1; i < ranges.size(); ++i) ASSERT_LE(ranges[i - 1].to, ranges[i].from);
    ASSERT_GT(covered_until(ranges, tens.around(from)->from), to) << "round " << round;
  }
}

// All zones of the machine, three years of each step.
TEST(Ladder, FollowsEveryZone) {
  const Period every[] = {{Unit::hour, 1},  {Unit::hour, 6},  {Unit::day, 1},
                          {Unit::day, 10},  {Unit::week, 1},  {Unit::week, 2},
                          {Unit::month, 1}, {Unit::month, 3}, {Unit::year, 1}};
  const std::vector<std::string> names = zone_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const ZoneOfChanges zone = read_zone(zone_files / names[i]);
    const Period period = every[i % std::size(every)];
    const TimeSteps steps{period, zone};
    const std::vector<Range> made = missing({}, steps, at("2024-01-01"), at("2027-01-01"), 100000);
    ASSERT_FALSE(made.empty());
    for (std::size_t k = 1; k < made.size(); ++k) ASSERT_EQ(made[k - 1].to, made[k].from) << names[i];
    ASSERT_LE(made.front().from, at("2024-01-01"));
    ASSERT_GT(made.back().to, at("2027-01-01"));
    for (const Range& range : made) ASSERT_TRUE(is_step(range, steps)) << names[i];
  }
}

}  // namespace
}  // namespace core::ladder
