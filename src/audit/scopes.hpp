// As whom statements of our own making run.
#pragma once

#include "pg/acting.hpp"

namespace audit {

using pg::AsOwnerOf;
using pg::AsSteward;

}  // namespace audit
