// JSON of others.
#pragma once

#include <optional>
#include <string>

#include "pg/call.hpp"

namespace pg {

// The members of an object, as ->> gives them.
class JsonObject {
 public:
  // Raises what the server says of a text that is no JSON.
  explicit JsonObject(const char* text);

  // Nothing where there is no such member, or it is null; or where this is no object.
  std::optional<std::string> text(const char* member) const;

 private:
  Datum value_;
};

}  // namespace pg
