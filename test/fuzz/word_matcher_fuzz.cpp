// A list of words and a code, cut from the input: the automaton agrees with the naive matcher.
#include <string>
#include <vector>

#include "../unit/naive_word_matcher.hpp"
#include "require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Lines: the last one is the code, those before are words; a leading '+' marks one as matching anywhere.
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  if (rest.size() > 1000) return 0;
  std::vector<core::WordMatcher::Entry> entries;
  for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    const bool anywhere = rest.front() == '+';
    entries.push_back({rest.substr(anywhere ? 1 : 0, end - (anywhere ? 1 : 0)), anywhere});
    rest.remove_prefix(end + 1);
  }
  const core::WordMatcher matcher(entries);
  const NaiveWordMatcher naive(entries);
  require(matcher.contains_any(rest) == naive.contains_any(rest));
  require(matcher.offending(rest) == naive.offending(rest));
  return 0;
}
