#include "core/word_matcher.hpp"

#include <limits>
#include <stdexcept>

namespace core {
namespace {

constexpr std::uint32_t no_word = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t max_states = std::size_t{std::numeric_limits<std::uint16_t>::max()} + 1;

// The symbol of every byte that no word contains. Its transitions all lead to the root.
constexpr std::uint8_t breaking = 0;

constexpr auto symbol_of_byte = [] {
  // Bytes of a class look alike. The classes fit a row of 32 with the breaking symbol.
  constexpr const char* classes[] = {"aA4", "bB", "cC", "dD",  "eE3", "fF", "gG", "hH",  "iI1lL", "jJ",
                                     "kK",  "mM", "nN", "oO0", "pP",  "qQ", "rR", "sS5", "tT7",   "uU",
                                     "vV",  "wW", "xX", "yY",  "zZ",  "2",  "6",  "8",   "9"};
  std::array<std::uint8_t, 256> table{};
  std::uint8_t symbol = breaking;
  for (const char* members : classes) {
    ++symbol;
    for (; *members != '\0'; ++members) table[static_cast<unsigned char>(*members)] = symbol;
  }
  return table;
}();

std::size_t symbol_of(char byte) noexcept { return symbol_of_byte[static_cast<unsigned char>(byte)]; }

bool can_match(std::string_view word) noexcept {
  for (const char byte : word)
    if (symbol_of(byte) == breaking) return false;
  return !word.empty();
}

}  // namespace

// Grows a trie of the folded words, turns it into an automaton and numbers its states anew.
class WordMatcher::Builder {
 public:
  Builder() { add_state(0); }

  void add_word(std::string_view word, std::uint32_t index, bool anywhere) {
    std::size_t state = root;
    for (const char byte : word) {
      const std::size_t symbol = symbol_of(byte);
      if (rows_[state][symbol] == root) {
        const State child = add_state(nodes_[state].report.length + 1);
        rows_[state][symbol] = child;
      }
      state = rows_[state][symbol];
    }
    Report& report = nodes_[state].report;
    if (report.whole == no_word) report.whole = index;
    if (anywhere && report.anywhere == no_word) report.anywhere = index;
    nodes_[state].accepting = true;
  }

  // Breadth first, each state takes what it lacks from the state of its longest proper suffix, which is
  // shorter and therefore complete: transitions, and the words that end there.
  void complete() {
    std::vector<State> queue;
    queue.reserve(rows_.size());
    queue.push_back(root);
    for (std::size_t next = 0; next < queue.size(); ++next) {
      const State state = queue[next];
      const Row& fallback = rows_[nodes_[state].suffix];
      for (std::size_t symbol = 0; symbol < fallback.size(); ++symbol) {
        State& target = rows_[state][symbol];
        if (target == root) {
          target = fallback[symbol];
          continue;
        }
        // A child of the root has the root for a suffix: there, fallback leads to the child itself.
        adopt_suffix(target, state == root ? root : fallback[symbol]);
        queue.push_back(target);
      }
    }
  }

  // Move the accepting states to the end and hand the result over.
  void finish(WordMatcher& matcher) const {
    std::vector<State> number(rows_.size());
    std::uint32_t count = 0;
    for (const bool accepting : {false, true}) {
      if (accepting) matcher.first_accepting_ = count;
      for (std::size_t state = 0; state < rows_.size(); ++state)
        if (nodes_[state].accepting == accepting) number[state] = static_cast<State>(count++);
    }
    matcher.transitions_.resize(rows_.size());
    matcher.reports_.resize(rows_.size() - matcher.first_accepting_);
    for (std::size_t state = 0; state < rows_.size(); ++state) {
      Row& row = matcher.transitions_[number[state]];
      for (std::size_t symbol = 0; symbol < row.size(); ++symbol) row[symbol] = number[rows_[state][symbol]];
      if (nodes_[state].accepting)
        matcher.reports_[number[state] - matcher.first_accepting_] = nodes_[state].report;
    }
  }

 private:
  static constexpr State root = 0;

  struct Node {
    Report report;
    State suffix = root;
    bool accepting = false;
  };

  State add_state(std::uint32_t length) {
    if (rows_.size() == max_states) throw std::length_error("word list too long for its automaton");
    rows_.emplace_back();
    nodes_.push_back({{no_word, no_word, length}});
    return static_cast<State>(rows_.size() - 1);
  }

  void adopt_suffix(State state, State suffix) noexcept {
    Node& node = nodes_[state];
    node.suffix = suffix;
    node.accepting = node.accepting || nodes_[suffix].accepting;
    if (node.report.anywhere == no_word) node.report.anywhere = nodes_[suffix].report.anywhere;
  }

  std::vector<Row> rows_;
  std::vector<Node> nodes_;
};

WordMatcher::WordMatcher(const std::vector<Entry>& entries) {
  if (entries.size() >= no_word) throw std::length_error("word list too long");
  Builder builder;
  for (std::size_t index = 0; index < entries.size(); ++index)
    if (can_match(entries[index].word)) {
      builder.add_word(entries[index].word, static_cast<std::uint32_t>(index), entries[index].anywhere);
      note_opening(entries[index].word);
    }
  builder.complete();
  builder.finish(*this);
}

// A word of less than three characters goes on with any symbol, and with the breaking one, which stands for the
// end of the code.
void WordMatcher::note_opening(std::string_view word) {
  std::size_t opening = 0;
  for (const char byte : word.substr(0, 3)) opening = opening << 5 | symbol_of(byte);
  std::size_t count = 1;
  for (std::size_t size = word.size(); size < 3; ++size) {
    opening <<= 5;
    count <<= 5;
  }
  for (const std::size_t end = opening + count; opening < end; ++opening)
    openings_[opening / 64] |= std::uint64_t{1} << opening % 64;
}

// The look-ups do not wait for one another, as the automaton's do.
bool WordMatcher::may_contain(std::string_view code) const noexcept {
  std::size_t window = 0;
  std::uint64_t found = 0;  // in its lowest bit
  const auto slide = [&](std::size_t symbol) {
    window = (window << 5 | symbol) % openings;
    found |= openings_[window / 64] >> window % 64;
  };
  for (const char byte : code) slide(symbol_of(byte));
  slide(breaking);
  slide(breaking);
  return (found & 1) != 0;
}

bool WordMatcher::contains_any(std::string_view code) const noexcept {
  if (!may_contain(code)) return false;
  std::size_t state = 0;
  for (const char byte : code) {
    state = transitions_[state][symbol_of(byte)];
    if (state >= first_accepting_) return true;
  }
  return false;
}

std::optional<std::size_t> WordMatcher::offending(std::string_view code) const noexcept {
  std::size_t state = 0;
  for (const char byte : code) {
    state = transitions_[state][symbol_of(byte)];
    if (state >= first_accepting_ && reports_[state - first_accepting_].anywhere != no_word)
      return reports_[state - first_accepting_].anywhere;
  }
  if (state < first_accepting_) return std::nullopt;
  const Report& report = reports_[state - first_accepting_];
  if (report.whole == no_word || report.length != code.size()) return std::nullopt;
  return report.whole;
}

}  // namespace core
