// Every SQLSTATE of steward's own, with one line of meaning each. README.md shows the same table.
#pragma once

#include "pg/error.hpp"

namespace errors {

// codes
inline constexpr int wrong_check = pg::sqlstate("QC001");     // the check characters of a code do not fit it
inline constexpr int unknown_series = pg::sqlstate("QC002");  // no such series
inline constexpr int outside_series = pg::sqlstate("QC003");  // an id or code that the series cannot have
inline constexpr int code_not_allowed = pg::sqlstate("QC004");  // a chosen code breaks a rule
inline constexpr int codes_used_up = pg::sqlstate("QC005");     // no free code could be found

// counters
inline constexpr int no_counter = pg::sqlstate("QN001");         // the table has no such counter
inline constexpr int ambiguous_counter = pg::sqlstate("QN002");  // the table has several counters
inline constexpr int no_such_row = pg::sqlstate("QN003");        // no row has this key
inline constexpr int negative_count = pg::sqlstate("QN004");     // a count would fall below 0

}  // namespace errors
