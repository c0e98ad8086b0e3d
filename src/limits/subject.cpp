// One subject's row, looked up as the owner of its table.
#include "errors.hpp"
#include "keys/key_text.hpp"
#include "keys/plans.hpp"
#include "limits/subjects.hpp"
#include "pg/privileges.hpp"

namespace limits {

namespace {

constexpr const char default_tier[] = "default";
constexpr const char default_zone[] = "UTC";

std::string column(const std::string& name, const char* type) {
  if (name.empty()) return fmt::format("NULL::pg_catalog.{}", type);
  return fmt::format("r.{}::pg_catalog.{}", pg::quoted_identifier(name), type);
}

std::string statement(const SubjectTable& table, const std::string& columns, const char* locking) {
  return fmt::format("SELECT {} FROM {} r WHERE r.{} OPERATOR(pg_catalog.=) $1::{}{}", columns,
                     keys::table_text(table.relation), pg::quoted_identifier(table.key),
                     keys::key_cast(table.key_type), locking);
}

// It is known by the name that it had when the meter was defined.
void require_max_column(const SubjectTable& table, const std::string& name) {
  if (name.empty() || pg::call(::get_attnum, table.relation, name.c_str()) > 0) return;
  throw pg::at(
      pg::Error{ERRCODE_UNDEFINED_COLUMN, fmt::format("column \"{}\" of table \"{}\" does not exist", name,
                                                      pg::call(::get_rel_name, table.relation))}
          .detail("A meter takes its limit from there.")
          .hint("steward.define_meter() names another column: max_col => '...'."),
      table.relation);
}

// Where a unique key was dropped there may be several rows; none of them is the subject then.
bool is_one(const SubjectTable& table, const std::string& subject, std::uint64_t rows) {
  if (rows <= 1) return rows == 1;
  throw pg::at(pg::Error{ERRCODE_CARDINALITY_VIOLATION,
                         fmt::format("table \"{}\" has several rows with {} = \"{}\"",
                                     pg::call(::get_rel_name, table.relation), table.key, subject)}
                   .hint("The key of subjects needs to be unique."),
               table.relation, table.key);
}

}  // namespace

std::optional<Subject> find_subject(const SubjectTable& table, const std::string& subject,
                                    const std::string& max_col) {
  require_max_column(table, max_col);
  const std::string sql = statement(
      table,
      fmt::format("{}, {}, {}, {}, {}", column(table.tier, "text"), column(table.expires, "timestamptz"),
                  column(table.anchor, "timestamptz"), column(table.zone, "text"), column(max_col, "int8")),
      "");
  const pg::ActingAs owner{pg::owner_of(table.relation), pg::ActingAs::Code::theirs};
  pg::Spi spi;
  if (!is_one(table, subject, keys::run_planned(spi, sql, subject, true))) return std::nullopt;
  return Subject{.tier = table.tier.empty() ? default_tier : spi.find<std::string>(0, 1).value_or(""),
                 .expires = spi.find<pg::Timestamp>(0, 2),
                 .anchor = spi.find<pg::Timestamp>(0, 3),
                 .zone = spi.find<std::string>(0, 4).value_or(default_zone),
                 .max = spi.find<std::int64_t>(0, 5)};
}

void lock_subject(const SubjectTable& table, const std::string& subject) {
  const std::string sql = statement(table, "1", " FOR KEY SHARE OF r");
  const pg::ActingAs owner{pg::owner_of(table.relation), pg::ActingAs::Code::theirs};
  pg::Spi spi;
  if (!is_one(table, subject, keys::run_planned(spi, sql, subject, false))) refuse_subject(table, subject);
}

void require_subject(const SubjectTable& table, const std::string& subject) {
  if (!find_subject(table, subject, "")) refuse_subject(table, subject);
}

void refuse_subject(const SubjectTable& table, const std::string& subject, const char* detail) {
  const char* name = pg::call(::get_rel_name, table.relation);
  throw pg::at(pg::Error{errors::unknown_limit, fmt::format("table \"{}\" has no subject with {} = \"{}\"",
                                                            name != nullptr ? name : "?", table.key, subject)}
                   .detail(detail)
                   .hint("A subject is a row of the table, and known by its key."),
               table.relation, table.key);
}

}  // namespace limits
