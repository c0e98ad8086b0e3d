// The triggers on limited tables: what a row's coming, changing and going does to a limit.
#include "keys/key_text.hpp"
#include "limits/escrow.hpp"
#include "limits/recount.hpp"
#include "limits/row_run.hpp"
#include "limits/rows.hpp"
#include "limits/tables.hpp"
#include "pg/memory.hpp"
#include "pg/trigger.hpp"
#include "pg/watch.hpp"

namespace limits {

namespace {

// What is known of one trigger, until its table or the catalogue changes.
struct Known {
  Known(Relation relation, const Trigger& trigger) : oid{trigger.tgoid} {
    watch.start(RelationGetRelid(relation));
    meters.start(pg::own_relation(meters_table));
    const std::optional<TriggerArguments> arguments = arguments_of(trigger);
    if (!arguments) return;
    const pg::OpenRelation table{RelationGetRelid(relation), NoLock};
    rows = limited_rows(table, arguments->meter);
    duty = arguments->duty;
    if (rows) meter = find_meter(arguments->meter);
  }

  Oid oid;
  pg::Watch watch, meters;
  Duty duty = Duty::end;
  std::optional<LimitedRows> rows;
  std::shared_ptr<const Meter> meter;
};

pg::Resident<Known> last;

const Known& known(const pg::TriggerCall& call) {
  const Known* one = last.get();
  if (one != nullptr && one->oid == call.trigger().tgoid && !one->watch.changed() && !one->meters.changed())
    return *one;
  return last.make(TopMemoryContext, "steward limited rows", call.relation(), call.trigger());
}

std::int64_t integer_of(Oid type, Datum value) {
  switch (type) {
    case INT2OID:
      return DatumGetInt16(value);
    case INT4OID:
      return DatumGetInt32(value);
    default:
      return DatumGetInt64(value);
  }
}

std::int64_t measure_of(const pg::TriggerCall& call, HeapTuple row, const LimitedRows& rows) {
  if (rows.measure == 0) return 1;
  const std::optional<Datum> value = call.value(row, rows.measure);
  const std::int64_t n = value ? integer_of(rows.measure_type, *value) : 0;
  if (n < 0)
    throw pg::at(pg::Error{ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE,
                           fmt::format("column \"{}\" is negative: {}", rows.measure_name, n)}
                     .detail("A limit counts it."),
                 call.relation_id(), rows.measure_name);
  return n;
}

std::string subject_of(const pg::TriggerCall& call, HeapTuple row, const LimitedRows& rows) {
  return keys::key_text(rows.subject_type, call.value(row, rows.subject).value());
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
  const std::optional<limits::TriggerArguments> arguments = limits::arguments_of(call.trigger());
  if (!arguments) limits::refuse_trigger(call);
  if (arguments->duty == Duty::end) {
    limits::end_run();
    return nullptr;
  }
  if (!known.rows || known.meter == nullptr) return nullptr;
  if (arguments->duty == Duty::truncate) {
    limits::recount(*known.meter);
    return nullptr;
  }
  if (!call.is_row_after()) limits::refuse_trigger(call);
  const bool goes = arguments->duty == Duty::update_from || arguments->duty == Duty::remove;
  const HeapTuple row = goes ? call.old_row() : call.new_row();
  const std::int64_t n = limits::measure_of(call, row, *known.rows);
  if (n == 0) return nullptr;
  const std::string subject = limits::subject_of(call, row, *known.rows);
  if (goes)
    limits::uncount_row(*known.meter, subject, n);
  else
    limits::count_row(known.meter, subject, n);
  return nullptr;
}

}  // namespace triggers

PG_TRIGGER_FUNCTION(count_rows);
