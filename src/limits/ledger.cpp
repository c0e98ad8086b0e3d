#include "limits/ledger.hpp"

#include <algorithm>
#include <array>

#include "limits/tables.hpp"
#include "pg/heap.hpp"
#include "pg/index.hpp"
#include "pg/sequence.hpp"
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

namespace of_usage {
enum : int { meter = 1, subject, account, month, used };
}

// By index, in a tenth of a statement's time: who consumes for the first time waits for it.
std::int64_t sum_of(const char* name, std::array<int, 3> key, int summed, const cells::Identity& account,
                    const pg::Moment& moment) {
  const pg::OpenRelation table{pg::own_relation(name), AccessShareLock};
  std::array<ScanKeyData, 3> keys{pg::equals(key[0], F_INT4EQ, Int32GetDatum(account.owner())),
                                  pg::equals(key[1], F_TEXTEQ, pg::Type<std::string_view>::to(account.key())),
                                  pg::equals(key[2], F_INT8EQ, Int64GetDatum(account.start().value()))};
  pg::IndexLookup rows{table.get(), pg::primary_key_index(table.get()), keys.data(),
                       static_cast<int>(keys.size()), moment};
  std::int64_t sum = 0;
  while (const HeapTuple row = rows.next()) sum += pg::Row{row, table.columns()}.get<std::int64_t>(summed);
  return sum;
}

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
  const pg::Moment moment;
  const std::int64_t used =
      sum_of(usage_table, {of_usage::meter, of_usage::subject, of_usage::account}, of_usage::used, account,
             moment) +
      sum_of(ledger_table, {col_meter, col_subject, col_account}, col_n, account, moment);
  // What was given back twice by a repair is no credit.
  return std::max(std::int64_t{0}, used);
}

}  // namespace limits
