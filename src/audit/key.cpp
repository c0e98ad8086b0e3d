#include "audit/key.hpp"

#include "core/digest.hpp"
#include "core/json.hpp"

namespace audit {

namespace {

constexpr std::size_t longest = 1000;  // bytes: what an index entry holds with room to spare

}  // namespace

// What begins as a digest does is one, or two texts would have the same key.
std::string indexable(std::string text) {
  if (text.size() <= longest && !text.starts_with("sha256:")) return text;
  return "sha256:" + core::sha256_hex(text);
}

std::string row_key(const std::vector<std::string>& texts) {
  if (texts.size() == 1) return indexable(texts.front());
  std::string array = "[";
  for (const std::string& text : texts) {
    if (array.size() > 1) array += ", ";
    array += core::json_string(text);
  }
  return indexable(array + "]");
}

}  // namespace audit
