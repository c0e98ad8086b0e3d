#include "counters/row.hpp"

#include "counters/key.hpp"
#include "counters/table_text.hpp"
#include "errors.hpp"
#include "keys/plans.hpp"
#include "pg/privileges.hpp"

namespace counters {

namespace {

const char* locking(RowLock lock) {
  switch (lock) {
    case RowLock::key_share:
      return " FOR KEY SHARE OF r";
    case RowLock::no_key_update:
      return " FOR NO KEY UPDATE OF r";
    default:
      return "";
  }
}

std::string statement(const Counter& counter, RowLock lock) {
  const std::string key = pg::quoted_identifier(counter.key_name);
  return fmt::format(
      "SELECT COALESCE(r.{1}, 0)::pg_catalog.int8, r.xmin FROM {2} r"
      " WHERE r.{0} OPERATOR(pg_catalog.=) $1::{3}{4}",
      key, pg::quoted_identifier(counter.name), table_text(counter), key_cast(counter.key_type),
      locking(lock));
}

}  // namespace

std::optional<TableRow> find_row(const Counter& counter, const std::string& key, RowLock lock) {
  const std::string sql = statement(counter, lock);
  const pg::ActingAs owner{pg::owner_of(counter.relation)};
  pg::Spi spi;
  if (keys::run_planned(spi, sql, key, lock == RowLock::none) == 0) return std::nullopt;
  return TableRow{spi.value<std::int64_t>(0, 1), spi.is_own(0, 2)};
}

TableRow require_row(const Counter& counter, const std::string& key, RowLock lock) {
  std::optional<TableRow> row = find_row(counter, key, lock);
  if (!row) refuse_row(counter, key);
  return *row;
}

void refuse_row(const Counter& counter, const std::string& key) {
  const char* name = pg::call(::get_rel_name, counter.relation);
  throw pg::at(
      pg::Error{errors::no_such_row, fmt::format("table \"{}\" has no row with {} = \"{}\"",
                                                 name != nullptr ? name : "?", counter.key_name, key)}
          .detail(counter.row_security ? "Row level security may hide it from this role." : "")
          .hint("steward.try_hit() gives NULL where there is no such row."),
      counter.relation, counter.key_name);
}

}  // namespace counters
