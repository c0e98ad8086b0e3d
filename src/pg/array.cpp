#include "pg/array.hpp"

extern "C" {
#include "utils/array.h"
}

namespace pg {

namespace {

// Server code only: called through the door as one.
Datum build(Datum* values, bool* nulls, int count, Oid element) {
  int16 size = 0;
  bool by_value = false;
  char alignment = 0;
  get_typlenbyvalalign(element, &size, &by_value, &alignment);
  int dimensions[] = {count};
  int bounds[] = {1};
  return PointerGetDatum(construct_md_array(values, nulls, count > 0 ? 1 : 0, dimensions, bounds, element,
                                            size, by_value, alignment));
}

// The same, of the array's own memory.
detail::Elements take_apart(Datum datum, Oid element) {
  auto* array = DatumGetArrayTypeP(datum);
  if (ARR_NDIM(array) > 1)
    ereport(ERROR, errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("array must have one dimension"));
  if (array_contains_nulls(array))
    ereport(ERROR, errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("array must not contain nulls"));
  int16 size = 0;
  bool by_value = false;
  char alignment = 0;
  get_typlenbyvalalign(element, &size, &by_value, &alignment);
  Datum* values = nullptr;
  int count = 0;
  deconstruct_array(array, element, size, by_value, alignment, &values, nullptr, &count);
  return {values, count};
}

}  // namespace

namespace detail {

Elements elements_of(Datum array, Oid element) { return call(&take_apart, array, element); }

Datum make_array(Datum* values, bool* nulls, std::size_t count, Oid element) {
  return call(&build, values, nulls, static_cast<int>(count), element);
}

}  // namespace detail

}  // namespace pg
