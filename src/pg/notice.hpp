// What the caller is told beside the result.
#pragma once

#include "pg/call.hpp"

namespace pg {

// The message is lower-case without a full stop; the detail is a sentence, or empty.
void warn(const std::string& message, const std::string& detail = {}, const std::string& hint = {},
          int sqlstate = ERRCODE_WARNING);
void notice(const std::string& message);

}  // namespace pg
