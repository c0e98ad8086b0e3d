#include "pg/statement.hpp"

#include "pg/prelude.hpp"

extern "C" {
#include "utils/backend_status.h"
}

namespace pg {

std::int64_t query_id() noexcept { return static_cast<std::int64_t>(pgstat_get_my_query_id()); }

}  // namespace pg
