#include "settings.hpp"

#include "pg/call.hpp"

namespace settings {

// There is no setting yet. The prefix is taken all the same, so that a misspelt or premature one is an error
// instead of a silent placeholder.
void init() { MarkGUCPrefixReserved("steward"); }

}  // namespace settings
