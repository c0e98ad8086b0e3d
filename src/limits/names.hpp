// The words for kinds and periods, in SQL and in the tables; and what a tier or a meter may be called.
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

}  // namespace limits
