// Other functions of the catalog, by name.
#pragma once

#include "pg/call.hpp"

namespace pg {

// The OID of a function given as "schema.name(type, …)"; raises 42883 when there is none.
Oid function_named(const char* signature);

bool has_extension(const char* name);

}  // namespace pg
