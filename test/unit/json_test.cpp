#include "core/json.hpp"

#include <gtest/gtest.h>

namespace {

using core::iso_time;
using core::json_string;

TEST(Json, QuotesWhatMustBe) {
  EXPECT_EQ(json_string(""), R"("")");
  EXPECT_EQ(json_string("messages"), R"("messages")");
  EXPECT_EQ(json_string("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(json_string("tab\tline\n"), R"("tab\u0009line\u000a")");
  EXPECT_EQ(json_string(std::string_view{"\0", 1}), R"("\u0000")");
  EXPECT_EQ(json_string("größe"), "\"größe\"");
}

TEST(Json, WritesTimesInUtc) {
  EXPECT_EQ(iso_time(0), "2000-01-01T00:00:00Z");
  EXPECT_EQ(iso_time(-1), "1999-12-31T23:59:59Z");
  EXPECT_EQ(iso_time(86'400'000'000 * 59 + 3'723'999'999), "2000-02-29T01:02:03Z");
}

}  // namespace
