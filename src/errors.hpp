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

// limits
inline constexpr int limit_reached = pg::sqlstate("QL001");      // a metered limit is used up
inline constexpr int standing_limit = pg::sqlstate("QL002");     // there is as much as may be
inline constexpr int not_in_tier = pg::sqlstate("QL004");        // the tier does not include it
inline constexpr int subscription_over = pg::sqlstate("QL005");  // expired, and there is no fallback
inline constexpr int key_reused = pg::sqlstate("QL006");         // an idempotency key for something else
inline constexpr int unknown_limit = pg::sqlstate("QL007");      // no such subject, meter, tier or limit
inline constexpr int held_by_others = pg::sqlstate("QL008");     // transactions in progress hold the rest

// partitions
inline constexpr int not_managed = pg::sqlstate("QP001");         // the table's partitions are not managed
inline constexpr int refused_for_safety = pg::sqlstate("QP002");  // a partition may hold what is still wanted
inline constexpr int budget_used_up = pg::sqlstate("QP003");      // no lock was to be had in time

// audit
inline constexpr int no_actor = pg::sqlstate("QA001");        // a change without anybody who acts
inline constexpr int append_only = pg::sqlstate("QA002");     // the log cannot be changed
inline constexpr int not_in_the_log = pg::sqlstate("QA003");  // no record of this table, row or time

}  // namespace errors
