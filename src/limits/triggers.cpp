// The triggers on tables of subjects, which keep what is kept for subjects together with their rows.
#include "pg/trigger.hpp"

#include "keys/key_text.hpp"
#include "limits/subject_rows.hpp"
#include "limits/subjects.hpp"

namespace limits {

namespace {

[[noreturn]] void refuse_trigger(const pg::TriggerCall& call) {
  throw pg::at(
      pg::Error{ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED,
                fmt::format("trigger \"{}\" was not made by steward.bind_subjects()", call.trigger().tgname)}
          .hint("Drop the trigger and call steward.bind_subjects()."),
      call.relation_id());
}

// Nothing on a table that is not bound: a trigger that was left by a restore of this table alone, say, must not stop its
// rows from being deleted; and one made by hand reaches nobody else's subjects.
std::optional<Served> served(const pg::TriggerCall& call, bool fires_as_made) {
  if (!fires_as_made) refuse_trigger(call);
  return served_by(call.relation());
}

std::string key_of(const pg::TriggerCall& call, HeapTuple row, const Served& of) {
  const std::optional<Datum> key = call.value(row, of.key);
  return key ? keys::key_text(of.key_type, *key) : std::string{};
}

[[noreturn]] void refuse_move(const pg::TriggerCall& call, Oid table, const std::string& key) {
  throw pg::at(
      pg::Error{ERRCODE_FEATURE_NOT_SUPPORTED,
                fmt::format("cannot move row with key \"{}\" of table \"{}\" to another partition", key,
                            pg::call(::get_rel_name, table))}
          .detail("What the subject has used, and its overrides and extras, would be lost.")
          .hint(fmt::format("Where they may be lost, delete the row of partition \"{}\" and insert it anew.",
                            RelationGetRelationName(call.relation()))),
      table);
}

}  // namespace

}  // namespace limits

namespace triggers {

HeapTuple drop_subjects(const pg::TriggerCall& call) {
  const bool truncate = call.is_truncate();
  const auto served =
      limits::served(call, truncate ? call.is_statement_after() : call.is_delete() && call.is_row_after());
  if (!served) return nullptr;
  if (truncate) {
    if (served->own) limits::drop_subject(served->table, std::nullopt);
    return nullptr;
  }
  const std::string key = limits::key_of(call, call.old_row(), *served);
  if (call.moves_to_partition()) limits::refuse_move(call, served->table, key);
  limits::drop_subject(served->table, key);
  return nullptr;
}

HeapTuple move_subjects(const pg::TriggerCall& call) {
  const auto served = limits::served(call, call.is_update() && call.is_row_after());
  if (!served) return nullptr;
  const std::string from = limits::key_of(call, call.old_row(), *served),
                    to = limits::key_of(call, call.new_row(), *served);
  if (from != to) limits::move_subject(served->table, from, to);
  return nullptr;
}

}  // namespace triggers

PG_TRIGGER_FUNCTION(drop_subjects);
PG_TRIGGER_FUNCTION(move_subjects);
