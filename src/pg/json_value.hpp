// Values of any type as jsonb, whatever the session's settings say and whoever has made casts.
#pragma once

#include <memory>

#include "pg/json_item.hpp"

namespace pg {

// How values of a type are written; known once, for many. Arrays are JSON arrays and rows objects, as to_jsonb() has them; but what a
// type does not say itself is the text that its output function gives: no cast is called, as anybody can make one.
class JsonType {
 public:
  explicit JsonType(Oid type);

  // Within pg::PlainOutput. A value of type json that jsonb cannot hold is {"unparsed_json": text}. The bytes are the value's own,
  // or memory of the current context.
  JsonItem item(Datum value) const;

  // The text of a value, as its output function gives it, detoasted.
  std::string_view text(Datum value) const;

 private:
  enum class Form : std::uint8_t {
    boolean,
    int2,
    int4,
    int8,
    floating,
    numeric,
    text,
    json,
    jsonb,
    time,
    array,
    row,
    output
  };
  static Form form_of(Oid type);
  JsonItem array_item(Datum value) const;

  Oid type_;  // below domains
  Form form_;
  Oid output_;
  bool by_settings_;  // which PlainOutput does not cover
  std::unique_ptr<const JsonType> element_;
  std::int16_t element_length_ = 0;
  bool element_by_value_ = false;
  char element_align_ = 0;
};

}  // namespace pg
