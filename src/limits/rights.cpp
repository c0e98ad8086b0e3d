#include "limits/rights.hpp"

#include "keys/key_text.hpp"
#include "keys/plans.hpp"
#include "pg/function.hpp"
#include "pg/privileges.hpp"

namespace limits {

namespace {

bool may_select(const SubjectTable& table) {
  const AttrNumber key = pg::call(::get_attnum, table.relation, table.key.c_str());
  return key > 0 && pg::may_use_column(table.relation, key, ACL_SELECT);
}

// A statement of the caller's own, so that the server applies the policies.
bool is_hidden(const SubjectTable& table, const std::string& subject) {
  if (!pg::may_hide_rows(table.relation, GetUserId())) return false;
  pg::Spi spi;
  return keys::run_planned(spi,
                           fmt::format("SELECT 1 FROM {} r WHERE r.{} OPERATOR(pg_catalog.=) $1::{}",
                                       keys::table_text(table.relation), pg::quoted_identifier(table.key),
                                       keys::key_cast(table.key_type)),
                           subject, true) == 0;
}

}  // namespace

bool may_see(const SubjectTable& table, const std::string& subject) {
  return may_select(table) && !is_hidden(table, subject);
}

void require_may_see(const SubjectTable& table, const std::string& subject) {
  if (!may_select(table))
    throw pg::at(
        pg::Error{ERRCODE_INSUFFICIENT_PRIVILEGE,
                  fmt::format("permission denied for table {}", pg::call(::get_rel_name, table.relation))}
            .detail(fmt::format("Asking how a subject stands needs the right SELECT on column \"{}\".",
                                table.key)),
        table.relation);
  if (is_hidden(table, subject))
    refuse_subject(table, subject, "Row level security may hide it from this role.");
}

}  // namespace limits

namespace sql {

// For the views. What is kept of a table that is no longer bound is shown to nobody.
bool _may_see_subject(pg::RelationId rel, const std::string& subject) {
  const auto table = limits::find_subjects(rel.oid);
  return table && limits::may_see(*table, subject);
}

}  // namespace sql

PG_SQL_FUNCTION(_may_see_subject);
