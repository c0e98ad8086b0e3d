#include "counters/binding.hpp"

#include <charconv>
#include <string_view>

#include "keys/triggers.hpp"
#include "pg/functions.hpp"

namespace counters {

namespace {

struct Functions {
  Oid drop = pg::function_named("steward.drop_counts()");
  Oid move = pg::function_named("steward.move_counts()");
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
std::vector<Attached> attached(Oid table, std::int32_t counter) {
  const Functions functions;
  const pg::OpenRelation relation{table, NoLock};
  std::vector<Attached> found;
  const TriggerDesc* triggers = relation.get()->trigdesc;
  for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i) {
    const Trigger& trigger = triggers->triggers[i];
    const std::optional<Duty> duty = duty_of(trigger, functions);
    if (duty && !trigger.tgisclone && counter_in(trigger) == counter)
      found.push_back({trigger.tgname, *duty, trigger.tgenabled});
  }
  return found;
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

// The condition names the server's own operator: the owner's search_path must not choose another one.
std::string definition(Duty duty, Oid table, std::int32_t counter, const BoundColumns& columns) {
  const std::string key = pg::quoted_identifier(columns.key);
  const std::string on = pg::qualified_name(table);
  switch (duty) {
    case Duty::drop:
      return fmt::format("AFTER DELETE ON {} FOR EACH ROW EXECUTE FUNCTION steward.drop_counts('{}')", on,
                         counter);
    case Duty::truncate:
      return fmt::format(
          "AFTER TRUNCATE ON {} FOR EACH STATEMENT"
          " EXECUTE FUNCTION steward.drop_counts('{}')",
          on, counter);
    default:
      return fmt::format(
          "AFTER UPDATE OF {}, {}{}{} ON {} FOR EACH ROW"
          " WHEN (old.{} OPERATOR(pg_catalog.<>) new.{}) EXECUTE FUNCTION steward.move_counts('{}')",
          key, pg::quoted_identifier(columns.column), columns.last.empty() ? "" : ", ",
          columns.last.empty() ? "" : pg::quoted_identifier(columns.last), on, key, key, counter);
  }
}

}  // namespace

std::string trigger_name(std::int32_t counter, Duty duty) {
  const char* what = duty == Duty::drop ? "drop" : duty == Duty::truncate ? "truncate" : "move";
  return fmt::format("steward_counter_{}_{}", counter, what);
}

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
  const std::vector<Attached> before = attached(table, counter);
  const bool same_columns = bound_columns(table, counter) == columns;
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
    if (!there)
      keys::make_trigger(table, trigger_name(counter, duty), definition(duty, table, counter, columns),
                         state);
  }
}

void unbind(Oid table, std::int32_t counter) {
  for (const Attached& one : attached(table, counter)) keys::drop_trigger(table, one.name);
}

}  // namespace counters
