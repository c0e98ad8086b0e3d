#include "pg/sequence.hpp"

extern "C" {
#include "catalog/dependency.h"
#include "catalog/pg_class.h"
#include "commands/sequence.h"
}

namespace pg {

std::int64_t next_value(Oid sequence) { return call(::nextval_internal, sequence, false); }

void tie(Oid sequence, Oid table) {
  Oid owner = InvalidOid;
  std::int32_t column = 0;
  if (call(::sequenceIsOwned, sequence, static_cast<char>(DEPENDENCY_AUTO), &owner, &column)) return;
  const ObjectAddress dependent{RelationRelationId, sequence, 0};
  const ObjectAddress referenced{RelationRelationId, table, 1};
  call(::recordDependencyOn, &dependent, &referenced, DEPENDENCY_AUTO);
}

}  // namespace pg
