// Finds words of a list in codes, whatever the case and through look-alikes: 0=o, 1=i=l, 3=e, 4=a, 5=s, 7=t.
//
// Contract
// - A word that is empty or holds a byte other than an ASCII letter or digit occurs in no code, and never
//   matches.
// - In a code, such a byte matches nothing and breaks the word that it stands in.
// - An Aho-Corasick automaton: time is linear in the code, whatever the list; one table lookup a character.
//   Before it, contains_any asks whether a word can begin anywhere at all, which most random codes deny.
// - The table takes 64 bytes a state, a state being a distinct beginning of a folded word. States are
//   numbered in 16 bits, which holds 10,000 words of 8 letters whatever they are; std::length_error beyond
//   65,536 states.
// - Nothing refers to the entries once the matcher is built. Objects copy and move like any container.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace core {

class WordMatcher {
 public:
  struct Entry {
    std::string_view word;
    bool anywhere = false;  // offends as a part of a code too, not only as the whole of it
  };

  WordMatcher() : WordMatcher(std::vector<Entry>{}) {}
  explicit WordMatcher(const std::vector<Entry>& entries);

  // Whether any word at all is a part of the code. For drawn codes: another draw is cheap.
  [[nodiscard]] bool contains_any(std::string_view code) const noexcept;

  // The index of an entry for which a code that a person chose is refused: a word marked `anywhere` that is
  // a part of the code (of several, the one that ends first and, of those, the longest), else a word that is
  // the whole code. Of entries that fold to the same word, the first.
  [[nodiscard]] std::optional<std::size_t> offending(std::string_view code) const noexcept;

  [[nodiscard]] std::size_t state_count() const noexcept { return transitions_.size(); }

 private:
  using State = std::uint16_t;
  using Row = std::array<State, 32>;  // next state by symbol; a power of two for the sake of the address

  // What a state at the end of some word reports; words are numbered by entry.
  struct Report {
    std::uint32_t anywhere;  // the longest word marked `anywhere` that ends here
    std::uint32_t whole;     // the word that is the whole path from the root to here
    std::uint32_t length;    // of that path
  };

  class Builder;

  // Whether the code holds three characters with which some word begins.
  [[nodiscard]] bool may_contain(std::string_view code) const noexcept;
  void note_opening(std::string_view word);

  // The symbols, 5 bits each, of the first three characters of every word.
  static constexpr std::size_t openings = std::size_t{32} * 32 * 32;
  std::array<std::uint64_t, openings / 64> openings_{};  // bits

  std::vector<Row> transitions_;
  std::vector<Report> reports_;    // of the states from first_accepting_ on
  std::uint32_t first_accepting_;  // states at the end of a word come last, so one comparison finds them
};

}  // namespace core
