// Waiting for a moment.
#pragma once

#include "pg/call.hpp"

namespace pg {

// Sleeps, and can be cancelled. A cancel, or the end of the server, raises.
void pause(long milliseconds);

}  // namespace pg
