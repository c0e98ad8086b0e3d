#include "limits/binding.hpp"

#include <string_view>
#include <vector>

#include "keys/ties.hpp"
#include "pg/functions.hpp"

namespace limits {

namespace {

keys::TieFunctions functions() {
  return {pg::function_named("steward.drop_subjects()"), pg::function_named("steward.move_subjects()")};
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

std::string trigger_name(keys::Duty duty) { return fmt::format("steward_subjects_{}", keys::name_of(duty)); }

std::string definition(keys::Duty duty, Oid table, const BoundColumns& columns) {
  if (duty != keys::Duty::move) return keys::drop_definition(table, duty, "steward.drop_subjects()");
  std::string names, arguments;
  for (const Role role : roles) {
    if (columns[role].empty()) continue;
    const char* comma = names.empty() ? "" : ", ";
    names += comma + pg::quoted_identifier(columns[role]);
    arguments += fmt::format("{}'{}'", comma, name_of(role));
  }
  return keys::move_definition(table, names, columns[Role::key],
                               fmt::format("steward.move_subjects({})", arguments));
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
  keys::tie(table, keys::ties_of(table, functions()), bound_columns(table) == columns, trigger_name,
            [&](keys::Duty duty) { return definition(duty, table, columns); });
}

void unbind(Oid table) { keys::untie(table, keys::ties_of(table, functions())); }

}  // namespace limits
