// jsonb as it is stored, written without the server's tree of it in between.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "pg/datum.hpp"

namespace pg {

// A value in jsonb: of a string its bytes, of a number a numeric, of an array or an object its container. The bytes are not its own.
struct JsonItem {
  enum class Kind : std::uint8_t { null, no, yes, string, number, container };
  Kind kind;
  std::string_view bytes;

  bool operator==(const JsonItem&) const = default;

  static JsonItem null() { return {Kind::null, {}}; }
  static JsonItem boolean(bool value) { return {value ? Kind::yes : Kind::no, {}}; }
  static JsonItem string(std::string_view text) { return {Kind::string, text}; }
  static JsonItem number(Datum numeric);  // finite
  static JsonItem array(std::span<const JsonItem> items);
  // Members in the order of json_order(), none twice.
  static JsonItem object(std::span<const std::string_view> names, std::span<const JsonItem> values);
  // Of a value of type jsonb, which is not toasted.
  static JsonItem of(Datum jsonb);
};

// Whether a name comes before another in an object.
inline bool json_order(std::string_view a, std::string_view b) noexcept {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

// A value of type jsonb that is an object.
Datum json_object(std::span<const std::string_view> names, std::span<const JsonItem> values);

}  // namespace pg
