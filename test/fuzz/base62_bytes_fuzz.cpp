// Any text both ways: as a code, what decode_bytes accepts encodes back to it; as bytes, the code decodes
// back.
#include <string>

#include "core/base62.hpp"
#include "require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string bytes;
  if (core::base62::decode_bytes(text, bytes).ok()) require(core::base62::encode_bytes(bytes) == text);
  if (size != 0 && size <= core::base62::max_bytes) {
    require(core::base62::decode_bytes(core::base62::encode_bytes(text), bytes).ok());
    require(bytes == text);
  }
  return 0;
}
