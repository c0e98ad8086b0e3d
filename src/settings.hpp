// Every setting of steward, alphabetical.
#pragma once

namespace settings {

enum class Durability { commit, async };
enum class Standby { error, ignore };

// How durable a hit is when its transaction has committed.
Durability counter_durability();

// What a hit does on a hot standby.
Standby counter_standby();

// The test clock; nullptr or empty when it is the real one.
extern char* now;

void init();

}  // namespace settings
