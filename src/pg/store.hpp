// A set-returning function whose rows are put into a store of the server's, which spills to disk: for those that have
// a query open while they make rows, which a generator (pg/rows.hpp) cannot. The first C++ argument is the store.
#pragma once

#include "pg/rows.hpp"

namespace pg {

namespace detail {

class StoreBase : faults::Counted {
 public:
  StoreBase(FunctionCallInfo fcinfo, std::size_t columns);
  StoreBase(const StoreBase&) = delete;
  StoreBase& operator=(const StoreBase&) = delete;
  ~StoreBase() { MemoryContextDelete(row_); }

 protected:
  void put_values(Datum* values, bool* nulls);

  ReturnSetInfo* set_;
  MemoryContext row_;  // for the values of one row
};

}  // namespace detail

template <typename... Columns>
class Store : detail::StoreBase {
 public:
  explicit Store(FunctionCallInfo fcinfo) : StoreBase{fcinfo, sizeof...(Columns)} {}

  void put(const Columns&... columns) {
    const InContext memory{row_};
    const detail::Value row[] = {detail::Result<Columns>::of(columns)...};
    Datum values[sizeof...(Columns)];
    bool nulls[sizeof...(Columns)];
    for (std::size_t i = 0; i < sizeof...(Columns); ++i) {
      values[i] = row[i].datum;
      nulls[i] = row[i].null;
    }
    put_values(values, nulls);
  }
};

namespace detail {

template <typename... Columns, typename... Args>
Datum invoke_store(FunctionCallInfo fcinfo, void (*function)(Store<Columns...>&, Args...)) {
  const Value value = guarded([&]() -> Value {
    require_arguments(fcinfo, sizeof...(Args));
    Store<Columns...> store{fcinfo};
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

// Publishes sql::name to SQL as the C symbol steward_name.
#define PG_SQL_STORE(name)                                                                        \
  extern "C" {                                                                                    \
  PGDLLEXPORT Datum steward_##name(PG_FUNCTION_ARGS);                                             \
  PG_FUNCTION_INFO_V1(steward_##name);                                                            \
  Datum steward_##name(PG_FUNCTION_ARGS) { return pg::detail::invoke_store(fcinfo, &sql::name); } \
  }                                                                                               \
  static_assert(true)
