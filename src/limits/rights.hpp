// Who may see how a subject stands: whoever could read its row, beside EXECUTE on the functions.
#pragma once

#include <string>

#include "limits/subjects.hpp"

namespace limits {

// SELECT on the table or on its key, and that row level security does not hide the row, where it applies.
bool may_see(const SubjectTable& table, const std::string& subject);

// The same, raised: 42501 without the right; QL007, as where there is no such row, when it is hidden.
void require_may_see(const SubjectTable& table, const std::string& subject);

}  // namespace limits
