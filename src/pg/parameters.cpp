#include "pg/parameters.hpp"

namespace pg {

Parameters::Parameters() noexcept : level_{NewGUCNestLevel()} {}

Parameters::~Parameters() { AtEOXact_GUC(false, level_); }

void Parameters::set(const char* name, const char* value) {
  call(::set_config_option, name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

void set_parameter(const char* name, const char* value, Lasting lasting) {
  call(::set_config_option, name, value, PGC_SUSET, PGC_S_SESSION,
       lasting == Lasting::transaction ? GUC_ACTION_LOCAL : GUC_ACTION_SET, true, 0, false);
}

}  // namespace pg
