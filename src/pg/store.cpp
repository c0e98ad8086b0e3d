#include "pg/store.hpp"

extern "C" {
#include "utils/tuplestore.h"
}

namespace pg::detail {

StoreBase::StoreBase(FunctionCallInfo fcinfo, std::size_t columns)
    : set_{reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo)} {
  // One column need not be a row.
  call(::InitMaterializedSRF, fcinfo, bits32{columns == 1 ? MAT_SRF_USE_EXPECTED_DESC : 0U});
  if (set_->setDesc->natts != static_cast<int>(columns))
    throw Error{ERRCODE_INTERNAL_ERROR,
                fmt::format("library returns {} columns, SQL declares {}", columns, set_->setDesc->natts)};
  row_ = call(::AllocSetContextCreateInternal, CurrentMemoryContext, "steward row",
              Size{ALLOCSET_SMALL_MINSIZE}, Size{ALLOCSET_SMALL_INITSIZE}, Size{ALLOCSET_SMALL_MAXSIZE});
}

void StoreBase::put_values(Datum* values, bool* nulls) {
  call(::tuplestore_putvalues, set_->setResult, set_->setDesc, values, nulls);
  MemoryContextReset(row_);
}

}  // namespace pg::detail
