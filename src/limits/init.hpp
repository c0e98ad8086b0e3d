// What the limits need from the start of a session.
#pragma once

namespace limits {

void init();

}  // namespace limits
