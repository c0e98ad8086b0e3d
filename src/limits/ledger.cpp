#include "limits/ledger.hpp"

#include <algorithm>
#include <array>

#include "limits/tables.hpp"
#include "pg/heap.hpp"
#include "pg/privileges.hpp"
#include "pg/sequence.hpp"
#include "pg/spi.hpp"
#include "settings.hpp"

namespace limits {

namespace {

// The table's columns, as they are in tables.sql.
enum Column {
  col_meter = 1,
  col_subject,
  col_account,
  col_id,
  col_n,
  col_period_start,
  col_month,
  col_at,
  columns = col_at
};

}  // namespace

void insert_ledger_row(const Account& account, std::int64_t n) {
  const pg::OpenRelation table{pg::own_relation(ledger_table), RowExclusiveLock};
  const std::int64_t id = pg::next_value(pg::own_relation("_ledger_ids"));
  std::array<Datum, columns> values{Int32GetDatum(account.meter()),
                                    pg::Type<std::string_view>::to(account.subject()),
                                    Int64GetDatum(account.number()),
                                    Int64GetDatum(id),
                                    Int64GetDatum(n),
                                    Int64GetDatum(account.period_start.value_or(0)),
                                    pg::Type<std::string_view>::to(account.month),
                                    Int64GetDatum(settings::now())};
  std::array<bool, columns> nulls{};
  nulls[col_period_start - 1] = !account.period_start;
  nulls[col_month - 1] = account.month.empty();
  pg::insert_row(table.get(), pg::call(::heap_form_tuple, table.columns(), values.data(), nulls.data()));
}

std::int64_t used_in_rows(const cells::Identity& account) {
  const pg::ActingAs owner{pg::owner_of(pg::own_relation(ledger_table))};
  pg::Spi spi;
  spi.run_on_latest(
      "SELECT (COALESCE((SELECT pg_catalog.sum(used) FROM steward._usage WHERE meter OPERATOR(pg_catalog.=) "
      "$1"
      " AND subject OPERATOR(pg_catalog.=) $2 AND account OPERATOR(pg_catalog.=) $3), 0)"
      " OPERATOR(pg_catalog.+) COALESCE((SELECT pg_catalog.sum(n) FROM steward._ledger"
      " WHERE meter OPERATOR(pg_catalog.=) $1 AND subject OPERATOR(pg_catalog.=) $2"
      " AND account OPERATOR(pg_catalog.=) $3), 0))::pg_catalog.int8",
      account.owner(), std::string{account.key()}, account.start().value());
  // What was given back twice by a repair is no credit.
  return std::max(std::int64_t{0}, spi.value<std::int64_t>(0, 1));
}

}  // namespace limits
