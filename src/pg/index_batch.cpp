#include "pg/index_batch.hpp"

#include <algorithm>
#include <cstring>

#include "pg/index_writer.hpp"

extern "C" {
#include "access/brin_internal.h"
#include "access/genam.h"
#include "catalog/index.h"
#include "catalog/pg_am_d.h"
#include "nodes/primnodes.h"
#include "utils/fmgroids.h"
}

namespace pg::detail {

namespace {

// A row's values in an index.
struct Entry {
  TupleTableSlot* row;
  Datum values[INDEX_MAX_KEYS];
  bool nulls[INDEX_MAX_KEYS];
};

bool is_null(TupleTableSlot* row, AttrNumber column) {
  bool null = false;
  slot_getattr(row, column, &null);
  return null;
}

const NullTest* not_null_test(const Node* condition) {
  if (!IsA(condition, NullTest)) return nullptr;
  const auto* test = reinterpret_cast<const NullTest*>(condition);
  if (test->nulltesttype != IS_NOT_NULL || test->argisrow || !IsA(test->arg, Var)) return nullptr;
  return reinterpret_cast<const Var*>(test->arg)->varattno > 0 ? test : nullptr;
}

// What needs no executor: columns alone, with no condition but that some are not NULL.
bool is_plain(const IndexInfo* info) {
  if (info->ii_Expressions != NIL || info->ii_ExclusionOps != nullptr || info->ii_Unique) return false;
  for (int i = 0; i < info->ii_NumIndexAttrs; ++i)
    if (info->ii_IndexAttrNumbers[i] <= 0) return false;
  for (int i = 0; i < list_length(info->ii_Predicate); ++i)
    if (not_null_test(static_cast<const Node*>(list_nth(info->ii_Predicate, i))) == nullptr) return false;
  return true;
}

bool is_wanted(const IndexInfo* info, TupleTableSlot* row) {
  for (int i = 0; i < list_length(info->ii_Predicate); ++i) {
    const NullTest* test = not_null_test(static_cast<const Node*>(list_nth(info->ii_Predicate, i)));
    if (is_null(row, reinterpret_cast<const Var*>(test->arg)->varattno)) return false;
  }
  return true;
}

int compare_memory(const char* a, Size a_size, const char* b, Size b_size) {
  const int order = std::memcmp(a, b, std::min(a_size, b_size));
  if (order != 0) return order;
  return a_size < b_size ? -1 : a_size > b_size;
}

// Values that are elsewhere, or compressed, come last, as they are stored: any order will do that is one.
int compare_bytes(Datum a, Datum b) {
  const auto* left = reinterpret_cast<const varlena*>(DatumGetPointer(a));
  const auto* right = reinterpret_cast<const varlena*>(DatumGetPointer(b));
  const auto is_packed = [](const varlena* value) {
    return VARATT_IS_COMPRESSED(value) || VARATT_IS_EXTERNAL(value);
  };
  if (is_packed(left) != is_packed(right)) return is_packed(left) ? 1 : -1;
  if (is_packed(left))
    return compare_memory(reinterpret_cast<const char*>(left), VARSIZE_ANY(left),
                          reinterpret_cast<const char*>(right), VARSIZE_ANY(right));
  return compare_memory(VARDATA_ANY(left), VARSIZE_ANY_EXHDR(left), VARDATA_ANY(right),
                        VARSIZE_ANY_EXHDR(right));
}

// As the index has them, for whole numbers, times and text by its bytes; near it for others, which is as right and a little slower.
int compare(TupleDesc columns, const Entry& a, const Entry& b) {
  for (int i = 0; i < columns->natts; ++i) {
    if (a.nulls[i] != b.nulls[i]) return a.nulls[i] ? 1 : -1;
    if (a.nulls[i]) continue;
    const FormData_pg_attribute& column = *TupleDescAttr(columns, i);
    int order = 0;
    if (column.attbyval) {
      const std::int64_t left = DatumGetInt64(a.values[i]), right = DatumGetInt64(b.values[i]);
      order = left < right ? -1 : left > right;
    } else if (column.attlen == -1) {
      order = compare_bytes(a.values[i], b.values[i]);
    }
    if (order != 0) return order;
  }
  return 0;
}

// An index that knows of a range of pages only the least time and the greatest.
bool holds_ends_only(Relation index) {
  return index->rd_rel->relam == BRIN_AM_OID && IndexRelationGetNumberOfAttributes(index) == 1 &&
         index->rd_opcintype[0] == TIMESTAMPTZOID &&
         index_getprocid(index, 1, BRIN_PROCNUM_OPCINFO) == F_BRIN_MINMAX_OPCINFO;
}

// Those of each page that have its least and its greatest time: the others would change nothing.
int keep_ends(Entry** entries, int count) {
  int kept = 0;
  for (int first = 0, next = 0; first < count; first = next) {
    const BlockNumber page = ItemPointerGetBlockNumber(&entries[first]->row->tts_tid);
    Entry *least = entries[first], *greatest = entries[first];
    for (next = first; next < count && ItemPointerGetBlockNumber(&entries[next]->row->tts_tid) == page;
         ++next) {
      if (DatumGetInt64(entries[next]->values[0]) < DatumGetInt64(least->values[0])) least = entries[next];
      if (DatumGetInt64(entries[next]->values[0]) > DatumGetInt64(greatest->values[0]))
        greatest = entries[next];
    }
    entries[kept++] = least;
    if (greatest != least) entries[kept++] = greatest;
  }
  return kept;
}

void add_plain(Relation table, Relation index, IndexInfo* info, TupleTableSlot** rows, int count) {
  auto* all = static_cast<Entry*>(palloc(sizeof(Entry) * static_cast<Size>(count)));
  auto** entries = static_cast<Entry**>(palloc(sizeof(Entry*) * static_cast<Size>(count)));
  int wanted = 0;
  for (int i = 0; i < count; ++i) {
    if (!is_wanted(info, rows[i])) continue;
    Entry& entry = all[wanted];
    entry.row = rows[i];
    for (int column = 0; column < info->ii_NumIndexAttrs; ++column)
      entry.values[column] = slot_getattr(rows[i], info->ii_IndexAttrNumbers[column], &entry.nulls[column]);
    entries[wanted++] = &entry;
  }
  const bool has_nulls = std::any_of(all, all + wanted, [](const Entry& one) { return one.nulls[0]; });
  if (index->rd_rel->relam == BTREE_AM_OID)
    std::sort(entries, entries + wanted, [index](const Entry* a, const Entry* b) {
      return compare(RelationGetDescr(index), *a, *b) < 0;
    });
  else if (!has_nulls && holds_ends_only(index))
    wanted = keep_ends(entries, wanted);
  for (int i = 0; i < wanted; ++i)
    index_insert(index, entries[i]->values, entries[i]->nulls, &entries[i]->row->tts_tid, table,
                 UNIQUE_CHECK_NO, false, info);
  pfree(entries);
  pfree(all);
}

// Opens what is plain and closes it again; what is not is left for the executor.
bool add_if_plain(Relation table, Oid oid, TupleTableSlot** rows, int count) {
  Relation index = index_open(oid, RowExclusiveLock);
  IndexInfo* info = BuildIndexInfo(index);
  const bool plain = is_plain(info);
  if (plain && info->ii_ReadyForInserts) {
    add_plain(table, index, info, rows, count);
#if PG_VERSION_NUM >= 170000
    index_insert_cleanup(index, info);
#endif
  }
  index_close(index, NoLock);
  return plain;
}

// Those of the other indexes: the executor passes over what is not there.
void add_others(Relation table, const List* done, TupleTableSlot** rows, int count) {
  const IndexWriter writer = open_indexes(table);
  RelationPtr indexes = writer.target->ri_IndexRelationDescs;
  const int all = writer.target->ri_NumIndices;
  auto* opened = static_cast<Relation*>(palloc(sizeof(Relation) * static_cast<Size>(all)));
  std::copy(indexes, indexes + all, opened);
  for (int i = 0; i < all; ++i)
    if (list_member_oid(done, RelationGetRelid(indexes[i]))) indexes[i] = nullptr;
  for (int i = 0; i < count; ++i) add_index_entries(writer, rows[i]);
  std::copy(opened, opened + all, indexes);
  pfree(opened);
  close_indexes(writer);
}

}  // namespace

void add_index_entries(Relation table, TupleTableSlot** rows, int count) {
  List* const indexes = RelationGetIndexList(table);
  List* plain = NIL;
  for (int i = 0; i < list_length(indexes); ++i)
    if (add_if_plain(table, list_nth_oid(indexes, i), rows, count))
      plain = lappend_oid(plain, list_nth_oid(indexes, i));
  if (list_length(plain) < list_length(indexes)) add_others(table, plain, rows, count);
  list_free(plain);
  list_free(indexes);
}

}  // namespace pg::detail
