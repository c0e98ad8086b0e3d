// Any text: decode agrees with the decimal decoder, and what it accepts encodes back to the text without
// zeros.
#include <string>

#include "core/base62.hpp"
#include "require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::uint64_t value = 0;
  std::string decimal;
  const core::base62::Outcome outcome = core::base62::decode(text, value);
  const core::base62::Outcome decimal_outcome = core::base62::decode_decimal(text, decimal);
  if (outcome.ok()) {
    char out[core::base62::max_value_length];
    const std::string_view code(out, core::base62::encode(value, out));
    require(text.substr(text.size() - code.size()) == code);
    require(text.substr(0, text.size() - code.size()).find_first_not_of('0') == std::string_view::npos);
    require(decimal_outcome.ok() && decimal == std::to_string(value));
  } else if (outcome.fault == core::base62::Fault::overflow) {
    require(decimal_outcome.fault == outcome.fault || decimal.size() > 20 ||
            (decimal.size() == 20 && decimal > "18446744073709551615"));
  } else {
    require(decimal_outcome.fault == outcome.fault && decimal_outcome.position == outcome.position);
  }
  return 0;
}
