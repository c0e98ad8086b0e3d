#include "pg/functions.hpp"

extern "C" {
#include "commands/extension.h"
}

namespace pg {

Oid function_named(const char* signature) {
  return DatumGetObjectId(
      call(::DirectFunctionCall1Coll, ::regprocedurein, Oid{InvalidOid}, CStringGetDatum(signature)));
}

bool has_extension(const char* name) { return call(::get_extension_oid, name, true) != InvalidOid; }

}  // namespace pg
