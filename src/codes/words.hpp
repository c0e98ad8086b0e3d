// The words that no code may be or hold: blocked_words and reserved_codes, compiled once per session.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace codes {

// 54000 when the lists do not compile.
void require_words();

// Whether a drawn code must be drawn again: it holds a blocked word, or is a reserved one.
bool rejects_drawn(std::string_view code);

// Which rule a code that somebody chose breaks. Stricter for draws, which cost nothing: a short blocked word inside
// a longer one (class, analytics) is only refused where nobody meant it.
struct Objection {
  enum class Rule { reserved, blocked } rule;
  std::string word;
};
std::optional<Objection> objection_to_chosen(std::string_view code);

}  // namespace codes
