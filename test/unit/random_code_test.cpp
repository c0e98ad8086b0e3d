#include "core/random_code.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace core {
namespace {

constexpr std::uint64_t max64 = std::numeric_limits<std::uint64_t>::max();
constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

// Deals out given numbers and fails the test when asked for more.
class Script {
 public:
  explicit Script(std::vector<std::uint64_t> numbers) : numbers_(std::move(numbers)) {}
  std::uint64_t operator()() { return numbers_.at(next_++); }
  [[nodiscard]] bool used_up() const { return next_ == numbers_.size(); }

 private:
  std::vector<std::uint64_t> numbers_;
  std::size_t next_ = 0;
};

std::string draw(std::size_t length, Script& script) {
  std::string code(length, '?');
  random_code(script, code.data(), length);
  return code;
}

TEST(RandomCode, RejectsFromTheLargestMultipleOn) {
  std::uint64_t power = 1;
  for (std::size_t length = 1; length <= 10; ++length) {
    power *= 62;
    const std::uint64_t bound =
        static_cast<std::uint64_t>((static_cast<unsigned __int128>(1) << 64) / power) * power;
    Script accepted({bound - 1});
    EXPECT_EQ(draw(length, accepted), std::string(length, 'z'));
    EXPECT_TRUE(accepted.used_up());
    Script rejected({bound, max64, bound + 1, 1});
    EXPECT_EQ(draw(length, rejected), std::string(length - 1, '0') + "1");
    EXPECT_TRUE(rejected.used_up());
    Script lowest({0});
    EXPECT_EQ(draw(length, lowest), std::string(length, '0'));
  }
}

TEST(RandomCode, TakesOneNumberForTenCharacters) {
  Script script({1, 2, 3});
  EXPECT_EQ(draw(23, script), "00000000010000000002003");
  EXPECT_TRUE(script.used_up());
  Script none({});
  EXPECT_EQ(draw(0, none), "");
}

TEST(RandomCode, WritesExactlyItsLength) {
  std::mt19937_64 random(18);
  for (std::size_t length = 1; length <= 256; ++length) {
    std::string buffer(length + 2, '#');
    random_code(random, buffer.data() + 1, length);
    EXPECT_EQ(buffer.front(), '#');
    EXPECT_EQ(buffer.back(), '#');
    EXPECT_EQ(buffer.substr(1, length).find_first_not_of(alphabet), std::string::npos);
  }
}

// Chi-square over 61 degrees of freedom at every position: the fixed generator gives the same figure every
// time; the bound is the 99.99 % quantile.
TEST(RandomCode, SpreadsEvenlyAtEveryPosition) {
  constexpr std::size_t length = 13;
  constexpr int codes = 100'000;
  std::mt19937_64 random(19);
  std::array<std::array<int, 256>, length> counts{};
  std::array<char, length> code;
  for (int i = 0; i < codes; ++i) {
    random_code(random, code.data(), length);
    for (std::size_t position = 0; position < length; ++position)
      ++counts[position][static_cast<unsigned char>(code[position])];
  }
  for (std::size_t position = 0; position < length; ++position) {
    double chi_square = 0;
    for (const char c : alphabet) {
      constexpr double expected = codes / 62.0;
      const double difference = counts[position][static_cast<unsigned char>(c)] - expected;
      chi_square += difference * difference / expected;
    }
    EXPECT_LT(chi_square, 110.0) << "position " << position;
    EXPECT_GT(chi_square, 25.0) << "position " << position;
  }
}

TEST(RandomCode, PassesOnWhatTheSourceThrows) {
  char code[8];
  EXPECT_THROW(random_code([]() -> std::uint64_t { throw std::runtime_error("dry"); }, code, 8),
               std::runtime_error);
}

}  // namespace
}  // namespace core
