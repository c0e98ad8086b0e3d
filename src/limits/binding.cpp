#include "limits/binding.hpp"

#include <string_view>
#include <vector>

#include "keys/triggers.hpp"
#include "pg/functions.hpp"

namespace limits {

namespace {

enum class Duty { drop, truncate, move };

struct Functions {
  Oid drop = pg::function_named("steward.drop_subjects()");
  Oid move = pg::function_named("steward.move_subjects()");
};

struct Attached {
  std::string name;
  Duty duty;
  char state;
};

// The duty of one of our triggers; empty for anybody else's.
std::optional<Duty> duty_of(const Trigger& trigger, const Functions& functions) {
  if (trigger.tgfoid == functions.move) return Duty::move;
  if (trigger.tgfoid != functions.drop) return std::nullopt;
  return TRIGGER_FOR_TRUNCATE(trigger.tgtype) ? Duty::truncate : Duty::drop;
}

// No server function may be called while the triggers are walked: it could load them anew.
std::vector<Attached> attached(Oid table) {
  const Functions functions;
  const pg::OpenRelation relation{table, NoLock};
  std::vector<Attached> found;
  const TriggerDesc* triggers = relation.get()->trigdesc;
  for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i) {
    const Trigger& trigger = triggers->triggers[i];
    const std::optional<Duty> duty = duty_of(trigger, functions);
    if (duty && !trigger.tgisclone) found.push_back({trigger.tgname, *duty, trigger.tgenabled});
  }
  return found;
}

const char* name_of(Role role) {
  constexpr const char* names[] = {"key", "tier", "expires", "zone", "anchor"};
  return names[static_cast<std::size_t>(role)];
}

std::optional<Role> role_named(std::string_view name) {
  for (const Role role : roles)
    if (name == name_of(role)) return role;
  return std::nullopt;
}

// Nothing when the trigger cannot have come from us.
std::optional<Binding> read(const Trigger& trigger) {
  if (trigger.tgnattr == 0 || trigger.tgnattr != trigger.tgnargs) return std::nullopt;
  Binding binding{{}, trigger.tgisclone};
  for (int i = 0; i < trigger.tgnattr; ++i) {
    const std::optional<Role> role = role_named(trigger.tgargs[i]);
    if (!role) return std::nullopt;
    binding.columns[*role] = trigger.tgattr[i];
  }
  if (binding.columns[Role::key] == 0) return std::nullopt;
  return binding;
}

BoundColumns bound_columns(Oid table) {
  const pg::OpenRelation relation{table, NoLock};
  BoundColumns names;
  if (const std::optional<Binding> binding = binding_of(relation.get()))
    for (const Role role : roles)
      if (const AttrNumber number = binding->columns[role]; number != 0)
        names[role] = NameStr(TupleDescAttr(relation.columns(), number - 1)->attname);
  return names;
}

const char* trigger_name(Duty duty) {
  switch (duty) {
    case Duty::drop:
      return "steward_subjects_drop";
    case Duty::truncate:
      return "steward_subjects_truncate";
    default:
      return "steward_subjects_move";
  }
}

// The condition names the server's own operator: the owner's search_path must not choose another one.
std::string definition(Duty duty, Oid table, const BoundColumns& columns) {
  const std::string on = pg::qualified_name(table);
  if (duty == Duty::drop)
    return fmt::format("AFTER DELETE ON {} FOR EACH ROW EXECUTE FUNCTION steward.drop_subjects()", on);
  if (duty == Duty::truncate)
    return fmt::format("AFTER TRUNCATE ON {} FOR EACH STATEMENT EXECUTE FUNCTION steward.drop_subjects()",
                       on);
  std::string names, arguments;
  for (const Role role : roles) {
    if (columns[role].empty()) continue;
    const char* comma = names.empty() ? "" : ", ";
    names += comma + pg::quoted_identifier(columns[role]);
    arguments += fmt::format("{}'{}'", comma, name_of(role));
  }
  const std::string key = pg::quoted_identifier(columns[Role::key]);
  return fmt::format(
      "AFTER UPDATE OF {} ON {} FOR EACH ROW WHEN (old.{} OPERATOR(pg_catalog.<>) new.{})"
      " EXECUTE FUNCTION steward.move_subjects({})",
      names, on, key, key, arguments);
}

}  // namespace

std::optional<Binding> binding_of(Relation relation) {
  const Oid function = pg::function_named("steward.move_subjects()");
  // From here on no server function is called: it could load the triggers anew.
  const TriggerDesc* triggers = relation->trigdesc;
  for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i)
    if (triggers->triggers[i].tgfoid == function)
      if (const std::optional<Binding> binding = read(triggers->triggers[i])) return binding;
  return std::nullopt;
}

void bind(Oid table, const BoundColumns& columns) {
  const std::vector<Attached> before = attached(table);
  const bool same_columns = bound_columns(table) == columns;
  for (const Duty duty : {Duty::drop, Duty::truncate, Duty::move}) {
    bool there = false;
    char state = keys::usual_trigger_state();
    for (const Attached& one : before) {
      if (one.duty != duty) continue;
      if (duty == Duty::move && !same_columns) {
        state = one.state;  // which somebody may have set
        keys::drop_trigger(table, one.name);
      } else {
        there = true;
      }
    }
    if (!there) keys::make_trigger(table, trigger_name(duty), definition(duty, table, columns), state);
  }
}

void unbind(Oid table) {
  for (const Attached& one : attached(table)) keys::drop_trigger(table, one.name);
}

}  // namespace limits
