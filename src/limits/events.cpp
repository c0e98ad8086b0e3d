// The event triggers: what happens to limited tables and their partitions without any row being written.
#include <algorithm>
#include <set>

#include "limits/partitions.hpp"
#include "limits/recount.hpp"
#include "limits/rows.hpp"
#include "limits/scopes.hpp"
#include "pg/event_trigger.hpp"
#include "pg/functions.hpp"
#include "pg/notice.hpp"

namespace limits {

namespace {

bool exists(Oid relation) { return pg::call(::get_rel_name, relation) != nullptr; }

// What became of the rows of a declared table when a trigger that says which rows count was dropped.
struct Loss {
  Oid table;
  std::int32_t meter;
  bool of_table;      // which is gone itself
  bool of_partition;  // which is gone, with its rows

  bool of_triggers() const noexcept { return !of_table && !of_partition; }
  auto operator<=>(const Loss&) const = default;
};

// Row triggers of partitions are made from those of the table that is above them all.
Oid top_relation(pg::TriggerRow trigger) {
  while (OidIsValid(trigger.parent)) {
    const std::optional<pg::TriggerRow> parent = pg::trigger_row(trigger.parent);
    if (!parent) break;
    trigger = *parent;
  }
  return trigger.relation;
}

std::optional<Loss> loss_of(Oid dropped, Oid function) {
  const std::optional<pg::TriggerRow> trigger = pg::trigger_row(dropped);
  if (!trigger || trigger->function != function) return std::nullopt;
  const std::optional<TriggerArguments> arguments = arguments_of(trigger->arguments);
  if (!arguments || (arguments->duty != Duty::columns && arguments->duty != Duty::insert))
    return std::nullopt;
  const Oid table = top_relation(*trigger);
  const bool of_table = !exists(table);
  return Loss{table, arguments->meter, of_table, !of_table && !exists(trigger->relation)};
}

// Of declared tables alone: anybody can make triggers of his own, and drop them.
std::set<Loss> losses(const std::vector<Oid>& dropped) {
  const Oid function = pg::function_named("steward.count_rows()");
  std::set<Loss> found;
  for (const Oid trigger : dropped)
    if (const std::optional<Loss> loss = loss_of(trigger, function))
      if (is_limited(loss->table, loss->meter)) found.insert(*loss);
  return found;
}

// Rows that nothing says how to count are not counted in silence.
void undeclare(const Loss& loss, const Meter& meter, bool with_triggers) {
  erase_limited(loss.table, loss.meter);
  if (loss.of_table) return;
  if (with_triggers) unbind_rows(loss.table, loss.meter);
  pg::warn(fmt::format("rows of table \"{}\" count for meter \"{}\" no longer",
                       pg::call(::get_rel_name, loss.table), meter.name),
           "What said which rows count has been dropped.", "steward.limit_rows() declares it again.");
}

}  // namespace

}  // namespace limits

namespace event_triggers {

void _follow_partitions(const pg::EventCall& call) {
  using Kind = pg::TableChange::Kind;
  if (!call.may_change_tables() || !limits::has_limited_tables()) return;
  for (const auto& [kind, parent, table] : call.table_changes()) switch (kind) {
      case Kind::detached:
        limits::partition_left(parent, table);
        break;
      case Kind::inherits:
        limits::child_came(parent);
        break;
      case Kind::unlogged:
        limits::became_unlogged(table);
        break;
      default:
        limits::partition_came(parent, table);
    }
}

// What others have written in the same moment is waited for, and all that is left is counted: of what is gone nothing can be read.
void _follow_drops(const pg::EventCall& call) {
  if (limits::is_unbinding() || !limits::has_limited_tables()) return;
  const std::vector<Oid> dropped = [&] {
    const limits::AsSteward steward;
    return call.dropped_triggers();
  }();
  const std::set<limits::Loss> losses = limits::losses(dropped);
  std::map<std::int32_t, std::shared_ptr<const limits::Meter>> concerned;
  for (const limits::Loss& loss : losses)
    if (auto meter = limits::find_meter(loss.meter)) concerned.try_emplace(loss.meter, std::move(meter));
  for (const limits::Loss& loss : losses)
    if (!loss.of_partition && concerned.contains(loss.meter))
      limits::undeclare(loss, *concerned.at(loss.meter), !call.drops_triggers_by_name());
  for (const auto& [id, meter] : concerned)
    if (meter->kind == limits::Kind::standing) limits::recount(*meter);
}

}  // namespace event_triggers

PG_EVENT_TRIGGER_FUNCTION(_follow_partitions, "ddl_command_end");
PG_EVENT_TRIGGER_FUNCTION(_follow_drops, "sql_drop");
