// Who may count, and who may read counts: rights on the counted table, beside EXECUTE on the functions.
#pragma once

#include <string>

#include "counters/counter.hpp"

namespace counters {

// UPDATE on the table or on the counted column; raises 42501.
void require_update(const Counter& counter);

// SELECT on the table, or on its key and the counted column; raises 42501.
void require_select(const Counter& counter);

// Where the table has row level security: that the caller may read the row. Raises QN003 as for a row that is not there.
void require_visible(const Counter& counter, const std::string& key);

// All that reading one row's counts asks for: the right, row level security, and that the row exists.
void require_readable_row(const Counter& counter, const std::string& key);

}  // namespace counters
