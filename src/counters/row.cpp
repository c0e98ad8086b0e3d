#include "counters/row.hpp"

#include <unordered_map>

#include "counters/key.hpp"
#include "counters/table_text.hpp"
#include "errors.hpp"
#include "pg/memory.hpp"
#include "pg/privileges.hpp"
#include "pg/spi.hpp"

namespace counters {

namespace {

constexpr std::size_t most_plans = 200;

// Plans by their text, so that a renamed column or another counter's number is never mistaken.
using Plans = std::unordered_map<std::string, pg::KeptPlan>;
pg::Resident<Plans> plans;

// A plan that is running must stay: planning it may run functions of the table's indexes, which may count elsewhere.
int running = 0;
struct Running {
  Running() noexcept { ++running; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { --running; }
};

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

const pg::KeptPlan& plan_of(const std::string& sql) {
  if (plans.get() == nullptr || (running == 0 && plans.get()->size() >= most_plans))
    plans.make(TopMemoryContext, "steward row plans");
  return plans.get()->try_emplace(sql, sql, 1).first->second;
}

}  // namespace

std::optional<TableRow> find_row(const Counter& counter, const std::string& key, RowLock lock) {
  const std::string sql = statement(counter, lock);
  const pg::ActingAs owner{pg::owner_of(counter.relation)};
  pg::Spi spi;
  const pg::KeptPlan& plan = plan_of(sql);
  const Running now;
  if (plan.run(spi, key, lock == RowLock::none) == 0) return std::nullopt;
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
