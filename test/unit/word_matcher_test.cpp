#include "core/word_matcher.hpp"

#include <gtest/gtest.h>

#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "naive_word_matcher.hpp"

namespace core {
namespace {

using Entries = std::vector<WordMatcher::Entry>;

TEST(WordMatcher, AnEmptyListMatchesNothing) {
  const WordMatcher matcher;
  EXPECT_FALSE(matcher.contains_any(""));
  EXPECT_FALSE(matcher.contains_any("anything"));
  EXPECT_EQ(matcher.offending(""), std::nullopt);
  EXPECT_EQ(matcher.offending("anything"), std::nullopt);
  EXPECT_EQ(matcher.state_count(), 1U);
}

TEST(WordMatcher, FoldsCaseAndLookAlikes) {
  const WordMatcher matcher(Entries{{"aeiost", true}});
  for (const char* code : {"aeiost", "AEIOST", "431057", "43lO5T", "xx4e1o57yy", "4EL05t"})
    EXPECT_TRUE(matcher.contains_any(code)) << code;
  for (const char* code : {"", "aeios", "aeiosf", "ae1o-st", "a eiost", "2eiost", "aeiozt", "aeios\xc5\x9ft"})
    EXPECT_FALSE(matcher.contains_any(code)) << code;
}

TEST(WordMatcher, OnlyTheNamedBytesLookAlike) {
  constexpr std::string_view classes = "4bcd3fgh1jk1mn0pqr57uvwxyz";  // of the letters a to z
  for (int a = 0; a < 256; ++a)
    for (int b = 0; b < 256; ++b) {
      const auto class_of = [&](int byte) {
        const bool upper = byte >= 'A' && byte <= 'Z';
        const bool lower = byte >= 'a' && byte <= 'z';
        if (upper || lower) return classes[static_cast<std::size_t>(byte - (upper ? 'A' : 'a'))];
        return byte >= '0' && byte <= '9' ? static_cast<char>(byte) : '\0';
      };
      const std::string word(1, static_cast<char>(a));
      const std::string code(1, static_cast<char>(b));
      const bool alike = class_of(a) != '\0' && class_of(a) == class_of(b);
      ASSERT_EQ(WordMatcher(Entries{{word, true}}).contains_any(code), alike) << a << " and " << b;
    }
}

TEST(WordMatcher, WholeWordsOffendOnlyAlone) {
  const WordMatcher matcher(Entries{{"ass", false}, {"admin", false}, {"damn", true}});
  for (const char* code : {"class", "assess", "assets", "administer", "xadmin"}) {
    EXPECT_EQ(matcher.offending(code), std::nullopt) << code;
    EXPECT_TRUE(matcher.contains_any(code)) << "a drawn code is simply drawn again: " << code;
  }
  EXPECT_EQ(matcher.offending("ass"), 0U);
  EXPECT_EQ(matcher.offending("A55"), 0U);
  EXPECT_EQ(matcher.offending("4DM1N"), 1U);
  EXPECT_EQ(matcher.offending("goddamn1t"), 2U);
}

TEST(WordMatcher, NamesTheWordThatEndsFirstAndIsLongest) {
  const WordMatcher matcher(
      Entries{{"cde", true}, {"bcd", true}, {"abcd", true}, {"d", false}, {"ABCD", true}});
  EXPECT_EQ(matcher.offending("abcde"), 2U);
  EXPECT_EQ(matcher.offending("bcde"), 1U);
  EXPECT_EQ(matcher.offending("cde"), 0U);
  EXPECT_EQ(matcher.offending("d"), 3U);
  EXPECT_EQ(matcher.offending("dd"), std::nullopt);
}

TEST(WordMatcher, FindsAWordInsideALongerOne) {
  const WordMatcher matcher(Entries{{"xbadyz", false}, {"bad", true}});
  EXPECT_EQ(matcher.offending("xbady"), 1U);
  EXPECT_EQ(matcher.offending("xbadyz"), 1U);
  EXPECT_EQ(WordMatcher(Entries{{"xbadyz", false}, {"bad", false}}).offending("xbadyz"), 0U);
}

TEST(WordMatcher, IgnoresWordsThatNoCodeCanHold) {
  const WordMatcher matcher(
      Entries{{"", true}, {"two words", true}, {"caf\xc3\xa9", true}, {"-", true}, {"ok", true}});
  EXPECT_FALSE(matcher.contains_any("two words"));
  EXPECT_FALSE(matcher.contains_any("caf\xc3\xa9"));
  EXPECT_FALSE(matcher.contains_any("-"));
  EXPECT_EQ(matcher.offending("ok"), 4U);
}

TEST(WordMatcher, AgreesWithTheNaiveMatcher) {
  std::mt19937_64 random(20);
  constexpr std::string_view few = "abAB4Il1-";
  const auto text = [&](std::size_t longest) {
    std::string result(random() % (longest + 1), '?');
    for (char& c : result) c = few[random() % few.size()];
    return result;
  };
  for (int list = 0; list < 2'000; ++list) {
    std::vector<std::string> words(random() % 8);
    Entries entries;
    for (std::string& word : words) {
      word = text(5);
      entries.push_back({word, random() % 2 == 0});
    }
    const WordMatcher matcher(entries);
    const NaiveWordMatcher naive(entries);
    for (int i = 0; i < 50; ++i) {
      const std::string code = text(12);
      ASSERT_EQ(matcher.contains_any(code), naive.contains_any(code)) << code;
      ASSERT_EQ(matcher.offending(code), naive.offending(code)) << code;
    }
  }
}

std::vector<std::string> distinct_words(std::size_t count, std::size_t length) {
  // Digits of the index up front share as few beginnings as any list of distinct words can.
  constexpr std::string_view symbols = "abcdefghijkmnopqrstuvwxyz2689";
  std::vector<std::string> words(count, std::string(length, 'x'));
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t rest = i, position = 0; position < length; ++position, rest /= symbols.size())
      words[i][position] = symbols[rest % symbols.size()];
  return words;
}

TEST(WordMatcher, HoldsTenThousandWordsOfEightLetters) {
  const std::vector<std::string> words = distinct_words(10'000, 8);
  Entries entries;
  for (const std::string& word : words) entries.push_back({word, true});
  const WordMatcher matcher(entries);
  EXPECT_GT(matcher.state_count(), 60'000U);
  for (std::size_t i = 0; i < words.size(); ++i) ASSERT_EQ(matcher.offending("-" + words[i]), i);
}

TEST(WordMatcher, RefusesMoreStatesThanItCanNumber) {
  std::string longest(65'535, 'b');
  EXPECT_EQ(WordMatcher(Entries{{longest, true}}).state_count(), 65'536U);
  EXPECT_TRUE(WordMatcher(Entries{{longest, true}}).contains_any(longest + "b"));
  longest += 'b';
  EXPECT_THROW(WordMatcher(Entries{{longest, true}}), std::length_error);
}

TEST(WordMatcher, OutlivesItsEntriesAndMoves) {
  WordMatcher matcher;
  {
    const std::string word = "gone";
    matcher = WordMatcher(Entries{{word, true}});
  }
  const WordMatcher copy = matcher;
  const WordMatcher moved = std::move(matcher);
  EXPECT_TRUE(copy.contains_any("b3g0ne"));
  EXPECT_TRUE(moved.contains_any("b3g0ne"));
}

}  // namespace
}  // namespace core
