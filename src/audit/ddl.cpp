// The event triggers: audited tables that get other names and columns, and tables that go.
#include "audit/options.hpp"
#include "audit/relations.hpp"
#include "audit/scopes.hpp"
#include "audit/table_triggers.hpp"
#include "pg/event_trigger.hpp"

namespace event_triggers {

// Also partitions' own: what is asked of a table above them is the same as before.
void _note_altered_tables(const pg::EventCall& call) {
  if (!audit::has_tables()) return;
  for (const Oid table : call.altered_tables()) {
    const std::optional<audit::Audited> audited = audit::find_audited(table);
    if (!audited || !audit::has_versions(audited->options.number)) continue;
    const pg::OpenRelation relation{audited->table, AccessShareLock};
    if (!audit::is_noted(relation, audited->options.number))
      audit::note(relation, audited->options.number, true);
  }
}

// The server clones triggers on rows and takes them back, and not the one that records a TRUNCATE.
void _audit_new_partitions(const pg::EventCall& call) {
  using Kind = pg::TableChange::Kind;
  if (!call.may_change_tables() || !audit::has_tables()) return;
  for (const auto& [kind, parent, table] : call.table_changes()) {
    if (kind != Kind::made && kind != Kind::attached && kind != Kind::detached) continue;
    const std::optional<audit::Audited> audited = audit::find_audited(parent);
    if (!audited) continue;
    if (kind == Kind::detached)
      audit::drop_partition_triggers(table, audited->options.number);
    else
      audit::make_partition_triggers(table, audited->options.number);
  }
}

void _forget_dropped_tables(const pg::EventCall& call) {
  if (!audit::has_tables()) return;
  const std::vector<Oid> tables = [&] {
    const audit::AsSteward steward;
    return call.dropped_tables();
  }();
  for (const Oid table : tables)
    if (audit::is_known(table)) audit::forget_table(table);
}

}  // namespace event_triggers

PG_EVENT_TRIGGER_FUNCTION(_note_altered_tables, "ddl_command_end");
PG_EVENT_TRIGGER_FUNCTION(_audit_new_partitions, "ddl_command_end");
PG_EVENT_TRIGGER_FUNCTION(_forget_dropped_tables, "sql_drop");
