// An event trigger function is a plain C++ function in namespace event_triggers that takes an EventCall, and one macro line.
#pragma once

#include "pg/guard.hpp"
#include "pg/relation.hpp"

namespace pg {

// What a command has done to a table: a partition that it has made, attached or detached; a child that inherits otherwise; a table that
// is no longer logged, without a parent.
struct TableChange {
  enum class Kind { made, attached, detached, inherits, unlogged };
  Kind kind;
  Oid parent, table;
};

// What the server says about one firing.
class EventCall {
 public:
  // Raises 39P03 unless the function was called by an event trigger of that event.
  EventCall(FunctionCallInfo fcinfo, const char* function, const char* event);

  // Of ddl_command_end. The first is a look at the statement, and costs nothing.
  bool may_change_tables() const;
  std::vector<TableChange> table_changes() const;

  // Of ddl_command_end: the tables that were altered, and those of a schema that was.
  std::vector<Oid> altered_tables() const;

  // Of sql_drop: the tables that are gone.
  std::vector<Oid> dropped_tables() const;

  // Of sql_drop: the triggers that are gone, for trigger_row().
  std::vector<Oid> dropped_triggers() const;
  // Whether that is what the command was asked to do.
  bool drops_triggers_by_name() const noexcept;

 private:
  const Node* statement_;
};

// A row of pg_trigger.
struct TriggerRow {
  Oid relation, function;
  Oid parent;  // the trigger that it was cloned from
  std::vector<std::string> arguments;
};
// Also of a trigger that this transaction has dropped. Nothing when there never was one.
std::optional<TriggerRow> trigger_row(Oid trigger);

namespace detail {

template <typename Body>
Datum run_event_trigger(Body&& body) {
  return guarded([&]() -> Datum {
    body();
    return Datum{0};
  });
}

}  // namespace detail

}  // namespace pg

// Publishes event_triggers::name, for one event, to SQL as the C symbol steward_name.
#define PG_EVENT_TRIGGER_FUNCTION(name, event)                              \
  extern "C" {                                                              \
  PGDLLEXPORT Datum steward_##name(PG_FUNCTION_ARGS);                       \
  PG_FUNCTION_INFO_V1(steward_##name);                                      \
  Datum steward_##name(PG_FUNCTION_ARGS) {                                  \
    return pg::detail::run_event_trigger([&] {                              \
      event_triggers::name(pg::EventCall{fcinfo, "steward." #name, event}); \
    });                                                                     \
  }                                                                         \
  }                                                                         \
  static_assert(true)
