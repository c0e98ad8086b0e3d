#include "audit/table_triggers.hpp"

#include <algorithm>
#include <initializer_list>

#include "audit/scopes.hpp"
#include "keys/triggers.hpp"
#include "pg/functions.hpp"
#include "pg/trigger.hpp"

namespace audit {

namespace {

// The server fires a row's triggers in the order of their names. The one that records comes before all others, also those of
// foreign keys, which begin with RI_: one of them may change the same row again.
struct Kind {
  const char* function;
  const char* name;  // with the table's number in it
  const char* when;  // around the table's name
  const char* each;
};
constexpr Kind row{"audit_row", "!steward_audit_{}", "AFTER INSERT OR UPDATE OR DELETE", "ROW"};
constexpr Kind statement{"audit_statement", "steward_audit_{}_end", "AFTER INSERT OR UPDATE OR DELETE",
                         "STATEMENT"};
constexpr Kind truncate{"audit_truncate", "steward_audit_{}_truncate", "BEFORE TRUNCATE", "STATEMENT"};
constexpr Kind columns{"audit_columns", "", "", ""};

struct Attached {
  std::string name;
  Oid function;
  std::string argument;
  bool clone;
};

std::vector<Attached> attached(Oid table) {
  const pg::OpenRelation relation{table, NoLock};
  std::vector<Attached> found;
  const TriggerDesc* triggers = relation.get()->trigdesc;
  for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i) {
    const Trigger& trigger = triggers->triggers[i];
    found.push_back({trigger.tgname, trigger.tgfoid, trigger.tgnargs == 1 ? trigger.tgargs[0] : "",
                     static_cast<bool>(trigger.tgisclone)});
  }
  return found;
}

Oid function_of(const Kind& kind) {
  return pg::function_named(fmt::format("steward.{}()", kind.function).c_str());
}

std::string argument_of(std::int32_t number) { return fmt::format("{}", number); }

void make_missing(Oid table, std::int32_t number, const Kind& kind) {
  const Oid function = function_of(kind);
  const std::vector<Attached> present = attached(table);
  // Whatever it is called by now.
  const std::string argument = argument_of(number);
  if (std::any_of(present.begin(), present.end(),
                  [&](const Attached& one) { return one.function == function && one.argument == argument; }))
    return;
  const std::string name = fmt::format(fmt::runtime(kind.name), number);
  const AsOwnerOf owner{table};
  keys::make_trigger(table, name,
                     fmt::format("{} ON {} FOR EACH {} EXECUTE FUNCTION steward.{}('{}')", kind.when,
                                 pg::qualified_name(table), kind.each, kind.function, number),
                     keys::usual_trigger_state());
}

// An empty argument is any.
void drop_attached(Oid table, std::initializer_list<Oid> functions, const std::string& argument) {
  for (const Attached& trigger : attached(table)) {
    if (trigger.clone || (!argument.empty() && trigger.argument != argument)) continue;
    if (std::find(functions.begin(), functions.end(), trigger.function) == functions.end()) continue;
    const AsOwnerOf owner{table};
    keys::drop_trigger(table, trigger.name);
  }
}

void require_recordable(Oid table) {
  if (pg::call(::get_rel_relkind, table) != RELKIND_FOREIGN_TABLE) return;
  throw pg::at(pg::Error{ERRCODE_FEATURE_NOT_SUPPORTED,
                         fmt::format("cannot audit foreign table \"{}\"", pg::call(::get_rel_name, table))}
                   .detail("What is written to it elsewhere would not be recorded."),
               table);
}

}  // namespace

void make_triggers(Oid table, std::int32_t number) {
  make_partition_triggers(table, number);
  make_missing(table, number, row);
  make_missing(table, number, statement);
}

void make_partition_triggers(Oid partition, std::int32_t number) {
  for (const Oid one : pg::partition_tree(partition, ShareRowExclusiveLock)) {
    require_recordable(one);
    make_missing(one, number, truncate);
  }
}

void drop_triggers(Oid table, std::int32_t number) {
  drop_attached(table, {function_of(columns)}, "");
  for (const Oid one : pg::partition_tree(table, ShareRowExclusiveLock))
    drop_attached(one, {function_of(row), function_of(statement), function_of(truncate)},
                  argument_of(number));
}

void drop_partition_triggers(Oid partition, std::int32_t number) {
  for (const Oid one : pg::partition_tree(partition, ShareRowExclusiveLock))
    drop_attached(one, {function_of(truncate)}, argument_of(number));
}

}  // namespace audit
