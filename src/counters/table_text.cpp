#include "counters/table_text.hpp"

#include "pg/relation.hpp"

namespace counters {

std::string table_text(const Counter& counter) {
  const bool partitioned = pg::call(::get_rel_relkind, counter.relation) == RELKIND_PARTITIONED_TABLE;
  return (partitioned ? "" : "ONLY ") + pg::qualified_name(counter.relation);
}

std::string columns_text(const Counter& counter) {
  std::string text =
      fmt::format("t.{}::pg_catalog.text, t.{}::pg_catalog.int8", pg::quoted_identifier(counter.key_name),
                  pg::quoted_identifier(counter.name));
  if (counter.last_number != 0) text += fmt::format(", t.{}", pg::quoted_identifier(counter.last_name));
  return text;
}

}  // namespace counters
