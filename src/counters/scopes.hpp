// As whom statements of the counters run.
#pragma once

#include "counters/counter.hpp"
#include "counters/tables.hpp"
#include "pg/acting.hpp"

namespace counters {

using pg::AsOwnerOf;
using pg::AsSteward;

}  // namespace counters
