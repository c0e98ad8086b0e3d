// What the server says of the statement that runs.
#pragma once

#include <cstdint>

namespace pg {

// The statement's query id, as pg_stat_statements has it; 0 where nobody computes it.
std::int64_t query_id() noexcept;

}  // namespace pg
