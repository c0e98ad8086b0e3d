#include "pg/row_store.hpp"

extern "C" {
#include "utils/tuplestore.h"
}

namespace pg {

namespace {

// What the function returns is asked by the first argument alone, if at all: the number of columns is the type's.
std::size_t columns_of_result(FunctionCallInfo fcinfo) {
  TupleDesc columns = nullptr;
  if (call(::get_call_result_type, fcinfo, static_cast<Oid*>(nullptr), &columns) != TYPEFUNC_COMPOSITE)
    throw Error{ERRCODE_DATATYPE_MISMATCH, "the rows to return are of no row type"}.hint(
        "Give a NULL of a table's row type, as in NULL::my_table.");
  return static_cast<std::size_t>(columns->natts);
}

}  // namespace

RowStore::RowStore(FunctionCallInfo fcinfo) : StoreBase{fcinfo, columns_of_result(fcinfo)} {}

void RowStore::put(HeapTuple row) { call(::tuplestore_puttuple, set_->setResult, row); }

}  // namespace pg
