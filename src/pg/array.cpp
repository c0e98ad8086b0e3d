#include "pg/array.hpp"

extern "C" {
#include "utils/array.h"
}

namespace pg::detail {

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

}  // namespace

Datum make_array(Datum* values, bool* nulls, std::size_t count, Oid element) {
  return call(&build, values, nulls, static_cast<int>(count), element);
}

}  // namespace pg::detail
