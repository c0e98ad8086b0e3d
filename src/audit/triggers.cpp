// The triggers on audited tables: a change becomes a record.
#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "audit/gaps.hpp"
#include "audit/moves.hpp"
#include "audit/pending.hpp"
#include "audit/relations.hpp"
#include "audit/truncate.hpp"
#include "pg/memory.hpp"
#include "pg/plain_output.hpp"
#include "pg/row_reader.hpp"
#include "pg/trigger.hpp"
#include "pg/watch.hpp"

namespace audit {

namespace {

std::int32_t number_in(const Trigger& trigger) {
  std::int32_t number = 0;
  if (trigger.tgnargs != 1) return 0;
  const std::string_view digits = trigger.tgargs[0];
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

// A table that has got another name or other columns is noted, where no event trigger has done so. With a rollback the note is gone,
// and what is known of the table has to go, too.
void note_shape(const Audited& audited) {
  const pg::OpenRelation table{audited.table, AccessShareLock};
  if (is_noted(table, audited.options.number)) return;
  note(table, audited.options.number, false);
  pg::announce_change(audited.table);
}

// What is known of one trigger, until its table, the audited one or what is asked for changes. Anybody can make a trigger of his own on
// a table of his own: it records nothing unless the table was declared with its number.
struct Known {
  Known(Relation relation, const Trigger& trigger) {
    const Oid oid = RelationGetRelid(relation);
    table.start(oid);
    declared.start(pg::own_relation(audited_table));
    audited = find_audited(oid);
    if (audited && audited->options.number != number_in(trigger)) audited.reset();
    if (!audited) return;
    top.start(audited->table);
    columns.emplace(pg::OpenRelation{oid, NoLock}, *audited);
    note_shape(*audited);
  }

  bool changed() const noexcept {
    return table.changed() || declared.changed() || (audited && top.changed());
  }

  pg::Watch table, declared, top;
  std::optional<Audited> audited;
  std::optional<Columns> columns;
};

// By trigger. A statement through many partitions needs as many.
constexpr std::size_t most_known = 1024;
pg::Resident<std::unordered_map<Oid, Known>> resident;

const Known& known(const pg::TriggerCall& call) {
  auto* all = resident.get();
  if (all == nullptr || all->size() >= most_known)
    all = &resident.make(TopMemoryContext, "steward audited tables");
  const Oid oid = call.trigger().tgoid;
  if (const auto found = all->find(oid); found != all->end()) {
    if (!found->second.changed()) return found->second;
    all->erase(found);
  }
  return all->try_emplace(oid, call.relation(), call.trigger()).first->second;
}

void record(const pg::TriggerCall& call, const Known& known) {
  const TupleDesc shape = RelationGetDescr(call.relation());
  const Subject subject{known.audited->options, *known.columns, shape};
  const pg::PlainOutput settings;
  const pg::RowValues was{call.old_row(), shape};
  const int depth = call.is_partition() ? pg::trigger_depth() : 0;
  if (depth > 0 && call.is_insert()) row_inserted(call.relation_id());
  if (depth > 0 && call.is_delete() && call.moves_to_partition()) return row_leaves(subject, was, depth);
  if (depth > 0 && call.is_insert() && row_arrives(subject, was, depth)) return;
  if (depth > 0) settle_moves(depth);
  if (call.is_insert()) return row_created(subject, was);
  if (call.is_delete()) return row_deleted(subject, was);
  row_updated(subject, was, pg::RowValues{call.new_row(), shape});
}

// The rows of a partition that is truncated alone: the table goes on without them.
void record_rows(const pg::OpenRelation& table, const Known& known) {
  const Subject subject{known.audited->options, *known.columns, table.columns()};
  pg::RowReader rows{table, nullptr, pg::Seen::latest};
  while (rows.next()) {
    const pg::InContext memory{rows.row_memory()};
    const pg::PlainOutput settings;
    row_deleted(subject, rows.values());
  }
}

void record_truncate(const pg::TriggerCall& call, const Known& known) {
  const pg::OpenRelation table{call.relation_id(), NoLock};
  const bool of_all = is_truncated_with_all(table.oid());
  if (table.oid() == known.audited->table) {
    if (table.kind() == RELKIND_PARTITIONED_TABLE) all_are_truncated(table.oid());
    table_truncated(known.audited->options.number);
  } else if (!of_all && table.kind() == RELKIND_RELATION) {
    record_rows(table, known);
  }
}

[[noreturn]] void refuse_trigger(const pg::TriggerCall& call) {
  throw pg::at(
      pg::Error{ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED,
                fmt::format("trigger \"{}\" was not made by steward.audit_table()", call.trigger().tgname)}
          .hint("Drop the trigger and call steward.audit_table()."),
      call.relation_id());
}

}  // namespace

}  // namespace audit

namespace triggers {

HeapTuple audit_row(const pg::TriggerCall& call) {
  if (!call.is_row_after()) audit::refuse_trigger(call);
  const audit::Known& known = audit::known(call);
  if (!known.audited) return nullptr;
  audit::record_within_policy(known.audited->options.number, [&] { audit::record(call, known); });
  audit::flush_if_many();
  return nullptr;
}

// Statements that a trigger has caused are not the user's own: what they have changed is written with the one that caused them.
HeapTuple audit_statement(const pg::TriggerCall& call) {
  if (!call.is_statement_after()) audit::refuse_trigger(call);
  const int depth = pg::trigger_depth();
  audit::settle_moves(depth);
  if (depth == 1) audit::flush();
  return nullptr;
}

HeapTuple audit_truncate(const pg::TriggerCall& call) {
  if (!call.is_statement_before() || !call.is_truncate()) audit::refuse_trigger(call);
  const audit::Known& known = audit::known(call);
  if (!known.audited) return nullptr;
  audit::record_within_policy(known.audited->options.number, [&] { audit::record_truncate(call, known); });
  audit::flush_if_many();
  return nullptr;
}

}  // namespace triggers

PG_TRIGGER_FUNCTION(audit_row);
PG_TRIGGER_FUNCTION(audit_statement);
PG_TRIGGER_FUNCTION(audit_truncate);
