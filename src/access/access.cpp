// Levels of access: a role gets all functions and views of a level by one call.
#include "pg/argument.hpp"
#include "pg/function.hpp"
#include "pg/privileges.hpp"
#include "pg/spi.hpp"

namespace sql {

namespace {

void require_extension_owner() {
  if (pg::has_rights_of(GetUserId(), pg::owner_of(pg::own_relation("_access")))) return;
  throw pg::Error{ERRCODE_INSUFFICIENT_PRIVILEGE, "must be owner of extension steward"}.hint(
      "A superuser, or the role that installed the extension, may grant and revoke access.");
}

void require_level(std::string_view level) {
  if (level == "app" || level == "admin" || level == "auditor" || level == "monitor") return;
  pg::refuse_word("level", level, "app, admin, auditor, monitor");
}

// Runs "verb privilege ON object preposition role" for every object of the level.
void change(const pg::Name& role, std::string_view level, std::string_view verb,
            std::string_view preposition) {
  require_extension_owner();
  require_level(level);
  pg::require_role(role.text);
  pg::Spi spi;
  const std::uint64_t count = spi.run(
      "SELECT privilege, object FROM steward._access WHERE level OPERATOR(pg_catalog.=) $1 ORDER BY object",
      std::string{level});
  std::string statements;
  for (std::uint64_t i = 0; i < count; ++i)
    statements += fmt::format("{} {} ON {} {} {};", verb, spi.text(i, 1), spi.text(i, 2), preposition,
                              pg::quoted_identifier(role.text));
  if (count > 0) spi.run(statements);
}

}  // namespace

void grant_access(const pg::Name& role, std::string_view level) { change(role, level, "GRANT", "TO"); }

void revoke_access(const pg::Name& role, std::string_view level) { change(role, level, "REVOKE", "FROM"); }

}  // namespace sql

PG_SQL_FUNCTION(grant_access);
PG_SQL_FUNCTION(revoke_access);
