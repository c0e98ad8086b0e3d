// Any text: what decode_decimal accepts is a plain decimal number and encodes back to the text without
// zeros.
#include <algorithm>
#include <string>

#include "core/base62.hpp"
#include "require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string number;
  if (!core::base62::decode_decimal(text, number).ok()) return 0;
  require(!number.empty() && number.size() <= core::base62::max_decimal_digits);
  require(number.find_first_not_of("0123456789") == std::string::npos);
  require(number == "0" || number.front() != '0');
  const std::size_t zeros = std::min(text.find_first_not_of('0'), text.size() - 1);
  require(core::base62::encode_decimal(number) == text.substr(zeros));
  return 0;
}
