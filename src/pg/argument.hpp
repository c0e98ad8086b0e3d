// What is wrong with an argument of a call, in one wording for each fault.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pg/error.hpp"

namespace pg {

// 22004, 22023; with a hint where there is one.
void require_given(bool given, std::string_view name, std::string_view hint = {});
void require_text(std::optional<std::string_view> text, std::string_view name, std::string_view hint = {});

// 22023, in other words.
[[noreturn]] void refuse_argument(std::string message, std::string detail);

// 22001.
void require_short(std::string_view text, std::string_view name, std::size_t longest,
                   std::string_view hint = {});

// 22023, of an argument that takes words: as the server says it of its settings. `words` is what it takes, with commas.
[[noreturn]] void refuse_word(std::string_view name, std::string_view value, std::string_view words);

// 22023.
void require_positive(std::string_view name, std::int64_t value, std::string_view hint = {});
void require_not_negative(std::string_view name, std::int64_t value, std::string_view hint = {});

}  // namespace pg
