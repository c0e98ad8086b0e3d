// Tiers, meters and limits, as they are committed: changes are effective in every session at commit.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pg/prelude.hpp"

namespace limits {

enum class Kind { metered, standing };
enum class Every { none, hour, day, week, month, year, anchored };  // none for what is standing

struct Meter {
  std::int32_t id = 0;
  std::string name;
  Oid subjects = InvalidOid;  // the relation whose rows have it
  Kind kind = Kind::standing;
  Every period = Every::none;
  std::string unit;     // empty without one
  std::string max_col;  // of the subject's own row; empty without one
  std::int64_t max_unit = 1;

  bool by_rows = false;  // standing, and declared on tables: what there is follows their rows

  // By tier; a NULL is unlimited. A tier that is not in here allows nothing (QL007).
  std::unordered_map<std::string, std::optional<std::int64_t>> limits;
};

// The meter of that name, or nothing. Stays valid as long as the pointer is held, also when the catalogue changes.
std::shared_ptr<const Meter> find_meter(std::string_view name);
// The same; QL007 when there is none.
std::shared_ptr<const Meter> require_meter(std::string_view name);
[[noreturn]] void refuse_meter(std::string_view name);

// The meter with that number, or nothing.
std::shared_ptr<const Meter> find_meter(std::int32_t id);

// All meters of a relation's subjects, by name.
std::vector<std::shared_ptr<const Meter>> meters_of(Oid subjects);

// The meters that a table was declared for, also when it has gone meanwhile.
std::vector<std::shared_ptr<const Meter>> meters_declared_for(Oid table);
// Whether any table is declared for any meter.
bool has_limited_tables();

// A tier's rank; nothing when there is no such tier.
std::optional<std::int32_t> rank_of(std::string_view tier);
// QL007 when there is none.
void require_tier(std::string_view tier);

}  // namespace limits
