// Test builds only (-DPG_FAULTS): a place where a session stops whose setting steward.wait_point names it, until it is
// killed or cancelled, or the setting is changed and reloaded. Costs nothing otherwise.
#pragma once

namespace pg {

#ifdef PG_FAULTS

inline char* chosen_wait_point = nullptr;

void wait_point(const char* name);

#else

inline void wait_point(const char*) {}

#endif

}  // namespace pg
