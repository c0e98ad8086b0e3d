#include "core/periods.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/calendar.hpp"
#include "zones.hpp"

namespace core::periods {
namespace {

constexpr Period hour{Unit::hour}, day{Unit::day}, week{Unit::week}, month{Unit::month}, year{Unit::year};
constexpr std::int32_t one_hour = 3'600;

const ZoneOfChanges utc{0};

std::optional<Bounds> between(const std::string& start, const std::string& end) {
  return Bounds{at(start), at(end)};
}

// What must hold of any period.
void expect_sound(Period period, const Zone& zone, std::int64_t time) {
  const std::optional<Bounds> bounds = bounds_of(period, zone, time);
  ASSERT_TRUE(bounds);
  const auto [start, end] = *bounds;
  ASSERT_LE(start, time);
  ASSERT_LT(time, end);
  ASSERT_EQ(start_of(period, zone, time), start);
  ASSERT_EQ(next(period, zone, time), end);
  ASSERT_EQ(bounds_of(period, zone, start), bounds);
  ASSERT_EQ(bounds_of(period, zone, end - 1), bounds);
  ASSERT_EQ(start_of(period, zone, end), end);
  ASSERT_NE(start_of(period, zone, start - 1), start);
  ASSERT_EQ(next(period, zone, start - 1), start);
}

TEST(Periods, OfUtc) {
  const std::int64_t time = at("2024-02-29 13:45:10") + 7;
  EXPECT_EQ(bounds_of(hour, utc, time), between("2024-02-29 13:00", "2024-02-29 14:00"));
  EXPECT_EQ(bounds_of(day, utc, time), between("2024-02-29", "2024-03-01"));
  EXPECT_EQ(bounds_of(week, utc, time), between("2024-02-26", "2024-03-04"));
  EXPECT_EQ(bounds_of(month, utc, time), between("2024-02-01", "2024-03-01"));
  EXPECT_EQ(bounds_of(year, utc, time), between("2024-01-01", "2025-01-01"));
}

TEST(Periods, BeginAtTheirStart) {
  for (const Period period : {hour, day, month, year}) {
    EXPECT_EQ(start_of(period, utc, 0), 0);
    EXPECT_EQ(next(period, utc, -1), 0);
  }
  EXPECT_EQ(start_of(week, utc, at("2000-01-02 23:59:59")), at("1999-12-27"));
  EXPECT_EQ(start_of(week, utc, at("2000-01-03")), at("2000-01-03"));
  EXPECT_EQ(bounds_of(year, utc, at("1900-06-01")), between("1900-01-01", "1901-01-01"));
}

TEST(Periods, MultiplesAreCountedFrom2000) {
  const std::int64_t time = at("2024-05-17 15:30");
  EXPECT_EQ(bounds_of({Unit::hour, 6}, utc, time), between("2024-05-17 12:00", "2024-05-17 18:00"));
  EXPECT_EQ(bounds_of({Unit::day, 10}, utc, at("2000-01-25")), between("2000-01-21", "2000-01-31"));
  EXPECT_EQ(bounds_of({Unit::week, 2}, utc, at("2000-01-16")), between("2000-01-03", "2000-01-17"));
  EXPECT_EQ(bounds_of({Unit::week, 2}, utc, at("2000-01-02")), between("1999-12-20", "2000-01-03"));
  EXPECT_EQ(bounds_of({Unit::month, 3}, utc, time), between("2024-04-01", "2024-07-01"));
  EXPECT_EQ(bounds_of({Unit::month, 5}, utc, at("1999-12-31")), between("1999-08-01", "2000-01-01"));
  EXPECT_EQ(bounds_of({Unit::year, 10}, utc, time), between("2020-01-01", "2030-01-01"));
}

TEST(Periods, TakeTheZonesClock) {
  const ZoneOfChanges east{14 * one_hour}, west{-12 * one_hour}, india{5 * one_hour + 1'800},
      old{-4 * one_hour - 170};
  const std::int64_t time = at("2024-03-01 11:20");
  EXPECT_EQ(bounds_of(day, east, time), between("2024-03-01 10:00", "2024-03-02 10:00"));
  EXPECT_EQ(bounds_of(month, west, time), between("2024-02-01 12:00", "2024-03-01 12:00"));
  EXPECT_EQ(bounds_of(hour, india, time), between("2024-03-01 10:30", "2024-03-01 11:30"));
  EXPECT_EQ(bounds_of(hour, old, time), between("2024-03-01 11:02:50", "2024-03-01 12:02:50"));
  EXPECT_EQ(bounds_of(day, old, time), between("2024-03-01 04:02:50", "2024-03-02 04:02:50"));
}

TEST(Periods, ADayBeginsWithTheMomentAfterAMidnightThatIsLeftOut) {
  const ZoneOfChanges at_midnight{0, {{at("2024-03-10"), one_hour}}};
  EXPECT_EQ(bounds_of(day, at_midnight, at("2024-03-10 05:00")), between("2024-03-10", "2024-03-10 23:00"));
  const ZoneOfChanges around_midnight{0, {{at("2024-03-09 23:30"), one_hour}}};
  EXPECT_EQ(bounds_of(day, around_midnight, at("2024-03-09 23:29:59")),
            between("2024-03-09", "2024-03-09 23:30"));
  EXPECT_EQ(bounds_of(day, around_midnight, at("2024-03-09 23:30")),
            between("2024-03-09 23:30", "2024-03-10 23:00"));
}

TEST(Periods, ADayBeginsWithTheFirstOfTwoMidnights) {
  // At 01:00 the clock is put back to 00:00.
  const ZoneOfChanges midnight_twice{one_hour, {{at("2024-10-27"), 0}}};
  EXPECT_EQ(bounds_of(day, midnight_twice, at("2024-10-26 23:30")),
            between("2024-10-26 23:00", "2024-10-28"));
  // At 00:30 it is put back into the day before.
  const ZoneOfChanges day_before{one_hour, {{at("2024-10-26 23:30"), 0}}};
  for (const char* time : {"2024-10-26 23:00", "2024-10-26 23:29:59", "2024-10-26 23:30", "2024-10-27 00:00"})
    EXPECT_EQ(bounds_of(day, day_before, at(time)), between("2024-10-26 23:00", "2024-10-28")) << time;
  // At what would have been midnight.
  const ZoneOfChanges before{one_hour, {{at("2024-10-26 23:00"), 0}}};
  EXPECT_EQ(bounds_of(day, before, at("2024-10-26 23:30")), between("2024-10-25 23:00", "2024-10-27"));
}

TEST(Periods, AnHourShownTwiceIsTwo) {
  const ZoneOfChanges zone{2 * one_hour, {{at("2026-10-25 01:00"), one_hour}}};
  EXPECT_EQ(bounds_of(hour, zone, at("2026-10-25 00:59:59")),
            between("2026-10-25 00:00", "2026-10-25 01:00"));
  EXPECT_EQ(bounds_of(hour, zone, at("2026-10-25 01:00")), between("2026-10-25 01:00", "2026-10-25 02:00"));
}

TEST(Periods, HoursBeginAnewWhenTheClockMovesByAPartOfOne) {
  const ZoneOfChanges zone{10 * one_hour, {{at("2023-09-30 16:10"), 10 * one_hour + 1'800}}};
  EXPECT_EQ(bounds_of(hour, zone, at("2023-09-30 16:05")), between("2023-09-30 16:00", "2023-09-30 16:10"));
  EXPECT_EQ(bounds_of(hour, zone, at("2023-09-30 16:10")), between("2023-09-30 16:10", "2023-09-30 16:30"));
  EXPECT_EQ(bounds_of(hour, zone, at("2023-09-30 16:30")), between("2023-09-30 16:30", "2023-09-30 17:30"));
  EXPECT_EQ(bounds_of({Unit::hour, 6}, zone, at("2023-09-30 16:20")),
            between("2023-09-30 16:10", "2023-09-30 17:30"));
}

TEST(Periods, AnchoredMonthsAreCountedFromTheAnchor) {
  const std::int64_t anchor = at("2023-01-31 10:15") + 3;
  const auto starts = [&](const std::string& time) {
    const std::optional<Bounds> bounds = anchored(anchor, utc, at(time));
    return std::optional{Bounds{bounds->start - 3, bounds->end - 3}};
  };
  EXPECT_EQ(starts("2023-02-01"), between("2023-01-31 10:15", "2023-02-28 10:15"));
  EXPECT_EQ(starts("2023-02-28 10:15"), between("2023-01-31 10:15", "2023-02-28 10:15"));
  EXPECT_EQ(starts("2023-02-28 10:15:01"), between("2023-02-28 10:15", "2023-03-31 10:15"));
  EXPECT_EQ(starts("2023-04-30 12:00"), between("2023-04-30 10:15", "2023-05-31 10:15"));
  EXPECT_EQ(starts("2024-02-29 12:00"), between("2024-02-29 10:15", "2024-03-31 10:15"));
  EXPECT_EQ(starts("2022-03-01"), between("2022-02-28 10:15", "2022-03-31 10:15"));
}

TEST(Periods, AnchoredMonthsKeepTheLocalTimeOfDay) {
  const ZoneOfChanges zone{one_hour, {{at("2024-03-31 01:00"), 2 * one_hour}}};
  EXPECT_EQ(anchored(at("2024-03-10 08:00"), zone, at("2024-04-01")),
            between("2024-03-10 08:00", "2024-04-10 07:00"));
  // 02:30 is left out on the last of March.
  EXPECT_EQ(anchored(at("2024-01-31 01:30"), zone, at("2024-04-01")),
            between("2024-03-31 01:00", "2024-04-30 00:30"));
}

TEST(Periods, TheFirstAnchoredMonthBeginsAtTheAnchor) {
  const ZoneOfChanges zone{2 * one_hour, {{at("2024-10-27 01:00"), one_hour}}};
  const std::int64_t second_half_past_two = at("2024-10-27 01:30"), first = at("2024-10-27 00:30");
  EXPECT_EQ(anchored(second_half_past_two, zone, second_half_past_two),
            between("2024-10-27 01:30", "2024-11-27 01:30"));
  EXPECT_EQ(anchored(second_half_past_two, zone, first), between("2024-09-27 00:30", "2024-10-27 01:30"));
}

TEST(Periods, NameMonths) {
  EXPECT_EQ(month_name(utc, at("2024-02-29 23:59:59")), "2024-02");
  EXPECT_EQ(month_name(ZoneOfChanges{one_hour}, at("2024-02-29 23:59:59")), "2024-03");
  EXPECT_EQ(month_name(ZoneOfChanges{-1}, 0), "1999-12");
  EXPECT_EQ(month_name(utc, earliest), "-4713-11");
  EXPECT_EQ(month_name(utc, end_of_time - 1), "294276-12");
  EXPECT_EQ(month_name(utc, -730'485 * microseconds_per_day), "0000-01");
}

TEST(Periods, ReportWhatDoesNotExist) {
  EXPECT_EQ(start_of(month, utc, end_of_time - 1), end_of_time - 31 * microseconds_per_day);
  EXPECT_EQ(next(month, utc, end_of_time - 1), std::nullopt);
  EXPECT_EQ(start_of(day, utc, earliest), earliest);
  EXPECT_EQ(start_of(month, utc, earliest), std::nullopt);
  EXPECT_EQ(next(month, utc, earliest), earliest + 7 * microseconds_per_day);
  const ZoneOfChanges east{8 * 86'400 - 1}, west{-8 * 86'400 + 1};
  for (const Unit unit : {Unit::hour, Unit::day, Unit::week, Unit::month, Unit::year})
    for (const std::int32_t count : {1, 2, 1'000, std::numeric_limits<std::int32_t>::max()})
      for (const std::int64_t time : {std::numeric_limits<std::int64_t>::min(), earliest - 1, earliest,
                                      end_of_time - 1, end_of_time, std::numeric_limits<std::int64_t>::max()})
        for (const Zone* zone : std::initializer_list<const Zone*>{&utc, &east, &west}) {
          const Period period{unit, count};
          const Bounds bounds = bounds_of(period, *zone, time).value_or(Bounds{earliest, end_of_time - 1});
          EXPECT_TRUE(exists(bounds.start) && exists(bounds.end));
          if (exists(time)) continue;
          EXPECT_EQ(start_of(period, *zone, time), std::nullopt);
          EXPECT_EQ(next(period, *zone, time), std::nullopt);
          EXPECT_EQ(anchored(0, *zone, time), std::nullopt);
          EXPECT_EQ(anchored(time, *zone, 0), std::nullopt);
        }
  EXPECT_EQ(anchored(0, utc, end_of_time - 1), std::nullopt);
  EXPECT_TRUE(anchored(earliest, utc, 0));
  EXPECT_TRUE(anchored(end_of_time - 1, utc, 0));
}

TEST(Periods, RefuseACountBelowOne) {
  for (const std::int32_t count : {0, -1}) {
    EXPECT_THROW(start_of({Unit::day, count}, utc, 0), std::invalid_argument);
    EXPECT_THROW(next({Unit::hour, count}, utc, 0), std::invalid_argument);
  }
}

TEST(Calendar, AgreesWithTheStandardLibrarys) {
  constexpr std::chrono::sys_days first{std::chrono::year{2000} / 1 / 1};
  for (std::int64_t number = -200'000; number < 300'000; ++number) {
    const std::chrono::year_month_day date{first + std::chrono::days{number}};
    const Date ours = date_of(number);
    ASSERT_EQ(year_of(ours.month), int{date.year()});
    ASSERT_EQ(static_cast<unsigned>(floor_mod(ours.month, 12)) + 1, unsigned{date.month()});
    ASSERT_EQ(ours.day + 1, unsigned{date.day()});
    ASSERT_EQ(first_day_of(ours.month) + ours.day, number);
  }
}

// ---- the machine's time zones

class RealZones : public testing::Test {
 protected:
  void SetUp() override {
    if (zone_names().empty()) GTEST_SKIP() << "there are no time zone files in " << zone_files;
  }

  static void expect_day(const std::string& zone, const std::string& time, const std::string& start,
                         const std::string& end) {
    SCOPED_TRACE(zone + " " + time);
    EXPECT_EQ(bounds_of(day, read_zone(zone_files / zone), at(time)), between(start, end));
  }
};

TEST_F(RealZones, DaysWithoutMidnight) {
  expect_day("America/Sao_Paulo", "2018-11-04 12:00", "2018-11-04 03:00", "2018-11-05 02:00");
  expect_day("America/Sao_Paulo", "2018-02-18 02:30", "2018-02-17 02:00", "2018-02-18 03:00");
  expect_day("Africa/Cairo", "2023-04-28 12:00", "2023-04-27 22:00", "2023-04-28 21:00");
  expect_day("Asia/Beirut", "2022-03-27 12:00", "2022-03-26 22:00", "2022-03-27 21:00");
  expect_day("America/Toronto", "1919-03-31 12:00", "1919-03-31 04:30", "1919-04-01 04:00");
}

TEST_F(RealZones, DaysWithTwoMidnights) {
  expect_day("America/Havana", "2020-11-01 12:00", "2020-11-01 04:00", "2020-11-02 05:00");
  expect_day("America/St_Johns", "2006-10-29 12:00", "2006-10-29 02:30", "2006-10-30 03:30");
}

TEST_F(RealZones, DaysThatWereSkippedOrLivedTwice) {
  expect_day("Pacific/Apia", "2011-12-30 09:59:59", "2011-12-29 10:00", "2011-12-30 10:00");
  expect_day("Pacific/Apia", "2011-12-30 10:00", "2011-12-30 10:00", "2011-12-31 10:00");
  EXPECT_EQ(month_name(read_zone(zone_files / "Pacific/Apia"), at("2012-01-01")), "2012-01");
}

TEST_F(RealZones, HoursOfLordHowe) {
  const ZoneOfChanges zone = read_zone(zone_files / "Australia/Lord_Howe");
  // 02:00 becomes 01:30.
  EXPECT_EQ(bounds_of(hour, zone, at("2024-04-06 15:10")), between("2024-04-06 15:00", "2024-04-06 15:30"));
  EXPECT_EQ(bounds_of(hour, zone, at("2024-04-06 14:59")), between("2024-04-06 14:00", "2024-04-06 15:00"));
}

// The local time at which the period begins that a local time is in.
std::int64_t beginning(Unit unit, std::int64_t local) {
  using namespace std::chrono;
  constexpr sys_days epoch{std::chrono::year{2000} / 1 / 1};
  const sys_days today = epoch + days{floor_div(local, microseconds_per_day)};
  const year_month_day date{today};
  const sys_days first = unit == Unit::year    ? sys_days{date.year() / 1 / 1}
                         : unit == Unit::month ? sys_days{date.year() / date.month() / 1}
                         : unit == Unit::week  ? today - (weekday{today} - Monday)
                                               : today;
  return (first - epoch).count() * microseconds_per_day;
}

// Any time, or one near a change of the clock, which is where it is hard.
std::int64_t random_time(const ZoneOfChanges& zone, std::mt19937_64& random) {
  const std::int64_t first = at("1970-01-01"), last = at("2100-01-01");
  if (zone.changes.size() > 1 && random() % 2 == 0) {
    const std::int64_t change = zone.changes[1 + random() % (zone.changes.size() - 1)].time;
    const auto range =
        static_cast<std::uint64_t>(random() % 2 == 0 ? microseconds_per_day : 40 * microseconds_per_day);
    const std::int64_t distance = random() % 8 == 0 ? 0 : static_cast<std::int64_t>(random() % range);
    return random() % 2 == 0 ? change + distance : change - 1 - distance;
  }
  return first + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(last - first));
}

void expect_sound_anchored(std::int64_t anchor, const Zone& zone, std::int64_t time) {
  const std::optional<Bounds> bounds = anchored(anchor, zone, time);
  ASSERT_TRUE(bounds);
  ASSERT_LE(bounds->start, time);
  ASSERT_LT(time, bounds->end);
  ASSERT_EQ(anchored(anchor, zone, bounds->start), bounds);
  ASSERT_EQ(anchored(anchor, zone, bounds->end - 1), bounds);
  ASSERT_EQ(anchored(anchor, zone, bounds->end)->start, bounds->end);
  ASSERT_EQ(anchored(anchor, zone, anchor)->start, anchor);
}

TEST_F(RealZones, PeriodsOfAllAreSound) {
  std::mt19937_64 random(2000);
  for (const std::string& name : zone_names()) {
    SCOPED_TRACE(name);
    const ZoneOfChanges zone = read_zone(zone_files / name);
    for (int i = 0; i < 40; ++i) {
      const std::int64_t time = random_time(zone, random);
      SCOPED_TRACE(time);
      for (const Unit unit : {Unit::day, Unit::week, Unit::month, Unit::year}) {
        const std::int64_t start = zone.first_shown(beginning(unit, zone.latest_shown(time)));
        ASSERT_EQ(start_of({unit}, zone, time), start);
      }
      for (const Unit unit : {Unit::hour, Unit::day, Unit::week, Unit::month, Unit::year})
        for (const std::int32_t count : {1, 1 + static_cast<std::int32_t>(random() % 50)})
          ASSERT_NO_FATAL_FAILURE(expect_sound({unit, count}, zone, time));
      ASSERT_NO_FATAL_FAILURE(expect_sound_anchored(random_time(zone, random), zone, time));
    }
  }
}

// Every period of some years after each other, so that nothing between two random times is missed.
TEST_F(RealZones, PeriodsOfAllFollowEachOther) {
  for (const std::string& name : zone_names()) {
    SCOPED_TRACE(name);
    const ZoneOfChanges zone = read_zone(zone_files / name);
    for (const Period period : {day, Period{Unit::hour, 6}, week, month, Period{Unit::month, 3}}) {
      std::int64_t start = *start_of(period, zone, at("2010-12-31"));
      while (start < at("2012-01-02")) {
        const std::optional<std::int64_t> end = next(period, zone, start);
        ASSERT_TRUE(end);
        ASSERT_GT(*end, start);
        ASSERT_EQ(start_of(period, zone, *end - 1), start);
        ASSERT_EQ(start_of(period, zone, *end), end);
        start = *end;
      }
    }
  }
}

}  // namespace
}  // namespace core::periods
