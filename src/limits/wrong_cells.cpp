#include "limits/wrong_cells.hpp"

#include "cells/mode.hpp"
#include "limits/escrow.hpp"
#include "limits/ledger.hpp"
#include "limits/quiet.hpp"
#include "limits/scopes.hpp"
#include "pg/spi.hpp"

namespace limits {

namespace {

// So many are looked at, lest others are locked out for long.
constexpr int most_suspects = 1000;

// What looks wrong while others go on: most of it is in use.
std::vector<cells::Identity> suspects() {
  const AsSteward steward;
  pg::Spi spi;
  const std::uint64_t rows = spi.query(
      fmt::format("SELECT c.meter, c.subject, c.account FROM steward._limit_cells AS c LEFT JOIN ("
                  "SELECT meter, subject, account, pg_catalog.sum(n)::pg_catalog.int8 AS n FROM ("
                  "SELECT meter, subject, account, used AS n FROM steward._usage"
                  " UNION ALL SELECT meter, subject, account, n FROM steward._ledger) AS u GROUP BY meter, "
                  "subject, account"
                  ") AS r USING (meter, subject, account)"
                  " WHERE c.used OPERATOR(pg_catalog.<>) greatest(COALESCE(r.n, 0), 0)"
                  " OR c.held OPERATOR(pg_catalog.<>) 0 OR c.giving OPERATOR(pg_catalog.<>) 0 LIMIT {}",
                  most_suspects));
  std::vector<cells::Identity> accounts;
  for (std::uint64_t i = 0; i < rows; ++i)
    accounts.emplace_back(spi.value<std::int32_t>(i, 1), spi.value<std::string>(i, 2),
                          spi.value<std::int64_t>(i, 3));
  return accounts;
}

// With all who consume locked out.
std::vector<WrongCell> wrong_among(const std::vector<cells::Identity>& accounts) {
  std::vector<WrongCell> wrong;
  for (const cells::Identity& account : accounts) {
    cells::Place place{};
    LimitCell cell;
    if (!limit_cells().read(account, place, &cell)) continue;
    const std::int64_t used = used_in_rows(account);
    if (cell.used != used || cell.held != 0 || cell.giving != 0)
      wrong.push_back({account, used, cell.used + cell.held - cell.giving});
  }
  return wrong;
}

bool may_look() {
  return !RecoveryInProgress() && !IsInParallelMode() && !has_holds() && cells::mode() != cells::Mode::row;
}

}  // namespace

std::vector<WrongCell> wrong_cells() {
  std::vector<WrongCell> wrong;
  if (!may_look()) return wrong;
  const std::vector<cells::Identity> accounts = suspects();
  if (accounts.empty()) return wrong;
  in_quiet([&] {
    wrong = wrong_among(accounts);
    return Then::undo;
  });
  return wrong;
}

std::int64_t drop_wrong_cells() {
  if (!may_look()) return 0;
  const std::vector<cells::Identity> accounts = suspects();
  if (accounts.empty()) return 0;
  limit_cells().open();
  limit_cells().lock_out_writers();
  const std::vector<WrongCell> wrong = wrong_among(accounts);
  for (const WrongCell& one : wrong) limit_cells().drop(one.account);
  return static_cast<std::int64_t>(wrong.size());
}

}  // namespace limits
