#include "pg/functions.hpp"

namespace pg {

Oid function_named(const char* signature) {
  return DatumGetObjectId(
      call(::DirectFunctionCall1Coll, ::regprocedurein, Oid{InvalidOid}, CStringGetDatum(signature)));
}

}  // namespace pg
