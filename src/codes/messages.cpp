#include "codes/messages.hpp"

#include "pg/call.hpp"

namespace codes {

namespace {

constexpr int longest_shown = 64;  // bytes

// Control characters spelt out, so that a message stays on its line whatever it quotes.
std::string printable(std::string_view text) {
  std::string shown;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F)
      shown += fmt::format("\\x{:02X}", byte);
    else
      shown += c;
  }
  return shown;
}

}  // namespace

std::string shown(std::string_view code) {
  if (code.size() <= longest_shown) return fmt::format("\"{}\"", printable(code));
  const int size = pg::call(::pg_mbcliplen, code.data(), static_cast<int>(code.size()), longest_shown);
  return fmt::format("\"{}...\"", printable(code.substr(0, static_cast<std::size_t>(size))));
}

std::string character_at(std::string_view code, std::size_t offset) {
  const char* at = code.data() + offset;
  const auto size = static_cast<std::size_t>(pg::call(::pg_mblen, at));
  const int position = pg::call(::pg_mbstrlen_with_len, code.data(), static_cast<int>(offset)) + 1;
  return fmt::format("Character \"{}\" at position {} is not one of 0-9, A-Z, a-z.",
                     printable(code.substr(offset, size)), position);
}

}  // namespace codes
