#include "keys/ties.hpp"

#include <optional>

#include "keys/triggers.hpp"

namespace keys {

namespace {

std::optional<Duty> duty_of(const Trigger& trigger, const TieFunctions& functions) {
  if (trigger.tgfoid == functions.move) return Duty::move;
  if (trigger.tgfoid != functions.drop) return std::nullopt;
  return TRIGGER_FOR_TRUNCATE(trigger.tgtype) ? Duty::truncate : Duty::drop;
}

}  // namespace

const char* name_of(Duty duty) {
  constexpr const char* names[] = {"drop", "truncate", "move"};
  return names[static_cast<std::size_t>(duty)];
}

// No server function may be called while the triggers are walked: it could load them anew.
std::vector<Tie> ties_of(Oid table, const TieFunctions& functions,
                         const std::function<bool(const Trigger&)>& is_own) {
  const pg::OpenRelation relation{table, NoLock};
  std::vector<Tie> found;
  const TriggerDesc* triggers = relation.get()->trigdesc;
  for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i) {
    const Trigger& trigger = triggers->triggers[i];
    const std::optional<Duty> duty = duty_of(trigger, functions);
    if (duty && !trigger.tgisclone && (!is_own || is_own(trigger)))
      found.push_back({trigger.tgname, *duty, trigger.tgenabled});
  }
  return found;
}

void tie(Oid table, const std::vector<Tie>& before, bool same_columns,
         const std::function<std::string(Duty)>& name, const std::function<std::string(Duty)>& definition) {
  for (const Duty duty : duties) {
    bool there = false;
    char state = usual_trigger_state();
    for (const Tie& one : before) {
      if (one.duty != duty) continue;
      if (duty == Duty::move && !same_columns) {
        state = one.state;  // which somebody may have set
        drop_trigger(table, one.name);
      } else {
        there = true;
      }
    }
    if (!there) make_trigger(table, name(duty), definition(duty), state);
  }
}

void untie(Oid table, const std::vector<Tie>& ties) {
  for (const Tie& one : ties) drop_trigger(table, one.name);
}

std::string drop_definition(Oid table, Duty duty, const std::string& call) {
  const char* when = duty == Duty::truncate ? "AFTER TRUNCATE ON {} FOR EACH STATEMENT EXECUTE FUNCTION {}"
                                            : "AFTER DELETE ON {} FOR EACH ROW EXECUTE FUNCTION {}";
  return fmt::format(fmt::runtime(when), pg::qualified_name(table), call);
}

// The condition names the server's own operator: the owner's search_path must not choose another one.
std::string move_definition(Oid table, const std::string& columns, const std::string& key,
                            const std::string& call) {
  const std::string quoted = pg::quoted_identifier(key);
  return fmt::format(
      "AFTER UPDATE OF {} ON {} FOR EACH ROW WHEN (old.{} OPERATOR(pg_catalog.<>) new.{}) EXECUTE FUNCTION "
      "{}",
      columns, pg::qualified_name(table), quoted, quoted, call);
}

}  // namespace keys
