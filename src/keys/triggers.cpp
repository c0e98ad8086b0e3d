#include "keys/triggers.hpp"

#include "pg/functions.hpp"
#include "pg/spi.hpp"
#include "pg/trigger.hpp"

namespace keys {

// A row that replication, or a session that plays one, deletes takes along what is kept for it, too. Not on Citus, where
// such a trigger makes the move of a shard hang.
char usual_trigger_state() {
  return pg::has_extension("citus") ? TRIGGER_FIRES_ON_ORIGIN : TRIGGER_FIRES_ALWAYS;
}

void make_trigger(Oid table, const std::string& name, const std::string& definition, char state) {
  pg::Spi spi;
  spi.run(fmt::format("CREATE TRIGGER {} {}", pg::quoted_identifier(name), definition));
  spi.run(fmt::format("ALTER TABLE {} {} TRIGGER {}", pg::qualified_name(table), pg::enabling(state),
                      pg::quoted_identifier(name)));
}

void drop_trigger(Oid table, const std::string& name) {
  pg::Spi{}.run(fmt::format("DROP TRIGGER {} ON {}", pg::quoted_identifier(name), pg::qualified_name(table)));
}

}  // namespace keys
