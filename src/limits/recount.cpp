#include "limits/recount.hpp"

#include <map>

#include "limits/escrow.hpp"
#include "limits/row_sums.hpp"
#include "limits/rows.hpp"
#include "limits/scopes.hpp"
#include "pg/parameters.hpp"
#include "pg/privileges.hpp"
#include "pg/spi.hpp"
#include "pg/transaction.hpp"

namespace limits {

namespace {

using Sums = std::map<std::string, std::int64_t>;

// As the table's owner, whose code its condition and its policies may call, and to whom no policy applies.
class AsOwnerOf {
 public:
  explicit AsOwnerOf(Oid table) : acting_{pg::owner_of(table), pg::ActingAs::Code::theirs} {
    parameters_.set("search_path", "pg_catalog, pg_temp");
  }

 private:
  pg::ActingAs acting_;
  pg::Parameters parameters_;
};

enum class Seen { by_statement, latest };

void add_sums(Sums& sums, const std::string& query, Seen seen) {
  pg::Spi spi;
  const std::uint64_t count = seen == Seen::latest ? spi.run_on_latest(query) : spi.query(query);
  for (std::uint64_t i = 0; i < count; ++i)
    sums[spi.value<std::string>(i, 1)] += spi.value<std::int64_t>(i, 2);
}

Sums counted(const Meter& meter, Seen seen) {
  Sums sums;
  for (const Oid oid : limited_tables(meter.id)) {
    const pg::OpenRelation table{oid, AccessShareLock};
    const std::optional<LimitedRows> rows = limited_rows(table, meter.id);
    if (!rows) continue;
    const AsOwnerOf owner{oid};
    add_sums(sums, counting_query(table, *rows), seen);
  }
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

}  // namespace

std::vector<Difference> differences(const Meter& meter) {
  const Sums rows = counted(meter, Seen::by_statement);
  Sums recorded;
  {
    const AsSteward steward;
    add_sums(recorded, recorded_query(meter), Seen::by_statement);
  }
  add_own(meter.id, recorded);
  std::map<std::string, Difference> all;
  for (const auto& [subject, n] : rows) all[subject] = {subject, n, 0};
  for (const auto& [subject, n] : recorded) {
    Difference& one = all.try_emplace(subject, Difference{subject, 0, 0}).first->second;
    one.recorded = n;
  }
  std::vector<Difference> differing;
  for (const auto& [subject, one] : all)
    if (one.counted != one.recorded) differing.push_back(one);
  return differing;
}

// Whoever writes the tables holds a lock that ours waits for; so nobody holds anything of the meter, for it is used by rows alone.
void recount(const Meter& meter) {
  if (pg::sees_one_state())
    throw pg::Error{ERRCODE_FEATURE_NOT_SUPPORTED, "cannot count rows in this transaction"}
        .detail("At its isolation level it does not see what others have written since it began.")
        .hint("BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED.");
  decide_rows(meter.id);
  for (const Oid table : limited_tables(meter.id)) pg::lock_with_partitions(table, ShareRowExclusiveLock);
  const Sums sums = counted(meter, Seen::latest);
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
