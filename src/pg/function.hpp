// A SQL function is a plain C++ function in namespace sql and one macro line; README.md here says why.
#pragma once

#include "pg/datum.hpp"
#include "pg/guard.hpp"

namespace pg {

namespace detail {

struct Value {
  Datum datum;
  bool null;
};

// XX000 unless SQL declares as many arguments as the C++ function takes.
[[noreturn]] void refuse_arguments(FunctionCallInfo fcinfo, std::size_t count);
inline void require_arguments(FunctionCallInfo fcinfo, std::size_t count) {
  if (static_cast<std::size_t>(fcinfo->nargs) != count) [[unlikely]]
    refuse_arguments(fcinfo, count);
}

[[noreturn]] void refuse_null(FunctionCallInfo fcinfo, int argument);

template <typename T>
struct Argument {
  static T get(FunctionCallInfo fcinfo, int i) {
    if (fcinfo->args[i].isnull) refuse_null(fcinfo, i);
    return Type<T>::from(fcinfo->args[i].value);
  }
};
template <typename T>
struct Argument<std::optional<T>> {
  static std::optional<T> get(FunctionCallInfo fcinfo, int i) {
    if (fcinfo->args[i].isnull) return std::nullopt;
    return Type<T>::from(fcinfo->args[i].value);
  }
};

template <typename T>
struct Result {
  static Value of(const T& value) { return {Type<T>::to(value), false}; }
};
template <typename T>
struct Result<std::optional<T>> {
  static Value of(const std::optional<T>& value) {
    return value ? Value{Type<T>::to(*value), false} : Value{0, true};
  }
};

template <typename R, typename... Args, std::size_t... I>
Value apply(FunctionCallInfo fcinfo, R (*function)(Args...), std::index_sequence<I...>) {
  if constexpr (std::is_void_v<R>) {
    function(Argument<std::decay_t<Args>>::get(fcinfo, I)...);
    return {0, false};
  } else {
    return Result<R>::of(function(Argument<std::decay_t<Args>>::get(fcinfo, I)...));
  }
}

template <typename R, typename... Args>
Datum invoke(FunctionCallInfo fcinfo, R (*function)(Args...)) {
  const Value value = guarded([&]() __attribute__((always_inline))->Value {
    require_arguments(fcinfo, sizeof...(Args));
    return apply(fcinfo, function, std::index_sequence_for<Args...>{});
  });
  fcinfo->isnull = value.null;
  return value.datum;
}

}  // namespace detail

}  // namespace pg

// Publishes sql::name to SQL as the C symbol steward_name.
#define PG_SQL_FUNCTION(name)                                                               \
  extern "C" {                                                                              \
  PGDLLEXPORT Datum steward_##name(PG_FUNCTION_ARGS);                                       \
  PG_FUNCTION_INFO_V1(steward_##name);                                                      \
  Datum steward_##name(PG_FUNCTION_ARGS) { return pg::detail::invoke(fcinfo, &sql::name); } \
  }                                                                                         \
  static_assert(true)
