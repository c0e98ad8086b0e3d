#include "pg/parameters.hpp"

namespace pg {

Parameters::Parameters() noexcept : level_{NewGUCNestLevel()} {}

Parameters::~Parameters() { AtEOXact_GUC(false, level_); }

void Parameters::set(const char* name, const char* value) {
  call(::set_config_option, name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

}  // namespace pg
