// A trigger function is a plain C++ function in namespace triggers that takes a TriggerCall, and one macro line.
#pragma once

#include "pg/guard.hpp"
#include "pg/relation.hpp"

namespace pg {

// What the server says about one firing.
class TriggerCall {
 public:
  // Raises 39P01 unless the function was called by the trigger manager.
  TriggerCall(FunctionCallInfo fcinfo, const char* function);

  Relation relation() const noexcept { return data_->tg_relation; }
  Oid relation_id() const noexcept { return RelationGetRelid(data_->tg_relation); }
  const Trigger& trigger() const noexcept { return *data_->tg_trigger; }
  bool is_row_before() const noexcept {
    return TRIGGER_FIRED_FOR_ROW(data_->tg_event) && TRIGGER_FIRED_BEFORE(data_->tg_event);
  }
  bool is_row_after() const noexcept {
    return TRIGGER_FIRED_FOR_ROW(data_->tg_event) && TRIGGER_FIRED_AFTER(data_->tg_event);
  }
  bool is_statement_after() const noexcept {
    return TRIGGER_FIRED_FOR_STATEMENT(data_->tg_event) && TRIGGER_FIRED_AFTER(data_->tg_event);
  }
  bool is_statement_before() const noexcept {
    return TRIGGER_FIRED_FOR_STATEMENT(data_->tg_event) && TRIGGER_FIRED_BEFORE(data_->tg_event);
  }
  bool is_insert() const noexcept { return TRIGGER_FIRED_BY_INSERT(data_->tg_event); }
  bool is_update() const noexcept { return TRIGGER_FIRED_BY_UPDATE(data_->tg_event); }

  bool is_delete() const noexcept { return TRIGGER_FIRED_BY_DELETE(data_->tg_event); }
  bool is_truncate() const noexcept { return TRIGGER_FIRED_BY_TRUNCATE(data_->tg_event); }

  bool is_partition() const noexcept { return data_->tg_relation->rd_rel->relispartition; }

  // Whether the row of an AFTER DELETE trigger goes on in another partition. The server says so on the deleted row's own
  // page, and that is where such a trigger's row is read.
  bool moves_to_partition() const noexcept {
    return HeapTupleHeaderIndicatesMovedPartitions(data_->tg_trigtuple->t_data);
  }

  // The row before the change (or the one inserted), and the row as it is to be stored.
  HeapTuple old_row() const noexcept { return data_->tg_trigtuple; }
  HeapTuple new_row() const noexcept { return is_update() ? data_->tg_newtuple : data_->tg_trigtuple; }

  // The value in a row, to be read by its type; empty when NULL.
  std::optional<Datum> value(HeapTuple row, AttrNumber column) const;

  // A text value in a row; empty when NULL.
  std::optional<std::string_view> text(HeapTuple row, AttrNumber column) const;
  HeapTuple with_text(HeapTuple row, AttrNumber column, std::string_view value) const;

 private:
  const TriggerData* data_;
};

// ALTER TABLE's words for a state of pg_trigger.tgenabled, such as "ENABLE ALWAYS".
const char* enabling(char state);

// How many triggers are running inside each other, this one counted.
int trigger_depth();

}  // namespace pg

// Publishes triggers::name to SQL as the C symbol steward_name. The function returns the row to store.
#define PG_TRIGGER_FUNCTION(name)                                             \
  extern "C" {                                                                \
  PGDLLEXPORT Datum steward_##name(PG_FUNCTION_ARGS);                         \
  PG_FUNCTION_INFO_V1(steward_##name);                                        \
  Datum steward_##name(PG_FUNCTION_ARGS) {                                    \
    return pg::guarded([&]() -> Datum {                                       \
      return PointerGetDatum(triggers::name(pg::TriggerCall{fcinfo, #name})); \
    });                                                                       \
  }                                                                           \
  }                                                                           \
  static_assert(true)
