// The triggers that tie what steward keeps to a user's table.
#pragma once

#include <string>

#include "pg/relation.hpp"

namespace keys {

// The state that such a trigger is made in, as in pg_trigger.tgenabled.
char usual_trigger_state();

// `definition` is what CREATE TRIGGER says after the trigger's name. The table is locked, but not open.
void make_trigger(Oid table, const std::string& name, const std::string& definition, char state);
void drop_trigger(Oid table, const std::string& name);

}  // namespace keys
