#include "partitions/key_index.hpp"

namespace partitions {

bool has_key_index(Oid table, const Key& key) {
  return pg::Spi{}.run_on_latest(
             "SELECT FROM pg_catalog.pg_index AS i"
             " JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) i.indexrelid"
             " JOIN pg_catalog.pg_am AS m ON m.oid OPERATOR(pg_catalog.=) c.relam"
             " JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) i.indrelid"
             "   AND a.attnum OPERATOR(pg_catalog.=) i.indkey[0]"
             " WHERE i.indrelid OPERATOR(pg_catalog.=) $1 AND a.attname OPERATOR(pg_catalog.=) $2 AND "
             "i.indisvalid"
             " AND NOT i.indcheckxmin AND i.indpred IS NULL AND m.amname OPERATOR(pg_catalog.=) 'btree'",
             pg::RelationId{table}, pg::Name{key.column}) != 0;
}

}  // namespace partitions
