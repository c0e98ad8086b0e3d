// Which columns of an audited table are ignored, redacted, the tenant's. Triggers say it that never fire: the server renames columns
// in them, dumps them, and drops none of the columns without being told so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pg/relation.hpp"

namespace audit {

struct Marks {
  std::vector<std::string> ignored, redacted;
  std::optional<std::string> tenant;

  bool operator==(const Marks&) const = default;
};

// By the names that the columns have now.
Marks marks_of(const pg::OpenRelation& table);

// The table is locked, but not open.
void set_marks(Oid table, std::int32_t number, const Marks& marks);

}  // namespace audit
