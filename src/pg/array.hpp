// Arrays as arguments of functions and as parameters of statements, where an empty optional in one is NULL.
#pragma once

#include "pg/datum.hpp"

namespace pg {

namespace detail {

Datum make_array(Datum* values, bool* nulls, std::size_t count, Oid element);

// The elements of an array of one dimension; raises 22004 for a NULL among them, 2202E for several dimensions.
struct Elements {
  const Datum* values;
  int count;
};
Elements elements_of(Datum array, Oid element);

template <typename T>
struct Element {
  static Datum datum(const T& value) { return Type<T>::to(value); }
  static bool null(const T&) { return false; }
};
template <typename T>
struct Element<std::optional<T>> {
  static Datum datum(const std::optional<T>& value) { return value ? Type<T>::to(*value) : Datum{0}; }
  static bool null(const std::optional<T>& value) { return !value; }
};

template <typename T, Oid element>
struct ArrayType {
  static std::vector<T> from(Datum datum) {
    const Elements elements = elements_of(datum, element);
    std::vector<T> items;
    items.reserve(static_cast<std::size_t>(elements.count));
    for (int i = 0; i < elements.count; ++i) items.push_back(Type<T>::from(elements.values[i]));
    return items;
  }
  static Datum to(const std::vector<T>& items) {
    const std::size_t count = items.size();
    auto* values = static_cast<Datum*>(allocate((count + 1) * sizeof(Datum)));
    auto* nulls = static_cast<bool*>(allocate((count + 1) * sizeof(bool)));
    for (std::size_t i = 0; i < count; ++i) {
      values[i] = Element<T>::datum(items[i]);
      nulls[i] = Element<T>::null(items[i]);
    }
    return make_array(values, nulls, count, element);
  }
};

}  // namespace detail

template <>
struct Type<std::vector<std::string>> : detail::ArrayType<std::string, TEXTOID> {};
template <>
struct Type<std::vector<std::int16_t>> : detail::ArrayType<std::int16_t, INT2OID> {};
template <>
struct Type<std::vector<Name>> : detail::ArrayType<Name, NAMEOID> {};
template <>
struct Type<std::vector<std::int64_t>> : detail::ArrayType<std::int64_t, INT8OID> {};
template <>
struct Type<std::vector<std::int32_t>> : detail::ArrayType<std::int32_t, INT4OID> {};
template <>
struct Type<std::vector<std::optional<Timestamp>>>
    : detail::ArrayType<std::optional<Timestamp>, TIMESTAMPTZOID> {};

}  // namespace pg
