#include "pg/row_move.hpp"

#include "pg/index_writer.hpp"

extern "C" {
#include "access/heapam.h"
#include "access/tableam.h"
#include "access/tupconvert.h"
#include "access/xact.h"
}

namespace pg {

namespace {

// Server code only: called through the door as one, because nothing here has a destructor.

void take(Relation table, const RowId* rows, std::size_t count) {
  CheckCmdReplicaIdentity(table, CMD_DELETE);
  const CommandId command = GetCurrentCommandId(true);
  for (std::size_t i = 0; i < count; ++i) {
    ItemPointerData row = rows[i].at;
    TM_FailureData failure;
    const TM_Result result =
        table_tuple_delete(table, &row, command, GetActiveSnapshot(), InvalidSnapshot, true, &failure, false);
    if (result != TM_Ok)
      elog(ERROR, "row of table \"%s\" changed while it was locked", RelationGetRelationName(table));
  }
  CommandCounterIncrement();
}

void put(Relation from, Relation to, const RowId* rows, std::size_t count) {
  const detail::IndexWriter indexes = detail::open_indexes(to);
  TupleTableSlot* taken = table_slot_create(from, nullptr);
  TupleTableSlot* given = table_slot_create(to, nullptr);
  TupleConversionMap* map = convert_tuples_by_name(RelationGetDescr(from), RelationGetDescr(to));
  BulkInsertState bulk = GetBulkInsertState();
  const CommandId command = GetCurrentCommandId(true);

  for (std::size_t i = 0; i < count; ++i) {
    ItemPointerData row = rows[i].at;
    if (!table_tuple_fetch_row_version(from, &row, SnapshotAny, taken))
      elog(ERROR, "row of table \"%s\" vanished while it was locked", RelationGetRelationName(from));
    if (map != nullptr)
      execute_attr_map_slot(map->attrMap, taken, given);
    else
      ExecCopySlot(given, taken);
    given->tts_tableOid = RelationGetRelid(to);
    table_tuple_insert(to, given, command, 0, bulk);
    detail::add_index_entries(indexes, given);
  }

  FreeBulkInsertState(bulk);
  table_finish_bulk_insert(to, 0);
  ExecDropSingleTupleTableSlot(given);
  ExecDropSingleTupleTableSlot(taken);
  detail::close_indexes(indexes);
  CommandCounterIncrement();
}

}  // namespace

void take_rows(const OpenRelation& table, const std::vector<RowId>& rows) {
  call(&take, table.get(), rows.data(), rows.size());
}

void put_rows(const OpenRelation& from, const OpenRelation& to, const std::vector<RowId>& rows) {
  call(&put, from.get(), to.get(), rows.data(), rows.size());
}

}  // namespace pg
