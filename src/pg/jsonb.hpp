// Values of type jsonb, and objects by their members.
#pragma once

#include "pg/datum.hpp"

namespace pg {

// The bytes of a value as the server has it, whole and in memory of C++.
struct Json {
  std::string bytes;

  bool operator==(const Json&) const = default;
};

Json json_of(Datum datum);

template <>
struct Type<Json> {
  static Json from(Datum datum) { return json_of(datum); }
  static Datum to(const Json& value) {
    char* copy = static_cast<char*>(allocate(value.bytes.size()));
    std::memcpy(copy, value.bytes.data(), value.bytes.size());
    return PointerGetDatum(copy);
  }
};

struct Member {
  std::string name;
  Json value;
};

// The members of an object, in its own order.
std::vector<Member> members_of(const Json& object);

Json object_of(const std::vector<Member>& members);

// Of JSON text; raises 22P02 for what is none.
Json jsonb_of(const std::string& text);
std::string text_of(const Json& value);

// What ->> gives: of a string its characters; nothing for null.
std::optional<std::string> plain_text(const Json& value);

// The texts of an array of strings; nothing where it is none.
std::optional<std::vector<std::string>> texts_of(const Json& value);

}  // namespace pg
