// A set-returning function that streams: the C++ function returns a generator, which is asked for one row per call.
//
// A generator is a class with `std::optional<std::tuple<…>> next()`. It lives in the memory context of the whole set
// and is destroyed with it, also when the caller stops early (LIMIT) or the statement fails.
#pragma once

#include "pg/function.hpp"
#include "pg/memory.hpp"

namespace pg {

namespace detail {

// The server's own macros for these two steps return from the function that uses them, so they are spelt out.
template <typename Generator>
struct Stream {
  Generator generator;
  MemoryContextCallback callback;
};

template <typename... Args, std::size_t... I>
HeapTuple form_row(TupleDesc shape, const std::tuple<Args...>& row, std::index_sequence<I...>) {
  const Value values[] = {Result<Args>::of(std::get<I>(row))...};
  Datum datums[] = {values[I].datum...};
  bool nulls[] = {values[I].null...};
  return call(::heap_form_tuple, shape, datums, nulls);
}

FuncCallContext* begin_rows(FunctionCallInfo fcinfo, std::size_t columns);

template <typename Generator, typename... Args>
Stream<Generator>* make_stream(FunctionCallInfo fcinfo, FuncCallContext* context,
                               Generator (*function)(Args...)) {
  using Made = Stream<Generator>;
  const InContext memory{context->multi_call_memory_ctx};
  void* place = call(::palloc, sizeof(Made));
  auto* stream = [&]<std::size_t... I>(std::index_sequence<I...>) {
    return new (place) Made{function(Argument<std::decay_t<Args>>::get(fcinfo, I)...), {}};
  }
  (std::index_sequence_for<Args...>{});
  stream->callback.func = [](void* made) { static_cast<Made*>(made)->~Made(); };
  stream->callback.arg = stream;
  MemoryContextRegisterResetCallback(context->multi_call_memory_ctx, &stream->callback);
  return stream;
}

template <typename Generator, typename... Args>
Datum invoke_rows(FunctionCallInfo fcinfo, Generator (*function)(Args...)) {
  using Row = typename decltype(std::declval<Generator>().next())::value_type;
  auto* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
  const Value value = guarded([&]() -> Value {
    require_arguments(fcinfo, sizeof...(Args));
    if (fcinfo->flinfo->fn_extra == nullptr) {
      FuncCallContext* first = begin_rows(fcinfo, std::tuple_size_v<Row>);
      first->user_fctx = make_stream(fcinfo, first, function);
    }
    FuncCallContext* context = call(::per_MultiFuncCall, fcinfo);
    auto* stream = static_cast<Stream<Generator>*>(context->user_fctx);
    const std::optional<Row> row = stream->generator.next();
    if (!row) {
      call(::end_MultiFuncCall, fcinfo, context);
      result->isDone = ExprEndResult;
      return {0, true};
    }
    result->isDone = ExprMultipleResult;
    const HeapTuple tuple =
        form_row(context->tuple_desc, *row, std::make_index_sequence<std::tuple_size_v<Row>>{});
    return {call(::HeapTupleHeaderGetDatum, tuple->t_data), false};
  });
  fcinfo->isnull = value.null;
  return value.datum;
}

}  // namespace detail

}  // namespace pg

// Publishes sql::name, which returns a generator, to SQL as the C symbol steward_name.
#define PG_SQL_ROWS(name)                                                                        \
  extern "C" {                                                                                   \
  PGDLLEXPORT Datum steward_##name(PG_FUNCTION_ARGS);                                            \
  PG_FUNCTION_INFO_V1(steward_##name);                                                           \
  Datum steward_##name(PG_FUNCTION_ARGS) { return pg::detail::invoke_rows(fcinfo, &sql::name); } \
  }                                                                                              \
  static_assert(true)
