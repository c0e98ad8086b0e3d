// The text of values, whatever the session's settings say.
#pragma once

#include "pg/call.hpp"

namespace pg {

// While one lives output functions write, and input functions read: times in UTC, ISO dates, intervals in the server's own style,
// hexadecimal bytes, floats with all their digits. Sets the variables behind the settings, which costs next to nothing; only for code
// of the server's in between, which looks at no setting itself. Not for money and names of relations and the like: see Parameters.
class PlainOutput : faults::Counted {
 public:
  PlainOutput();
  PlainOutput(const PlainOutput&) = delete;
  PlainOutput& operator=(const PlainOutput&) = delete;
  ~PlainOutput();

 private:
  int date_style_, date_order_, interval_style_, bytea_, float_digits_;
  struct pg_tz* zone_;
};

}  // namespace pg
