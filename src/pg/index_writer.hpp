// The index entries of rows that are written below SQL. For this folder's sources alone: server code, which is called through
// the door as one piece and holds nothing with a destructor.
#pragma once

#include "pg/prelude.hpp"

extern "C" {
#include "nodes/execnodes.h"
}

namespace pg::detail {

struct IndexWriter {
  EState* state;
  ResultRelInfo* target;
};

inline IndexWriter open_indexes(Relation table) {
  IndexWriter writer{CreateExecutorState(), makeNode(ResultRelInfo)};
  InitResultRelInfo(writer.target, table, 0, nullptr, 0);
  ExecOpenIndices(writer.target, false);
  return writer;
}

inline void add_index_entries(const IndexWriter& writer, TupleTableSlot* row) {
  if (writer.target->ri_NumIndices == 0) return;
#if PG_VERSION_NUM >= 160000
  list_free(ExecInsertIndexTuples(writer.target, row, writer.state, false, false, nullptr, NIL, false));
#else
  list_free(ExecInsertIndexTuples(writer.target, row, writer.state, false, false, nullptr, NIL));
#endif
  ResetPerTupleExprContext(writer.state);
}

inline void close_indexes(const IndexWriter& writer) {
  ExecCloseIndices(writer.target);
  FreeExecutorState(writer.state);
}

}  // namespace pg::detail
