#include "pg/plain_output.hpp"

extern "C" {
#include "pgtime.h"
#include "utils/bytea.h"
#include "utils/float.h"
}

namespace pg {

namespace {

// The server keeps a zone as long as the session lasts.
pg_tz* utc() {
  static pg_tz* zone = nullptr;
  if (zone == nullptr) zone = call(::pg_tzset_offset, 0L);
  return zone;
}

}  // namespace

PlainOutput::PlainOutput()
    : date_style_{DateStyle},
      date_order_{DateOrder},
      interval_style_{IntervalStyle},
      bytea_{bytea_output},
      float_digits_{extra_float_digits},
      zone_{session_timezone} {
  pg_tz* const plain_zone = utc();
  DateStyle = USE_ISO_DATES;
  DateOrder = DATEORDER_YMD;
  IntervalStyle = INTSTYLE_POSTGRES;
  bytea_output = BYTEA_OUTPUT_HEX;
  extra_float_digits = 1;
  session_timezone = plain_zone;
}

PlainOutput::~PlainOutput() {
  DateStyle = date_style_;
  DateOrder = date_order_;
  IntervalStyle = interval_style_;
  bytea_output = bytea_;
  extra_float_digits = float_digits_;
  session_timezone = zone_;
}

}  // namespace pg
