#include "core/series.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

#include "core/base62.hpp"
#include "core/ff1.hpp"
#include "hex.hpp"

namespace core {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const char* const key128 = "2B7E151628AED2A6ABF7158809CF4F3C";

std::string code_of(const Series& series, std::uint64_t id) {
  std::string code(series.code_size(), '?');
  series.code_of(id, code.data());
  return code;
}

TEST(Series, IsFf1OverThePaddedDigits) {
  EXPECT_EQ(code_of(Series(from_hex(key128), 7, 0, ""), 0), "gGa7wmZ");
  for (int length = Series::min_length; length <= Series::max_length; ++length) {
    const Series series(from_hex(key128), length, 0, "reports");
    const Ff1 permutation(from_hex(key128), 62, static_cast<std::uint32_t>(length), "reports");
    for (const std::uint64_t id : {std::uint64_t{0}, std::uint64_t{1}, series.capacity() - 1}) {
      std::string expected(static_cast<std::size_t>(length), '?');
      base62::encode_fixed(permutation.encrypt(id), expected.data(), length);
      EXPECT_EQ(code_of(series, id), expected);
    }
  }
}

// Codes given out once must stay valid for ever. The check characters were computed with the openssl
// command.
TEST(Series, KeepsItsCodes) {
  const Series series(from_hex(key128), 7, 2, "");
  EXPECT_EQ(code_of(series, 0), "gGa7wmZBw");
}

TEST(Series, RoundTripsInEveryShape) {
  std::mt19937_64 random(15);
  std::uint64_t capacity = 62 * 62 * 62;
  for (int length = Series::min_length; length <= Series::max_length; ++length) {
    capacity *= 62;
    for (int check_chars = 0; check_chars <= Series::max_check_chars; ++check_chars)
      for (const std::size_t key_size : {16U, 24U, 32U}) {
        const Series series(std::string(key_size, 'k'), length, check_chars, "r\xc3\xa9ports");
        ASSERT_EQ(series.capacity(), capacity);
        ASSERT_EQ(series.code_size(), static_cast<std::size_t>(length + check_chars));
        for (int i = 0; i < 2'000; ++i) {
          const std::uint64_t id = i == 0 ? 0 : i == 1 ? capacity - 1 : random() % capacity;
          std::uint64_t found = ~id;
          ASSERT_EQ(series.id_of(code_of(series, id), found).kind, Series::Verdict::ok);
          ASSERT_EQ(found, id);
        }
      }
  }
}

// permuteseq gave 4 outputs for 1,000 inputs over its full range.
TEST(Series, NeverRepeatsACode) {
  const Series series(std::string(32, 'k'), 10, 0, "full");
  std::set<std::string> codes;
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    codes.insert(code_of(series, i));
    codes.insert(code_of(series, series.capacity() - 1 - i));
  }
  EXPECT_EQ(codes.size(), 2'000U);
}

// sqids decodes two texts to one number; here every text of the right length is the code of the id it
// decodes to.
TEST(Series, EveryCodeIsTheCodeOfItsId) {
  std::mt19937_64 random(16);
  const Series series(from_hex(key128), 8, 0, "reports");
  for (int i = 0; i < 50'000; ++i) {
    std::string code(8, '0');
    for (char& c : code) c = alphabet[random() % 62];
    std::uint64_t id = 0;
    ASSERT_EQ(series.id_of(code, id).kind, Series::Verdict::ok);
    ASSERT_LT(id, series.capacity());
    ASSERT_EQ(code_of(series, id), code);
  }
}

TEST(Series, DependsOnKeyAndNameAndShape) {
  const std::string key = from_hex(key128);
  std::string other_key = key;
  other_key.back() = static_cast<char>(other_key.back() ^ 1);
  const std::string code = code_of(Series(key, 8, 2, "a"), 7);
  EXPECT_NE(code_of(Series(other_key, 8, 2, "a"), 7), code);
  EXPECT_NE(code_of(Series(key, 8, 2, "b"), 7), code);
  EXPECT_NE(code_of(Series(key, 8, 2, std::string("a\0", 2)), 7), code);
  EXPECT_NE(code_of(Series(key, 8, 1, "a"), 7), code.substr(0, 9))
      << "a shorter check is not a cut longer one";
}

TEST(Series, ChecksTurnAwayAllButTheirShareOfGuesses) {
  std::mt19937_64 random(17);
  for (const auto& [check_chars, expected, tolerance] : {std::tuple{1, 3225.8, 250.0}, {2, 52.0, 35.0}}) {
    const Series series(from_hex(key128), 8, check_chars, "guess");
    int accepted = 0;
    for (int i = 0; i < 200'000; ++i) {
      std::string guess(series.code_size(), '0');
      for (char& c : guess) c = alphabet[random() % 62];
      std::uint64_t id = 0;
      const Series::Verdict verdict = series.id_of(guess, id);
      ASSERT_TRUE(verdict.kind == Series::Verdict::ok || verdict.kind == Series::Verdict::wrong_check);
      accepted += verdict.kind == Series::Verdict::ok;
    }
    EXPECT_NEAR(accepted, expected, tolerance);
  }
}

TEST(Series, ReportsFaultsAndLeavesTheIdAlone) {
  const Series series(from_hex(key128), 8, 1, "reports");
  const std::string code = code_of(series, 12345);
  std::uint64_t id = 99;
  for (std::size_t size = 0; size < 20; ++size)
    if (size != 9) {
      EXPECT_EQ(series.id_of(std::string(size, '0'), id).kind, Series::Verdict::wrong_length);
    }
  for (std::size_t position = 0; position < code.size(); ++position) {
    std::string spoilt = code;
    spoilt[position] = '-';
    const Series::Verdict verdict = series.id_of(spoilt, id);
    EXPECT_EQ(verdict.kind, Series::Verdict::bad_character);
    EXPECT_EQ(verdict.position, position);
  }
  for (const char c : alphabet) {
    if (c == code.back()) continue;
    EXPECT_EQ(series.id_of(code.substr(0, 8) + c, id).kind, Series::Verdict::wrong_check);
  }
  EXPECT_EQ(id, 99U);
}

TEST(Series, MovesItsKeys) {
  Series first(from_hex(key128), 7, 2, "");
  const std::string code = code_of(first, 5);
  Series second(std::move(first));
  EXPECT_EQ(code_of(second, 5), code);
  second = Series(from_hex(key128), 9, 0, "other");
  EXPECT_EQ(second.code_size(), 9U);
}

TEST(Series, RejectsArgumentsOutsideTheContract) {
  const std::string key(16, 'k');
  EXPECT_THROW(Series(std::string(17, 'k'), 8, 0, ""), std::invalid_argument);
  EXPECT_THROW(Series("", 8, 0, ""), std::invalid_argument);
  EXPECT_THROW(Series(key, 3, 0, ""), std::invalid_argument);
  EXPECT_THROW(Series(key, 11, 0, ""), std::invalid_argument);
  EXPECT_THROW(Series(key, -8, 0, ""), std::invalid_argument);
  EXPECT_THROW(Series(key, 2'000'000'000, 0, ""), std::invalid_argument);
  EXPECT_THROW(Series(key, 8, -1, ""), std::invalid_argument);
  EXPECT_THROW(Series(key, 8, 3, ""), std::invalid_argument);
}

}  // namespace
}  // namespace core
