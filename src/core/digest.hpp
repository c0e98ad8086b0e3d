// SHA-256, in hexadecimal.
#pragma once

#include <string>
#include <string_view>

namespace core {

std::string sha256_hex(std::string_view bytes);

// HMAC-SHA-256 under a key: equal texts have equal ones, and without the key nobody can try texts out. Its first 16 bytes, which
// is as many as it takes for two texts never to meet.
std::string keyed_hash_hex(std::string_view key, std::string_view text);

}  // namespace core
