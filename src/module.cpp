#include "audit/init.hpp"
#include "counters/init.hpp"
#include "limits/init.hpp"
#include "pg/guard.hpp"
#include "settings.hpp"

extern "C" {

#if PG_VERSION_NUM >= 180000
PG_MODULE_MAGIC_EXT(.name = "steward", .version = STEWARD_VERSION);
#else
PG_MODULE_MAGIC;
#endif

PGDLLEXPORT void _PG_init(void) {
  pg::guarded([] {
    settings::init();
    audit::init();
    counters::init();
    limits::init();
    return 0;
  });
}
}
