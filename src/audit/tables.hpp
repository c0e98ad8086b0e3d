// What the tables of tables.sql are called.
#pragma once

namespace audit {

inline constexpr const char* relations_table = "audit_relations";
inline constexpr const char* versions_table = "_audit_versions";
inline constexpr const char* ids_sequence = "_audit_ids";

}  // namespace audit
