#include "pg/rows.hpp"

namespace pg::detail {

FuncCallContext* begin_rows(FunctionCallInfo fcinfo, std::size_t columns) {
  FuncCallContext* context = call(::init_MultiFuncCall, fcinfo);
  const InContext memory{context->multi_call_memory_ctx};
  TupleDesc shape = nullptr;
  if (call(::get_call_result_type, fcinfo, static_cast<Oid*>(nullptr), &shape) != TYPEFUNC_COMPOSITE ||
      shape->natts != static_cast<int>(columns))
    throw Error{ERRCODE_INTERNAL_ERROR,
                fmt::format("library returns {} columns, SQL declares others", columns)};
  context->tuple_desc = call(::BlessTupleDesc, shape);
  return context;
}

}  // namespace pg::detail
