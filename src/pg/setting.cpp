#include "pg/setting.hpp"

#include <algorithm>

extern "C" {
#include "storage/proc.h"
#include "utils/guc_tables.h"
}

namespace pg {

namespace {

char** variable_of(config_generic* setting) {
  if (setting == nullptr || setting->vartype != PGC_STRING) return nullptr;
  return reinterpret_cast<config_string*>(setting)->variable;
}

}  // namespace

#if PG_VERSION_NUM >= 160000

const char* Setting::value() {
  char** const variable = variable_of(call(::find_option, name_, false, true, int{ERROR}));
  return variable != nullptr ? *variable : nullptr;
}

#else

namespace {

// GetConfigOption() tells no address. The list is in the order that pg_strcasecmp() gives to ASCII.
config_generic* find(const char* name) {
  config_generic** const first = call(::get_guc_variables);
  config_generic** const last = first + GetNumConfigOptions();
  config_generic** const found = std::lower_bound(
      first, last, name,
      [](const config_generic* one, const char* wanted) { return pg_strcasecmp(one->name, wanted) < 0; });
  return found != last && pg_strcasecmp((*found)->name, name) == 0 ? *found : nullptr;
}

}  // namespace

const char* Setting::value() {
  if (settings_ != GetNumConfigOptions() || transaction_ != MyProc->lxid) look_up();
  return variable_ != nullptr ? *variable_ : nullptr;
}

void Setting::look_up() {
  variable_ = variable_of(find(name_));
  settings_ = GetNumConfigOptions();
  transaction_ = MyProc->lxid;
}

#endif

}  // namespace pg
