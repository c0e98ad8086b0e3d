// A row taken apart into its values.
#pragma once

#include <vector>

#include "pg/datum.hpp"

namespace pg {

// Good as long as the row is.
class RowValues {
 public:
  RowValues(HeapTuple row, TupleDesc columns);
  RowValues(std::vector<Datum> values, std::vector<char> nulls)
      : values_{std::move(values)}, nulls_{std::move(nulls)} {}

  bool is_null(AttrNumber column) const { return nulls_[place(column)] != 0; }
  // Of a column that is not NULL.
  Datum value(AttrNumber column) const { return values_[place(column)]; }

 private:
  static std::size_t place(AttrNumber column) noexcept { return static_cast<std::size_t>(column - 1); }

  std::vector<Datum> values_;
  std::vector<char> nulls_;  // bool, for which there is no plain vector
};

// Whether a column has the same bytes in two rows of a table; a value that lies elsewhere and is the same one is not fetched.
bool is_same(const FormData_pg_attribute& column, const RowValues& a, const RowValues& b);

}  // namespace pg
