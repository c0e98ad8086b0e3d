// A set-returning function whose rows are of a type that only its caller, or the catalog, knows.
#pragma once

#include "pg/store.hpp"

namespace pg {

// The type that an argument was declared or resolved to; its value is not looked at.
struct TypeOf {
  Oid oid;
};

class RowStore : detail::StoreBase {
 public:
  explicit RowStore(FunctionCallInfo fcinfo);

  // A row of the type that is returned.
  void put(HeapTuple row);
};

namespace detail {

template <>
struct Argument<TypeOf> {
  static TypeOf get(FunctionCallInfo fcinfo, int i) {
    return {call(::get_fn_expr_argtype, fcinfo->flinfo, i)};
  }
};

template <typename... Args>
Datum invoke_store(FunctionCallInfo fcinfo, void (*function)(RowStore&, Args...)) {
  const Value value = guarded([&]() -> Value {
    require_arguments(fcinfo, sizeof...(Args));
    RowStore store{fcinfo};
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      function(store, Argument<std::decay_t<Args>>::get(fcinfo, I)...);
    }
    (std::index_sequence_for<Args...>{});
    return {0, true};
  });
  fcinfo->isnull = value.null;
  return value.datum;
}

}  // namespace detail

}  // namespace pg
