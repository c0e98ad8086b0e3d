// The triggers on limited tables: what a row's coming, changing and going does to a limit.
#include <algorithm>
#include <unordered_map>

#include "keys/key_text.hpp"
#include "limits/escrow.hpp"
#include "limits/partitions.hpp"
#include "limits/rows.hpp"
#include "limits/statement_rows.hpp"
#include "limits/tables.hpp"
#include "pg/memory.hpp"
#include "pg/trigger.hpp"
#include "pg/watch.hpp"

namespace limits {

namespace {

// Anybody can make a trigger of his own on a table of his own: only tables that were declared count, and their partitions.
bool is_declared(Oid relation, std::int32_t meter) {
  const std::vector<Oid> tables = limited_tables(meter);
  const auto has = [&](Oid table) { return std::find(tables.begin(), tables.end(), table) != tables.end(); };
  const std::vector<Oid> ancestors = pg::ancestors_of(relation);
  return has(relation) || std::any_of(ancestors.begin(), ancestors.end(), has);
}

bool has_types(const LimitedRows& rows) {
  return keys::is_key_type(rows.subject_type) &&
         (rows.measure == 0 || rows.measure_type == INT2OID || rows.measure_type == INT4OID ||
          rows.measure_type == INT8OID);
}

// Whether a trigger fires when its duty says that it does.
bool fires_as_made(const pg::TriggerCall& call, Duty duty) {
  switch (duty) {
    case Duty::insert:
    case Duty::insert_other:
      return call.is_insert() && call.is_row_after();
    case Duty::update_from:
    case Duty::update_to:
      return call.is_update() && call.is_row_after();
    case Duty::remove:
      return call.is_delete() && call.is_row_after();
    case Duty::truncate:
      return call.is_truncate() && call.is_statement_before();
    case Duty::end:
      return call.is_statement_after();
    default:
      return false;
  }
}

// What is known of one trigger, until its table or the catalogue changes.
struct Known {
  Known(Relation relation, const Trigger& trigger) : arguments{arguments_of(trigger)} {
    watch.start(RelationGetRelid(relation));
    meters.start(pg::own_relation(meters_table));
    declared.start(pg::own_relation(limited_tables_table));
    if (!arguments) return;
    const pg::OpenRelation table{RelationGetRelid(relation), NoLock};
    if (!is_declared(table.oid(), arguments->meter)) return;
    rows = limited_rows(table, arguments->meter);
    if (rows && has_types(*rows)) meter = find_meter(arguments->meter);
  }

  bool changed() const noexcept { return watch.changed() || meters.changed() || declared.changed(); }

  pg::Watch watch, meters, declared;
  std::optional<TriggerArguments> arguments;
  std::optional<LimitedRows> rows;
  std::shared_ptr<const Meter> meter;  // whose limits may have changed since
};

// By trigger. A statement through many partitions needs as many.
constexpr std::size_t most_known = 1024;
pg::Resident<std::unordered_map<Oid, Known>> resident;

const Known& known(const pg::TriggerCall& call) {
  auto* all = resident.get();
  if (all == nullptr || all->size() >= most_known)
    all = &resident.make(TopMemoryContext, "steward limited rows");
  const Oid oid = call.trigger().tgoid;
  if (const auto found = all->find(oid); found != all->end()) {
    if (!found->second.changed()) return found->second;
    all->erase(found);
  }
  return all->try_emplace(oid, call.relation(), call.trigger()).first->second;
}

std::int64_t measure_of(const pg::TriggerCall& call, HeapTuple row, const LimitedRows& rows) {
  if (rows.measure == 0) return 1;
  const std::optional<Datum> value = call.value(row, rows.measure);
  const std::int64_t n = value ? integer_of(rows.measure_type, *value) : 0;
  if (n < 0) refuse_negative(call.relation_id(), rows.measure_name, n);
  return n;
}

std::string subject_of(const pg::TriggerCall& call, HeapTuple row, const LimitedRows& rows) {
  return keys::key_text(rows.subject_type, call.value(row, rows.subject).value());
}

using Count = decltype(count_row);
void count(Count as, const pg::TriggerCall& call, HeapTuple row, const LimitedRows& rows) {
  const std::int64_t n = measure_of(call, row, rows);
  if (n != 0) as(rows.meter, subject_of(call, row, rows), n);
}

bool comes_again(const pg::TriggerCall& call, const Known& known) {
  return known.meter->kind == Kind::metered && call.is_partition() &&
         metered_row_comes_again(known.meter->id, subject_of(call, call.new_row(), *known.rows));
}

void row_goes(const pg::TriggerCall& call, const Known& known) {
  if (known.meter->kind == Kind::standing) return count(uncount_row, call, call.old_row(), *known.rows);
  if (call.moves_to_partition())
    metered_row_leaves(known.meter->id, subject_of(call, call.old_row(), *known.rows));
}

[[noreturn]] void refuse_trigger(const pg::TriggerCall& call) {
  throw pg::at(
      pg::Error{ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED,
                fmt::format("trigger \"{}\" was not made by steward.limit_rows()", call.trigger().tgname)}
          .hint("Drop the trigger and call steward.limit_rows()."),
      call.relation_id());
}

}  // namespace

}  // namespace limits

namespace triggers {

// A trigger of a meter that is no more counts nothing.
HeapTuple count_rows(const pg::TriggerCall& call) {
  using limits::Duty;
  const limits::Known& known = limits::known(call);
  if (!known.arguments || !limits::fires_as_made(call, known.arguments->duty)) limits::refuse_trigger(call);
  if (!known.rows || known.meter == nullptr) return nullptr;
  const std::int32_t meter = known.meter->id;
  switch (known.arguments->duty) {
    case Duty::end:
      limits::no_metered_row_comes(meter);
      limits::decide_rows(meter);
      break;
    case Duty::truncate:
      limits::uncount_rows_of(call.relation_id(), *std::shared_ptr{known.meter});
      break;
    case Duty::insert_other:
      limits::no_metered_row_comes(meter);
      break;
    case Duty::remove:
      limits::row_goes(call, known);
      break;
    case Duty::update_from:
      limits::count(limits::uncount_row, call, call.old_row(), *known.rows);
      break;
    case Duty::insert:
      if (limits::comes_again(call, known)) break;
      [[fallthrough]];
    default:
      limits::count(limits::count_row, call, call.new_row(), *known.rows);
  }
  return nullptr;
}

}  // namespace triggers

PG_TRIGGER_FUNCTION(count_rows);
