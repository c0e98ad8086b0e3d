// Columns that the server computes.
#pragma once

#include "pg/prelude.hpp"

namespace pg {

// Whether a column is not stored: a trigger's rows do not have it. Since PostgreSQL 18.
inline bool is_computed_when_read(const FormData_pg_attribute& column) noexcept {
#if PG_VERSION_NUM >= 180000
  return column.attgenerated == ATTRIBUTE_GENERATED_VIRTUAL;
#else
  return static_cast<void>(column), false;
#endif
}

}  // namespace pg
