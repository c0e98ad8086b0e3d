// The tables of the limits, by name; their columns are in tables.sql.
#pragma once

namespace limits {

inline constexpr const char tiers_table[] = "_tiers";
inline constexpr const char meters_table[] = "_meters";
inline constexpr const char limits_table[] = "_limits";
inline constexpr const char subjects_table[] = "_subjects";
inline constexpr const char overrides_table[] = "_overrides";
inline constexpr const char extras_table[] = "_extras";
inline constexpr const char ledger_table[] = "_ledger";
inline constexpr const char limited_tables_table[] = "_limited_tables";
inline constexpr const char accounts_table[] = "_limit_accounts";
inline constexpr const char cells_table[] = "_limit_cells";
inline constexpr const char usage_table[] = "_usage";
inline constexpr const char denials_table[] = "_denials";

}  // namespace limits
