#include "core/partition_name.hpp"

#include <gtest/gtest.h>

#include "zones.hpp"

namespace core {
namespace {

using periods::Unit;

TEST(PartitionName, SaysWhenItBegins) {
  EXPECT_EQ(time_suffix(Unit::year, at("2024-01-01")), "_y2024");
  EXPECT_EQ(time_suffix(Unit::month, at("2024-01-01")), "_y2024m01");
  EXPECT_EQ(time_suffix(Unit::month, at("1999-12-01")), "_y1999m12");
  EXPECT_EQ(time_suffix(Unit::day, at("2024-02-29")), "_y2024m02d29");
  EXPECT_EQ(time_suffix(Unit::hour, at("2024-01-31 13:00")), "_y2024m01d31h13");
}

TEST(PartitionName, NumbersWeeksAsIso8601) {
  EXPECT_EQ(time_suffix(Unit::week, at("2024-01-29")), "_y2024w05");
  EXPECT_EQ(time_suffix(Unit::week, at("2024-12-30")), "_y2025w01");
  EXPECT_EQ(time_suffix(Unit::week, at("2020-12-28")), "_y2020w53");
  EXPECT_EQ(time_suffix(Unit::week, at("2021-01-04")), "_y2021w01");
}

TEST(PartitionName, SaysWhereNumbersBegin) {
  EXPECT_EQ(number_suffix(1'000'000), "_p0001000000");
  EXPECT_EQ(number_suffix(0), "_p0000000000");
  EXPECT_EQ(number_suffix(-10), "_pm0000000010");
  EXPECT_EQ(number_suffix(std::numeric_limits<std::int64_t>::min()), "_pm9223372036854775808");
}

TEST(PartitionName, CutsWhatIsTooLong) {
  EXPECT_EQ(partition_name("reports", "_y2024m01"), "reports_y2024m01");
  const std::string exact(54, 'a'), longer(55, 'a');
  EXPECT_EQ(partition_name(exact, "_y2024m01"), exact + "_y2024m01");
  const std::string cut = partition_name(longer, "_y2024m01");
  EXPECT_EQ(cut.size(), 63U);
  EXPECT_EQ(cut.substr(0, 45), std::string(45, 'a'));
  EXPECT_TRUE(cut.ends_with("_y2024m01"));
  EXPECT_NE(cut, partition_name(std::string(56, 'a'), "_y2024m01"));
}

TEST(PartitionName, CutsBetweenCharacters) {
  std::string table(44, 'a');
  for (int i = 0; i < 6; ++i) table += "\u00e9";
  const std::string cut = partition_name(table, "_y2024m01");
  EXPECT_EQ(cut.substr(0, 45), std::string(44, 'a') + "_");
}

}  // namespace
}  // namespace core
