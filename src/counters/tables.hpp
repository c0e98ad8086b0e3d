// The tables of the counters, by name; their columns are in tables.sql.
#pragma once

namespace counters {

inline constexpr const char counts_table[] = "_counts";
inline constexpr const char buckets_table[] = "_bucket_counts";
inline constexpr const char last_hits_table[] = "_last_hits";
inline constexpr const char deltas_table[] = "_count_deltas";
inline constexpr const char counters_table[] = "_counters";

}  // namespace counters
