#include "codes/draw.hpp"

#include "core/random_code.hpp"

#include "codes/words.hpp"
#include "errors.hpp"
#include "pg/function.hpp"
#include "pg/random.hpp"

namespace codes {

void draw(char* code, std::size_t length) {
  // With the lists that ship, one code in some hundred is drawn again. A list that rejects everything must not hold
  // the session for ever.
  constexpr int most_draws = 10'000;
  for (int i = 0; i < most_draws; ++i) {
    core::random_code(pg::random_u64, code, length);
    if (!rejects_drawn({code, length})) return;
  }
  throw pg::Error{errors::codes_used_up,
                  fmt::format("could not draw a code of {} characters without a blocked word", length)}
      .detail(fmt::format("{} codes in a row were rejected.", most_draws))
      .hint("Shorten the list in steward.blocked_words, or use another length.");
}

}  // namespace codes

namespace sql {

pg::Text random_code(std::int32_t length) {
  if (length < 1 || length > static_cast<std::int32_t>(codes::longest_code))
    throw pg::Error{ERRCODE_INVALID_PARAMETER_VALUE, fmt::format("code length {} is out of range", length)}
        .detail(fmt::format("A random code has 1 to {} characters.", codes::longest_code));
  const auto size = static_cast<std::size_t>(length);
  pg::Text code{size};
  codes::draw(code.data(), size);
  return code;
}

}  // namespace sql

PG_SQL_FUNCTION(random_code);
