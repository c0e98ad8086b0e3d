#include "pg/prelude.hpp"

#include "counters/init.hpp"
#include "settings.hpp"

extern "C" {

#if PG_VERSION_NUM >= 180000
PG_MODULE_MAGIC_EXT(.name = "steward", .version = STEWARD_VERSION);
#else
PG_MODULE_MAGIC;
#endif

PGDLLEXPORT void _PG_init(void) {
  settings::init();
  counters::init();
}
}
