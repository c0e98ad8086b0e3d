#include "counters/table_text.hpp"

#include "keys/plans.hpp"

namespace counters {

std::string table_text(const Counter& counter) { return keys::table_text(counter.relation); }

std::string columns_text(const Counter& counter) {
  std::string text =
      fmt::format("t.{}::pg_catalog.text, t.{}::pg_catalog.int8", pg::quoted_identifier(counter.key_name),
                  pg::quoted_identifier(counter.name));
  if (counter.last_number != 0) text += fmt::format(", t.{}", pg::quoted_identifier(counter.last_name));
  return text;
}

}  // namespace counters
