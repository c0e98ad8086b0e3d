// Rows of a type made of objects.
#pragma once

#include "pg/jsonb.hpp"
#include "pg/parameters.hpp"

namespace pg {

// Lives within one call.
class JsonRows {
 public:
  // 42804 for what is no row type.
  explicit JsonRows(Oid type);

  // As jsonb_populate_record() has it of a row of NULLs, with the settings that values in the log are written with.
  HeapTuple row_of(const Json& object);

 private:
  TupleDesc shape_;
  FmgrInfo function_;
};

}  // namespace pg
