#include "pg/row_reader.hpp"

extern "C" {
#include "nodes/makefuncs.h"
}

namespace pg {

// Lives in the executor's memory, and holds nothing that has a destructor.
struct RowReader::State {
  EState* executor;
  ExprState* condition;
  TupleTableSlot* row;
  Snapshot snapshot;
  TableScanDesc scan;

  // Server code only, from here on: called through the door as one.
  static State* begin(Relation table, Node* condition, bool latest) {
    EState* executor = CreateExecutorState();
    auto* state = static_cast<State*>(MemoryContextAllocZero(executor->es_query_cxt, sizeof(State)));
    state->executor = executor;
    if (condition != nullptr)
      state->condition = ExecPrepareQual(make_ands_implicit(reinterpret_cast<Expr*>(condition)), executor);
    MakePerTupleExprContext(executor);
    state->row = table_slot_create(table, nullptr);
    state->snapshot = RegisterSnapshot(latest ? GetLatestSnapshot() : GetActiveSnapshot());
    state->scan = table_beginscan(table, state->snapshot, 0, nullptr);
    return state;
  }

  static bool next(State* state) {
    ExprContext* context = state->executor->es_per_tuple_exprcontext;
    while (table_scan_getnextslot(state->scan, ForwardScanDirection, state->row)) {
      CHECK_FOR_INTERRUPTS();
      ResetExprContext(context);
      context->ecxt_scantuple = state->row;
      if (state->condition == nullptr || ExecQual(state->condition, context)) return true;
    }
    return false;
  }
};

RowReader::RowReader(const OpenRelation& table, const Condition* condition, Seen seen)
    : state_{call(&State::begin, table.get(), condition != nullptr ? condition->expression() : nullptr,
                  seen == Seen::latest)} {}

RowReader::~RowReader() {
  table_endscan(state_->scan);
  UnregisterSnapshot(state_->snapshot);
  ExecDropSingleTupleTableSlot(state_->row);
  FreeExecutorState(state_->executor);
}

bool RowReader::next() { return call(&State::next, state_); }

MemoryContext RowReader::row_memory() const noexcept {
  return state_->executor->es_per_tuple_exprcontext->ecxt_per_tuple_memory;
}

RowValues RowReader::values() const {
  call(::slot_getallattrs, state_->row);
  const int count = state_->row->tts_tupleDescriptor->natts;
  return {{state_->row->tts_values, state_->row->tts_values + count},
          {state_->row->tts_isnull, state_->row->tts_isnull + count}};
}

std::optional<Datum> RowReader::value(AttrNumber column) const {
  bool null = false;
  const Datum datum = call(::slot_getattr, state_->row, int{column}, &null);
  if (null) return std::nullopt;
  return datum;
}

}  // namespace pg
