// What the counters set up when the library is loaded.
#pragma once

namespace counters {

void init();

}  // namespace counters
