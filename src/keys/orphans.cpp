#include "keys/orphans.hpp"

#include "keys/key_text.hpp"
#include "pg/privileges.hpp"
#include "pg/spi.hpp"

namespace keys {

// Asked as the table's owner, never as steward's: planning a query runs functions of the table's indexes and checks.
std::vector<std::string> without_row(Oid table, const KeyColumn& key, const std::vector<std::string>& keys) {
  std::string values;
  for (const std::string& one : keys)
    values += fmt::format("{}({})", values.empty() ? "" : ", ", pg::quoted_literal(one));
  const pg::ActingAs owner{pg::owner_of(table), pg::ActingAs::Code::theirs};
  pg::Spi spi;
  const std::uint64_t rows = spi.run_on_latest(
      fmt::format("SELECT k.key FROM (VALUES {}) k(key) WHERE NOT EXISTS (SELECT FROM {} t"
                  " WHERE t.{} OPERATOR(pg_catalog.=) k.key::{})",
                  values, pg::qualified_name(table), pg::quoted_identifier(key.name), key_cast(key.type)));
  std::vector<std::string> gone;
  for (std::uint64_t i = 0; i < rows; ++i) gone.push_back(spi.text(i, 1));
  return gone;
}

void drop_orphans(Oid table, const KeyColumn& key, const Kept& kept) {
  if (pg::may_hide_rows(table, pg::owner_of(table)))
    throw pg::at(
        pg::Error{ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                  "row level security hides rows from the table's owner"}
            .detail(fmt::format("Which rows still exist must be known to take up {} again.", kept.what))
            .hint("ALTER TABLE ... NO FORCE ROW LEVEL SECURITY for the time of this call."),
        table);
  std::optional<std::string> last;
  for (;;) {
    const std::vector<std::string> keys = kept.keys_behind(last);
    if (keys.empty()) return;
    for (const std::string& gone : without_row(table, key, keys)) kept.drop(gone);
    last = keys.back();
    pg::check_interrupts();
  }
}

}  // namespace keys
