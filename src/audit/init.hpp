// What the log needs from the start of a session.
#pragma once

namespace audit {

void init();

}  // namespace audit
