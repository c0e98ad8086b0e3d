// Objects of type jsonb, by their members.
#pragma once

#include "pg/datum.hpp"

namespace pg {

// A value of type jsonb, as a type of its own for functions and statements. Lives as long as the memory that it was read into.
struct Json {
  Datum datum;
};

template <>
struct Type<Json> {
  static Json from(Datum datum) { return {datum}; }
  static Datum to(Json value) { return value.datum; }
};

struct Member {
  std::string name;
  Json value;
};

// The members of an object, in its own order. Values are copies in the present memory context.
std::vector<Member> members_of(Json object);

Json object_of(const std::vector<Member>& members);

// Of JSON text; raises 22P02 for what is none.
Json jsonb_of(const std::string& text);
std::string text_of(Json value);

Json json_null();

// A value as to_jsonb() gives it. Only for types of the server's own, of which nobody's cast is asked; the text of others.
Json jsonb_of(Oid type, Datum value);

}  // namespace pg
