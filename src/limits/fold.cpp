// Keeping the rows few: the ledger is added up, denials leave the cells, what has become useless goes.
#include "limits/escrow.hpp"
#include "limits/sweep.hpp"
#include "limits/tables.hpp"
#include "pg/notice.hpp"
#include "pg/privileges.hpp"
#include "pg/procedure.hpp"
#include "pg/session_lock.hpp"
#include "pg/spi.hpp"
#include "settings.hpp"

namespace limits {

namespace {

// One statement, so that whoever sums up the rows sees them before or after, and never in between.
constexpr const char add_up[] =
    "WITH batch AS (SELECT DISTINCT subject FROM steward._ledger WHERE meter OPERATOR(pg_catalog.=) $1"
    "   AND ($2 IS NULL OR subject OPERATOR(pg_catalog.>) $2) ORDER BY subject LIMIT 1000),"
    " gone AS (DELETE FROM steward._ledger AS l USING batch WHERE l.meter OPERATOR(pg_catalog.=) $1"
    "   AND l.subject OPERATOR(pg_catalog.=) batch.subject RETURNING l.*),"
    " sums AS (INSERT INTO steward._usage AS u (meter, subject, account, month, used, period_start, "
    "first_at, last_at)"
    "   SELECT meter, subject, account, COALESCE(month, ''), pg_catalog.sum(n)::pg_catalog.int8,"
    "     pg_catalog.min(period_start), pg_catalog.min(at), pg_catalog.max(at)"
    "   FROM gone GROUP BY meter, subject, account, COALESCE(month, '')"
    "   ON CONFLICT (meter, subject, account, month) DO UPDATE SET used = u.used OPERATOR(pg_catalog.+) "
    "EXCLUDED.used,"
    "     first_at = least(u.first_at, EXCLUDED.first_at), last_at = greatest(u.last_at, EXCLUDED.last_at))"
    " SELECT pg_catalog.max(subject) FROM batch";

class Fold {
 public:
  void run() {
    if (!pg::try_lock_session(lock())) return pg::notice("limits are being folded by another session");
    for (const std::int32_t meter : meters()) {
      std::optional<std::string> last;
      do {
        pg::check_interrupts();
        last = add_up_behind(meter, last);
        batches_.commit();
      } while (last);
    }
    fold_denials();
    drop_old_keys();
    batches_.commit();
    drop_zeros();
    batches_.commit();
    sweep(batches_);
    pg::release_session(lock());
  }

 private:
  // Two at once would take the same denials from the cells.
  static pg::LockName lock() { return {pg::own_relation(ledger_table), 0}; }

  static Oid steward() { return pg::owner_of(pg::own_relation("_meters")); }

  std::vector<std::int32_t> meters() {
    std::vector<std::int32_t> ids;
    {
      const pg::ActingAs owner{steward()};
      pg::Spi spi;
      const std::uint64_t count = spi.run("SELECT id FROM steward._meters ORDER BY id");
      for (std::uint64_t i = 0; i < count; ++i) ids.push_back(spi.value<std::int32_t>(i, 1));
    }
    batches_.commit();
    return ids;
  }

  static std::optional<std::string> add_up_behind(std::int32_t meter,
                                                  const std::optional<std::string>& last) {
    const pg::ActingAs owner{steward()};
    pg::Spi spi;
    spi.run(add_up, meter, last);
    return spi.find<std::string>(0, 1);
  }

  // What the rows have got is taken from the cells afterwards: until then the view shows it twice, and never not at all.
  void fold_denials() {
    std::vector<Denials> folded;
    {
      const pg::ActingAs owner{steward()};
      pg::Spi spi;
      const std::uint64_t count = spi.run(
          "SELECT meter, subject, account, denied, last_denied FROM steward._limit_cells"
          " WHERE denied OPERATOR(pg_catalog.>) 0");
      for (std::uint64_t i = 0; i < count; ++i)
        folded.push_back(
            {{spi.value<std::int32_t>(i, 1), spi.value<std::string>(i, 2), spi.value<std::int64_t>(i, 3)},
             spi.value<std::int64_t>(i, 4)});
      for (const Denials& one : folded)
        spi.run(
            "INSERT INTO steward._denials AS d (meter, subject, denied, last_denied)"
            " SELECT $1, $2, $4, last_denied FROM steward._limit_cells WHERE meter OPERATOR(pg_catalog.=) $1"
            " AND subject OPERATOR(pg_catalog.=) $2 AND account OPERATOR(pg_catalog.=) $3"
            " ON CONFLICT (meter, subject) DO UPDATE SET denied = d.denied OPERATOR(pg_catalog.+) "
            "EXCLUDED.denied,"
            " last_denied = greatest(d.last_denied, EXCLUDED.last_denied)",
            one.account.owner(), std::string{one.account.key()}, one.account.start().value(), one.denied);
    }
    batches_.commit();
    for (const Denials& one : folded) forget_denials(one.account, one.denied);
    batches_.commit();
  }

  static void drop_old_keys() {
    const pg::ActingAs owner{steward()};
    pg::Spi{}.run(
        "DELETE FROM steward._limit_keys WHERE at OPERATOR(pg_catalog.<) $1",
        pg::Timestamp{settings::now() - std::int64_t{settings::limit_key_retention()} * USECS_PER_SEC});
  }

  // Sums are the same without them. What was used of a period is told by the view also where all of it was given back.
  static void drop_zeros() {
    const pg::ActingAs owner{steward()};
    pg::Spi{}.run(
        "DELETE FROM steward._usage WHERE used OPERATOR(pg_catalog.=) 0 AND month OPERATOR(pg_catalog.=) ''");
  }

  struct Denials {
    cells::Identity account;
    std::int64_t denied;
  };

  pg::Batches batches_;
};

}  // namespace

}  // namespace limits

namespace sql {

void fold_limits() {
  pg::require_writable("CALL fold_limits()");
  limits::Fold{}.run();
}

}  // namespace sql

PG_SQL_PROCEDURE(fold_limits);
