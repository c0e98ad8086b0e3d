// Any text: what decode_uuid accepts encodes back to the same text, and it agrees with decode_bytes on the
// rest.
#include <string>

#include "core/base62.hpp"
#include "require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::uint8_t uuid[16];
  const core::base62::Outcome outcome = core::base62::decode_uuid(text, uuid);
  if (outcome.ok()) {
    char code[core::base62::uuid_length];
    core::base62::encode_uuid(uuid, code);
    require(std::string_view(code, sizeof code) == text);
  }
  if (size == core::base62::uuid_length) {
    std::string bytes;
    const core::base62::Outcome same = core::base62::decode_bytes(text, bytes);
    require(same.fault == outcome.fault && same.position == outcome.position);
    require(!same.ok() || bytes == std::string(reinterpret_cast<const char*>(uuid), sizeof uuid));
  }
  if (size == sizeof uuid) {
    char code[core::base62::uuid_length];
    core::base62::encode_uuid(data, code);
    require(core::base62::decode_uuid({code, sizeof code}, uuid).ok());
    require(std::string(reinterpret_cast<const char*>(uuid), sizeof uuid) == text);
  }
  return 0;
}
