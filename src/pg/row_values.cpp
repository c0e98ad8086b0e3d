#include "pg/row_values.hpp"

extern "C" {
#include "utils/datum.h"
}

namespace pg {

RowValues::RowValues(HeapTuple row, TupleDesc columns)
    : values_(static_cast<std::size_t>(columns->natts)), nulls_(static_cast<std::size_t>(columns->natts)) {
  static_assert(sizeof(bool) == sizeof(char));
  call(::heap_deform_tuple, row, columns, values_.data(), reinterpret_cast<bool*>(nulls_.data()));
}

bool is_same(const FormData_pg_attribute& column, const RowValues& a, const RowValues& b) {
  const AttrNumber number = column.attnum;
  if (a.is_null(number) || b.is_null(number)) return a.is_null(number) == b.is_null(number);
  const Datum one = a.value(number), other = b.value(number);
  if (column.attlen != -1) return call(::datum_image_eq, one, other, column.attbyval, int{column.attlen});
  const auto* left = reinterpret_cast<const varlena*>(DatumGetPointer(one));
  const auto* right = reinterpret_cast<const varlena*>(DatumGetPointer(other));
  if (VARSIZE_ANY(left) == VARSIZE_ANY(right) && std::memcmp(left, right, VARSIZE_ANY(left)) == 0)
    return true;
  if (!VARATT_IS_EXTENDED(left) && !VARATT_IS_EXTENDED(right)) return false;
  return call(::datum_image_eq, one, other, false, -1);
}

}  // namespace pg
