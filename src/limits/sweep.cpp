#include "limits/sweep.hpp"

#include <algorithm>

#include "keys/orphans.hpp"
#include "limits/account.hpp"
#include "limits/catalogue.hpp"
#include "limits/quiet.hpp"
#include "limits/scopes.hpp"
#include "limits/subject_rows.hpp"
#include "limits/subjects.hpp"
#include "pg/notice.hpp"
#include "pg/parameters.hpp"
#include "pg/spi.hpp"
#include "pg/subtransaction.hpp"
#include "settings.hpp"

namespace limits {

namespace {

// So few at once that nobody is locked out for long.
constexpr std::ptrdiff_t subjects_at_once = 50;
constexpr int accounts_at_once = 500;
// For the table of the subjects, which somebody may have locked for hours.
constexpr const char longest_wait[] = "1s";

using Subjects = std::vector<std::string>;

// ---- subjects that are gone

// Those for which something is kept, in order, behind one of them. What is counted by rows goes with the rows.
Subjects subjects_behind(const Meter& meter, const std::optional<std::string>& last) {
  std::string parts;
  const auto add = [&](const char* table) {
    parts += fmt::format(
        "{}(SELECT DISTINCT subject FROM steward.{} WHERE meter OPERATOR(pg_catalog.=) $1"
        " AND ($2 IS NULL OR subject OPERATOR(pg_catalog.>) $2) ORDER BY subject LIMIT {})",
        parts.empty() ? "" : " UNION ", table, keys::keys_at_once);
  };
  for (const char* table : {"_overrides", "_extras", "_denials"}) add(table);
  if (!meter.by_rows)
    for (const char* table : {"_ledger", "_usage"}) add(table);
  const AsSteward steward;
  pg::Spi spi;
  const std::uint64_t rows = spi.run(
      fmt::format("SELECT subject FROM ({}) AS kept ORDER BY subject LIMIT {}", parts, keys::keys_at_once),
      meter.id, last);
  Subjects subjects;
  for (std::uint64_t i = 0; i < rows; ++i) subjects.push_back(spi.value<std::string>(i, 1));
  return subjects;
}

Subjects without_row(const SubjectTable& table, const Subjects& subjects) {
  if (subjects.empty()) return {};
  return keys::without_row(table.relation, {table.key, table.key_type}, subjects);
}

// With nobody consuming, a subject that is not there before and after was not there in between: nothing goes along of one that is
// given the same key.
void drop_gone(const SubjectTable& table, const Subjects& gone) {
  in_quiet([&] {
    for (const std::string& subject : gone) drop_subject(table.relation, subject);
    return without_row(table, gone).size() == gone.size() ? Then::keep : Then::undo;
  });
}

// ---- accounts of periods that have ended: their cells, and in mode row their rows

// No period ends later than this many days after what its number says.
constexpr const char longest[] =
    "CASE m.period WHEN 'hour' THEN 1 WHEN 'day' THEN 2 WHEN 'week' THEN 8 WHEN 'month' THEN 32 WHEN 'year' "
    "THEN 367 ELSE 64 "
    "END";

// Accounts of extras are numbers that are no time.
std::vector<cells::Identity> old_accounts() {
  const AsSteward steward;
  pg::Spi spi;
  const std::uint64_t rows = spi.run(
      fmt::format(
          "SELECT c.meter, c.subject, c.account FROM (SELECT meter, subject, account FROM "
          "steward._limit_cells"
          " WHERE denied OPERATOR(pg_catalog.=) 0 AND held OPERATOR(pg_catalog.=) 0"
          " UNION SELECT meter, subject, account FROM steward._limit_accounts) AS c"
          " JOIN steward._meters AS m ON m.id OPERATOR(pg_catalog.=) c.meter"
          " WHERE m.kind OPERATOR(pg_catalog.=) 'metered'"
          " AND CASE WHEN c.account OPERATOR(pg_catalog.>) $3"
          " THEN c.account OPERATOR(pg_catalog.<) ($1 OPERATOR(pg_catalog.-) ({0} OPERATOR(pg_catalog.*) "
          "{1}))"
          " ELSE NOT EXISTS (SELECT FROM steward._extras AS e WHERE e.meter OPERATOR(pg_catalog.=) c.meter"
          " AND e.subject OPERATOR(pg_catalog.=) c.subject"
          " AND e.id OPERATOR(pg_catalog.=) (c.account OPERATOR(pg_catalog.-) $4)"
          " AND (e.until IS NULL OR e.until OPERATOR(pg_catalog.>) $2)) END LIMIT {2}",
          USECS_PER_DAY, longest, accounts_at_once),
      settings::now(), pg::Timestamp{settings::now()}, std::int64_t{standing_account / 2},
      std::int64_t{standing_account});
  std::vector<cells::Identity> accounts;
  for (std::uint64_t i = 0; i < rows; ++i)
    accounts.emplace_back(spi.value<std::int32_t>(i, 1), spi.value<std::string>(i, 2),
                          spi.value<std::int64_t>(i, 3));
  return accounts;
}

// Both are made anew where they are missing; only what a cell alone says, how often it was denied, would be lost.
void drop_account(const cells::Identity& account) {
  cells::Place place{};
  LimitCell cell;
  if (limit_cells().read(account, place, &cell) && cell.denied == 0) limit_cells().drop(account);
  const AsSteward steward;
  pg::Spi{}.run(
      "DELETE FROM steward._limit_accounts WHERE meter OPERATOR(pg_catalog.=) $1"
      " AND subject OPERATOR(pg_catalog.=) $2 AND account OPERATOR(pg_catalog.=) $3",
      account.owner(), std::string{account.key()}, account.start().value());
}

bool drop_old_accounts() {
  const std::vector<cells::Identity> accounts = old_accounts();
  if (accounts.empty()) return false;
  const bool quiet = in_quiet([&] {
    for (const cells::Identity& account : accounts) drop_account(account);
    return Then::keep;
  });
  return quiet && accounts.size() == accounts_at_once;
}

class Sweep {
 public:
  explicit Sweep(pg::Batches& batches) : batches_{batches} {}

  void run() {
    for (const Oid relation : declared_relations())
      for (const auto& meter : meters_of(relation)) drop_gone_of(*meter);
    bool more = true;
    while (more) {
      more = drop_old_accounts();
      batches_.commit();
    }
  }

 private:
  // A table that cannot be asked stops no other.
  template <typename Part>
  bool attempt(const Meter& meter, Part&& part) {
    pg::check_interrupts();
    const std::optional<pg::Failure> failure = pg::subtransaction([&] {
      pg::Parameters parameters;
      parameters.set("lock_timeout", longest_wait);
      if (const auto table = find_subjects(meter.subjects)) part(*table);
    });
    if (failure)
      pg::warn(fmt::format("could not tell which subjects of meter \"{}\" are gone", meter.name),
               fmt::format("{}: {}", failure->code(), failure->message));
    batches_.commit();
    return !failure;
  }

  void drop_gone_of(const Meter& meter) {
    std::optional<std::string> last;
    do {
      Subjects gone;
      std::optional<std::string> next;
      const bool known = attempt(meter, [&](const SubjectTable& table) {
        const Subjects subjects = subjects_behind(meter, last);
        gone = without_row(table, subjects);
        if (!subjects.empty()) next = subjects.back();
      });
      last = known ? next : std::nullopt;
      for (auto from = gone.begin(); from != gone.end();) {
        const auto to = from + std::min(subjects_at_once, gone.end() - from);
        attempt(meter, [&](const SubjectTable& table) { drop_gone(table, {from, to}); });
        from = to;
      }
    } while (last);
  }

  pg::Batches& batches_;
};

}  // namespace

void sweep(pg::Batches& batches) { Sweep{batches}.run(); }

}  // namespace limits
