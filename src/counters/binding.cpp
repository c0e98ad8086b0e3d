#include "counters/binding.hpp"

#include <charconv>
#include <string_view>

#include "keys/ties.hpp"
#include "pg/functions.hpp"

namespace counters {

namespace {

std::vector<keys::Tie> ties_of(Oid table, std::int32_t counter) {
  return keys::ties_of(
      table, {pg::function_named("steward.drop_counts()"), pg::function_named("steward.move_counts()")},
      [counter](const Trigger& trigger) { return counter_in(trigger) == counter; });
}

std::optional<BoundColumns> bound_columns(Oid table, std::int32_t counter) {
  const pg::OpenRelation relation{table, NoLock};
  const auto name = [&](AttrNumber number) {
    return number == 0 ? "" : std::string{NameStr(TupleDescAttr(relation.columns(), number - 1)->attname)};
  };
  for (const Binding& binding : bindings_of(relation.get()))
    if (binding.counter == counter && !binding.cloned)
      return BoundColumns{name(binding.key), name(binding.column), name(binding.last)};
  return std::nullopt;
}

std::string definition(keys::Duty duty, Oid table, std::int32_t counter, const BoundColumns& columns) {
  if (duty != keys::Duty::move)
    return keys::drop_definition(table, duty, fmt::format("steward.drop_counts('{}')", counter));
  std::string names = pg::quoted_identifier(columns.key) + ", " + pg::quoted_identifier(columns.column);
  if (!columns.last.empty()) names += ", " + pg::quoted_identifier(columns.last);
  return keys::move_definition(table, names, columns.key, fmt::format("steward.move_counts('{}')", counter));
}

// It means nothing once the trigger is there.
std::string trigger_name(std::int32_t counter, keys::Duty duty) {
  return fmt::format("steward_counter_{}_{}", counter, keys::name_of(duty));
}

}  // namespace

std::optional<std::int32_t> counter_in(const Trigger& trigger) {
  if (trigger.tgnargs != 1) return std::nullopt;
  const std::string_view digits = trigger.tgargs[0];
  std::int32_t number = 0;
  const auto [stop, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (fault != std::errc{} || stop != digits.data() + digits.size() || number <= 0) return std::nullopt;
  return number;
}

std::vector<Binding> bindings_of(Relation relation) {
  const Oid function = pg::function_named("steward.move_counts()");
  std::vector<Binding> bindings;
  // From here on no server function is called: it could load the triggers anew.
  const TriggerDesc* triggers = relation->trigdesc;
  for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i) {
    const Trigger& trigger = triggers->triggers[i];
    if (trigger.tgfoid != function || (trigger.tgnattr != 2 && trigger.tgnattr != 3)) continue;
    const std::optional<std::int32_t> counter = counter_in(trigger);
    if (!counter) continue;
    const AttrNumber last = trigger.tgnattr == 3 ? trigger.tgattr[2] : AttrNumber{0};
    bindings.push_back({*counter, trigger.tgattr[0], trigger.tgattr[1], last, trigger.tgisclone});
  }
  return bindings;
}

void bind(Oid table, std::int32_t counter, const BoundColumns& columns) {
  keys::tie(
      table, ties_of(table, counter), bound_columns(table, counter) == columns,
      [counter](keys::Duty duty) { return trigger_name(counter, duty); },
      [&](keys::Duty duty) { return definition(duty, table, counter, columns); });
}

void unbind(Oid table, std::int32_t counter) { keys::untie(table, ties_of(table, counter)); }

}  // namespace counters
