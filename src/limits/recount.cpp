#include "limits/recount.hpp"

#include "limits/escrow.hpp"
#include "limits/rows.hpp"
#include "limits/scopes.hpp"
#include "limits/statement_rows.hpp"
#include "pg/spi.hpp"
#include "pg/transaction.hpp"

namespace limits {

namespace {

Sums counted(const Meter& meter, pg::Seen seen, Negative negative) {
  Sums sums;
  for (const Oid table : limited_tables(meter.id))
    if (const std::optional<CountingRule> rule = counting_rule(table, meter.id))
      add_rows(sums, table, *rule, seen, negative);
  return sums;
}

std::string recorded_query(const Meter& meter) {
  return fmt::format(
      "SELECT subject, pg_catalog.sum(n)::pg_catalog.int8 FROM ("
      "SELECT subject, used AS n FROM steward._usage WHERE meter OPERATOR(pg_catalog.=) {0}"
      " UNION ALL SELECT subject, n FROM steward._ledger WHERE meter OPERATOR(pg_catalog.=) {0}) AS r GROUP "
      "BY subject",
      meter.id);
}

Sums recorded(const Meter& meter) {
  const AsSteward steward;
  pg::Spi spi;
  const std::uint64_t count = spi.query(recorded_query(meter));
  Sums sums;
  for (std::uint64_t i = 0; i < count; ++i)
    sums[spi.value<std::string>(i, 1)] = spi.value<std::int64_t>(i, 2);
  add_own(meter.id, sums);
  return sums;
}

}  // namespace

std::vector<Difference> differences(const Meter& meter) {
  const Sums rows = counted(meter, pg::Seen::by_statement, Negative::counts_nothing);
  std::map<std::string, Difference> all;
  for (const auto& [subject, n] : rows) all[subject] = {subject, n, 0};
  for (const auto& [subject, n] : recorded(meter)) {
    Difference& one = all.try_emplace(subject, Difference{subject, 0, 0}).first->second;
    one.recorded = n;
  }
  std::vector<Difference> differing;
  for (const auto& [subject, one] : all)
    if (one.counted != one.recorded) differing.push_back(one);
  return differing;
}

// Whoever writes the tables holds a lock that ours waits for; so nobody holds anything of the meter, for it is used by rows alone.
void recount(const Meter& meter, Negative negative) {
  if (pg::sees_one_state())
    throw pg::Error{ERRCODE_FEATURE_NOT_SUPPORTED,
                    fmt::format("cannot count rows of meter \"{}\" in this transaction", meter.name)}
        .detail("At its isolation level it does not see what others have written since it began.")
        .hint(
            "BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED. A partition that is detached, and then "
            "dropped, needs no count.");
  decide_rows(meter.id);
  for (const Oid table : limited_tables(meter.id)) pg::partition_tree(table, ShareRowExclusiveLock);
  const Sums sums = counted(meter, pg::Seen::latest, negative);
  forget_accounts(meter.id, std::nullopt);
  const AsSteward steward;
  pg::Spi spi;
  spi.run("DELETE FROM steward._ledger WHERE meter OPERATOR(pg_catalog.=) $1", meter.id);
  spi.run("DELETE FROM steward._usage WHERE meter OPERATOR(pg_catalog.=) $1", meter.id);
  std::vector<std::string> subjects;
  std::vector<std::int64_t> used;
  for (const auto& [subject, n] : sums) {
    if (n == 0) continue;
    subjects.push_back(subject);
    used.push_back(n);
  }
  spi.run(
      "INSERT INTO steward._usage (meter, subject, account, month, used, first_at, last_at)"
      " SELECT $1, n.subject, $4, '', n.used, pg_catalog.now(), pg_catalog.now()"
      " FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3)) AS n (subject, used)",
      meter.id, subjects, used, standing_account);
}

}  // namespace limits
