// The triggers on counted tables, which keep counts and rows together, and the guard on the cells.
#include "pg/trigger.hpp"

#include "counters/binding.hpp"
#include "counters/cells.hpp"
#include "counters/counter.hpp"
#include "counters/key.hpp"
#include "pg/privileges.hpp"

namespace counters {

namespace {

[[noreturn]] void refuse_trigger(const pg::TriggerCall& call) {
  throw pg::at(
      pg::Error{ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED,
                fmt::format("trigger \"{}\" was not made by steward.create_counter()", call.trigger().tgname)}
          .hint("Drop the trigger and call steward.create_counter()."),
      call.relation_id());
}

// Nothing for a trigger without a counter: one that was left by a restore of this table alone, say, must not stop its
// rows from being deleted; and one made by hand reaches nobody else's counter.
std::optional<Served> served(const pg::TriggerCall& call, bool fires_as_made) {
  if (!fires_as_made || !counter_in(call.trigger())) refuse_trigger(call);
  return served_by(call.relation(), call.trigger());
}

std::string key_of(const pg::TriggerCall& call, HeapTuple row, const Served& of) {
  const std::optional<Datum> key = call.value(row, of.key_number);
  return key ? key_text(of.key_type, *key) : std::string{};
}

[[noreturn]] void refuse_move(const pg::TriggerCall& call, const std::string& key) {
  const std::vector<Oid> ancestors = pg::ancestors_of(call.relation_id());
  const Oid table = ancestors.empty() ? call.relation_id() : ancestors.back();
  throw pg::at(pg::Error{ERRCODE_FEATURE_NOT_SUPPORTED,
                         fmt::format("cannot move row with key \"{}\" of table \"{}\" to another partition",
                                     key, pg::call(::get_rel_name, table))}
                   .detail("Its count would stay behind.")
                   .hint("Delete the row and insert it anew, or call steward.drop_counter() first."),
               table);
}

}  // namespace

}  // namespace counters

namespace triggers {

HeapTuple drop_counts(const pg::TriggerCall& call) {
  const bool truncate = call.is_truncate();
  const auto served =
      counters::served(call, truncate ? call.is_statement_after() : call.is_delete() && call.is_row_after());
  if (!served) return nullptr;
  if (truncate) {
    if (served->own) counters::drop_cells(served->id);
    return nullptr;
  }
  const std::string key = counters::key_of(call, call.old_row(), *served);
  if (call.moves_to_partition()) counters::refuse_move(call, key);
  counters::drop_cells(served->id, key);
  return nullptr;
}

HeapTuple move_counts(const pg::TriggerCall& call) {
  const auto served = counters::served(call, call.is_update() && call.is_row_after());
  if (!served) return nullptr;
  const std::string from = counters::key_of(call, call.old_row(), *served),
                    to = counters::key_of(call, call.new_row(), *served);
  if (from != to) counters::move_cells(served->id, from, to);
  return nullptr;
}

// A dump's COPY is the owner's INSERT.
HeapTuple _guard_cells(const pg::TriggerCall& call) {
  if (counters::Unguarded::active()) return nullptr;
  if (call.is_insert() && pg::has_rights_of(GetUserId(), pg::owner_of(call.relation_id()))) return nullptr;
  const std::string name = RelationGetRelationName(call.relation());
  throw pg::at(
      pg::Error{ERRCODE_INSUFFICIENT_PRIVILEGE,
                fmt::format("cannot change table \"{}\" by a statement", name)}
          .detail("Counts are overwritten in place: a statement would lose those that come meanwhile.")
          .hint(name == "_limit_cells" ? "TRUNCATE empties it; its cells are made anew as they are needed."
                                       : "steward.set_count() sets the count of a row."),
      call.relation_id());
}

}  // namespace triggers

PG_TRIGGER_FUNCTION(drop_counts);
PG_TRIGGER_FUNCTION(move_counts);
PG_TRIGGER_FUNCTION(_guard_cells);
