#include "limits/row_account.hpp"

#include <array>
#include <functional>
#include <vector>

#include "limits/scopes.hpp"
#include "limits/tables.hpp"
#include "pg/heap.hpp"
#include "pg/index.hpp"
#include "pg/lock.hpp"
#include "pg/spi.hpp"

namespace limits {

namespace {

// The table's columns, as they are in tables.sql.
enum Column { col_meter = 1, col_subject, col_account, columns = col_account };

using Sees = pg::IndexLookup::Sees;

class AccountRows {
 public:
  AccountRows(const pg::OpenRelation& table, std::int32_t meter, std::optional<std::string_view> subject,
              std::optional<std::int64_t> account, Sees sees)
      : keys_{keys(meter, subject, account)},
        lookup_{table.get(), pg::primary_key_index(table.get()), keys_.data(), static_cast<int>(keys_.size()),
                sees} {}
  AccountRows(const pg::OpenRelation& table, const cells::Identity& account, Sees sees)
      : AccountRows{table, account.owner(), account.key(), account.start(), sees} {}

  HeapTuple next() { return lookup_.next(); }
  TransactionId inserter() const noexcept { return lookup_.inserter(); }

 private:
  static std::vector<ScanKeyData> keys(std::int32_t meter, std::optional<std::string_view> subject,
                                       std::optional<std::int64_t> account) {
    std::vector<ScanKeyData> keys{pg::equals(col_meter, F_INT4EQ, Int32GetDatum(meter))};
    if (subject) keys.push_back(pg::equals(col_subject, F_TEXTEQ, pg::Type<std::string_view>::to(*subject)));
    if (account) keys.push_back(pg::equals(col_account, F_INT8EQ, Int64GetDatum(*account)));
    return keys;
  }

  std::vector<ScanKeyData> keys_;
  pg::IndexLookup lookup_;
};

// Locks the row as it is now, whatever the transaction's snapshot sees: nothing is read from it. False when there is none.
bool lock_row_of(const pg::OpenRelation& table, const cells::Identity& account, bool& waited) {
  for (;;) {
    AccountRows rows{table, account, Sees::now};
    const HeapTuple row = rows.next();
    if (row == nullptr) return false;
    pg::Locking locking = pg::lock_row(table.get(), row, LockWaitSkip);
    if (locking == pg::Locking::busy) {
      waited = true;
      locking = pg::lock_row(table.get(), row, LockWaitBlock);
    }
    if (locking == pg::Locking::done) return true;
    pg::check_interrupts();
  }
}

void insert_row_of(const pg::OpenRelation& table, const cells::Identity& account) {
  std::array<Datum, columns> values{Int32GetDatum(account.owner()),
                                    pg::Type<std::string_view>::to(account.key()),
                                    Int64GetDatum(account.start().value())};
  std::array<bool, columns> nulls{};
  pg::insert_row(table.get(), pg::call(::heap_form_tuple, table.columns(), values.data(), nulls.data()));
}

struct Making {
  bool made;
  TransactionId other;  // who is making it
};

// One at a time, or the second would find the first's row in the index and be refused. The row is nobody else's until this transaction
// ends.
Making make_row_of(const pg::OpenRelation& table, const cells::Identity& account) {
  const pg::LockName lock{table.oid(), static_cast<std::uint32_t>(std::hash<std::string>{}(account.bytes()))};
  pg::lock(lock);
  Making making{false, InvalidTransactionId};
  {
    AccountRows rows{table, account, Sees::in_progress};
    making.made = rows.next() == nullptr;
    if (!making.made) making.other = rows.inserter();
  }
  if (making.made) insert_row_of(table, account);
  pg::release(lock);
  return making;
}

}  // namespace

bool lock_account(const cells::Identity& account) {
  const pg::OpenRelation table{pg::own_relation(accounts_table), RowExclusiveLock};
  bool waited = false;
  while (!lock_row_of(table, account, waited)) {
    const Making making = make_row_of(table, account);
    if (making.made) break;
    waited = true;
    if (TransactionIdIsValid(making.other)) pg::wait_for(making.other);
    pg::check_interrupts();
  }
  return waited;
}

void forget_locked_accounts(std::int32_t meter, std::optional<std::string_view> subject) {
  const pg::OpenRelation table{pg::own_relation(accounts_table), RowExclusiveLock};
  for (bool again = true; again;) {
    again = false;
    TransactionId inserter = InvalidTransactionId;
    {
      AccountRows rows{table, meter, subject, std::nullopt, Sees::in_progress};
      while (const HeapTuple row = rows.next()) {
        inserter = rows.inserter();
        if (TransactionIdIsValid(inserter)) break;
        if (!pg::delete_row(table.get(), row)) again = true;
        pg::check_interrupts();
      }
    }
    if (TransactionIdIsValid(inserter)) {
      pg::wait_for(inserter);
      again = true;
    }
  }
}

// All who have used an account have ended. Denials, which are in cells alone, are kept as a fold keeps them.
void leave_mode(cells::Mode from) {
  if (from == cells::Mode::inplace) return;
  const AsSteward steward;
  pg::Spi spi;
  spi.run(
      "INSERT INTO steward._denials AS d (meter, subject, denied, last_denied)"
      " SELECT meter, subject, pg_catalog.sum(denied)::pg_catalog.int8, pg_catalog.max(last_denied)"
      " FROM steward._limit_cells WHERE denied OPERATOR(pg_catalog.>) 0 GROUP BY meter, subject"
      " ON CONFLICT (meter, subject) DO UPDATE SET denied = d.denied OPERATOR(pg_catalog.+) EXCLUDED.denied,"
      " last_denied = greatest(d.last_denied, EXCLUDED.last_denied)");
  spi.run("TRUNCATE steward._limit_cells, steward._limit_accounts");
}

}  // namespace limits
