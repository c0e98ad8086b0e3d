// Every setting of steward, alphabetical.
#pragma once

namespace settings {

void init();

}  // namespace settings
