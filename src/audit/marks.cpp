#include "audit/marks.hpp"

#include <algorithm>

#include "audit/scopes.hpp"
#include "keys/triggers.hpp"
#include "pg/functions.hpp"
#include "pg/trigger.hpp"

namespace audit {

namespace {

constexpr const char function_name[] = "steward.audit_columns()";

std::vector<std::string>* place_in(Marks& marks, std::vector<std::string>& tenant, std::string_view word) {
  if (word == "ignore") return &marks.ignored;
  if (word == "redact") return &marks.redacted;
  return word == "tenant" ? &tenant : nullptr;
}

std::vector<std::string> mark_triggers(Oid table) {
  const Oid function = pg::function_named(function_name);
  const pg::OpenRelation relation{table, NoLock};
  std::vector<std::string> names;
  const TriggerDesc* triggers = relation.get()->trigdesc;
  for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i)
    if (triggers->triggers[i].tgfoid == function) names.emplace_back(triggers->triggers[i].tgname);
  return names;
}

}  // namespace

// No server function may be called while the triggers are walked: it could load them anew.
Marks marks_of(const pg::OpenRelation& table) {
  const Oid function = pg::function_named(function_name);
  Marks marks;
  std::vector<std::string> tenant;
  const TriggerDesc* triggers = table.get()->trigdesc;
  for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i) {
    const Trigger& trigger = triggers->triggers[i];
    if (trigger.tgfoid != function || trigger.tgnargs != 1) continue;
    std::vector<std::string>* place = place_in(marks, tenant, trigger.tgargs[0]);
    for (int j = 0; place != nullptr && j < trigger.tgnattr; ++j)
      place->emplace_back(NameStr(TupleDescAttr(table.columns(), trigger.tgattr[j] - 1)->attname));
  }
  std::sort(marks.ignored.begin(), marks.ignored.end());
  std::sort(marks.redacted.begin(), marks.redacted.end());
  if (!tenant.empty()) marks.tenant = tenant.front();
  return marks;
}

void set_marks(Oid table, std::int32_t number, const Marks& marks) {
  const AsOwnerOf owner{table};
  for (const std::string& name : mark_triggers(table)) keys::drop_trigger(table, name);
  // One for each column: with a column that is dropped the marks of others stay.
  int made = 0;
  const auto mark = [&](const char* word, const std::string& column) {
    keys::make_trigger(table, fmt::format("steward_audit_{}_{}_{}", number, word, ++made),
                       fmt::format("BEFORE UPDATE OF {} ON {} FOR EACH STATEMENT WHEN (false)"
                                   " EXECUTE FUNCTION steward.audit_columns('{}')",
                                   pg::quoted_identifier(column), pg::qualified_name(table), word),
                       TRIGGER_FIRES_ON_ORIGIN);
  };
  for (const std::string& column : marks.ignored) mark("ignore", column);
  for (const std::string& column : marks.redacted) mark("redact", column);
  if (marks.tenant) mark("tenant", *marks.tenant);
}

}  // namespace audit

namespace triggers {

// Says which columns are meant, and nothing else.
HeapTuple audit_columns(const pg::TriggerCall&) { return nullptr; }

}  // namespace triggers

PG_TRIGGER_FUNCTION(audit_columns);
