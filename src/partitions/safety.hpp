// What must hold of a run before anything goes in it.
#pragma once

#include "partitions/due.hpp"

namespace partitions {

// QP002 where more goes at once than may, or the clock has been set since the last run: then nothing goes.
void require_safe(const Set& set, const std::vector<Due>& due, Due::Action action);

}  // namespace partitions
