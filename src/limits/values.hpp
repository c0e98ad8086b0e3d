// What the catalogue's values may be: kinds and periods, in SQL's words and the tables'; names.
#pragma once

#include <optional>
#include <string_view>

#include "limits/catalogue.hpp"

namespace limits {

// Nothing for what is none of them. The name of no period is empty.
std::optional<Kind> kind_named(std::string_view name);
std::optional<Every> period_named(std::string_view name);
const char* name_of(Kind kind);
const char* name_of(Every period);

// Raises 22023. `what` is "tier" or "meter".
void require_name(const char* what, std::string_view name);

inline constexpr const char unlimited_is_null[] = "A limit is 0 or more; NULL is unlimited.";

}  // namespace limits
