// What WordMatcher promises, written the slow and obvious way, for tests and fuzzers to hold it against.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/word_matcher.hpp"

class NaiveWordMatcher {
 public:
  explicit NaiveWordMatcher(const std::vector<core::WordMatcher::Entry>& entries) {
    for (const auto& entry : entries) words_.push_back({fold(entry.word), entry.anywhere});
  }

  [[nodiscard]] bool contains_any(std::string_view code) const {
    const std::string folded = fold(code);
    for (const Word& word : words_)
      if (can_match(word.folded) && folded.find(word.folded) != std::string::npos) return true;
    return false;
  }

  [[nodiscard]] std::optional<std::size_t> offending(std::string_view code) const {
    const std::string folded = fold(code);
    for (std::size_t end = 1; end <= folded.size(); ++end) {
      std::optional<std::size_t> longest;
      for (std::size_t i = 0; i < words_.size(); ++i)
        if (words_[i].anywhere && ends_at(words_[i].folded, folded, end) &&
            (!longest || words_[i].folded.size() > words_[*longest].folded.size()))
          longest = i;
      if (longest) return longest;
    }
    for (std::size_t i = 0; i < words_.size(); ++i)
      if (can_match(words_[i].folded) && words_[i].folded == folded) return i;
    return std::nullopt;
  }

 private:
  struct Word {
    std::string folded;
    bool anywhere;
  };

  static constexpr char foreign = '#';

  static std::string fold(std::string_view text) {
    constexpr std::string_view from = "013457l";
    constexpr std::string_view to = "oieasti";
    std::string folded;
    for (char c : text) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
      if (const std::size_t i = from.find(c); i != std::string_view::npos) c = to[i];
      const bool known = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      folded.push_back(known ? c : foreign);
    }
    return folded;
  }

  static bool can_match(const std::string& folded) {
    return !folded.empty() && folded.find(foreign) == std::string::npos;
  }

  static bool ends_at(const std::string& word, const std::string& code, std::size_t end) {
    return can_match(word) && word.size() <= end && code.compare(end - word.size(), word.size(), word) == 0;
  }

  std::vector<Word> words_;
};
