#include "pg/argument.hpp"

namespace pg {

namespace {

constexpr std::size_t longest_shown = 64;

[[noreturn]] void refuse(std::string message, std::string_view hint) {
  throw Error{ERRCODE_INVALID_PARAMETER_VALUE, std::move(message)}.hint(std::string{hint});
}

}  // namespace

void require_given(bool given, std::string_view name, std::string_view hint) {
  if (!given)
    throw Error{ERRCODE_NULL_VALUE_NOT_ALLOWED, fmt::format("argument \"{}\" must not be null", name)}.hint(
        std::string{hint});
}

void require_text(std::optional<std::string_view> text, std::string_view name, std::string_view hint) {
  require_given(text.has_value(), name, hint);
  if (text->empty()) refuse(fmt::format("argument \"{}\" must not be empty", name), hint);
}

void refuse_argument(std::string message, std::string detail) {
  throw Error{ERRCODE_INVALID_PARAMETER_VALUE, std::move(message)}.detail(std::move(detail));
}

void require_short(std::string_view text, std::string_view name, std::size_t longest, std::string_view hint) {
  if (text.size() > longest)
    throw Error{ERRCODE_STRING_DATA_RIGHT_TRUNCATION,
                fmt::format("argument \"{}\" must be no longer than {} bytes, but has {}", name, longest,
                            text.size())}
        .hint(std::string{hint});
}

void refuse_word(std::string_view name, std::string_view value, std::string_view words) {
  refuse(fmt::format("invalid value for argument \"{}\": \"{}\"", name, value.substr(0, longest_shown)),
         fmt::format("Available values: {}.", words));
}

void require_positive(std::string_view name, std::int64_t value, std::string_view hint) {
  if (value <= 0) refuse(fmt::format("argument \"{}\" must be positive, not {}", name, value), hint);
}

void require_not_negative(std::string_view name, std::int64_t value, std::string_view hint) {
  if (value < 0) refuse(fmt::format("argument \"{}\" must not be negative, but is {}", name, value), hint);
}

}  // namespace pg
