#include "pg/setting.hpp"

#include <algorithm>

extern "C" {
#include "storage/proc.h"
#include "utils/guc_tables.h"
}

namespace pg {

namespace {

LocalTransactionId this_transaction() noexcept {
#if PG_VERSION_NUM >= 170000
  return MyProc->vxid.lxid;
#else
  return MyProc->lxid;
#endif
}

#if PG_VERSION_NUM >= 160000
config_generic* find(const char* name) { return call(::find_option, name, false, true, int{ERROR}); }
#else
// GetConfigOption() tells no address. The list is in the order that pg_strcasecmp() gives to ASCII.
config_generic* find(const char* name) {
  config_generic** const first = call(::get_guc_variables);
  config_generic** const last = first + GetNumConfigOptions();
  config_generic** const found = std::lower_bound(
      first, last, name,
      [](const config_generic* one, const char* wanted) { return pg_strcasecmp(one->name, wanted) < 0; });
  return found != last && pg_strcasecmp((*found)->name, name) == 0 ? *found : nullptr;
}
#endif

}  // namespace

const char* Setting::value() {
  if (settings_ != GetNumConfigOptions() || transaction_ != this_transaction()) look_up();
  return variable_ != nullptr ? *variable_ : nullptr;
}

void Setting::look_up() {
  variable_ = nullptr;
  config_generic* const found = find(name_);
  if (found != nullptr && found->vartype == PGC_STRING)
    variable_ = reinterpret_cast<config_string*>(found)->variable;
  settings_ = GetNumConfigOptions();
  transaction_ = this_transaction();
}

}  // namespace pg
