#include "partitions/locks.hpp"

#include "partitions/foreign_keys.hpp"
#include "partitions/scopes.hpp"
#include "pg/lock_wait.hpp"
#include "pg/spi.hpp"

namespace partitions {

namespace {

std::int64_t clock() { return pg::call(::GetCurrentTimestamp); }

[[noreturn]] void refuse_to_wait(Oid table) {
  const char* name = pg::call(::get_rel_name, table);
  throw pg::at(pg::Error{ERRCODE_LOCK_NOT_AVAILABLE,
                         fmt::format("could not obtain lock on table \"{}\"", name != nullptr ? name : "?")},
               table);
}

}  // namespace

void Locks::take(Oid table, LOCKMODE mode) {
  if (!pg::try_lock_table(table, mode)) {
    blame(pg::holders_of(table, mode));
    if (waiting_ == Waiting::never) refuse_to_wait(table);
    waiting_since_ = clock();
    pg::lock_table(table, mode);
    waited_ += clock() - waiting_since_;
    waiting_since_ = 0;
  }
  if (held_since_ == 0 && mode > ShareUpdateExclusiveLock) held_since_ = clock();
}

void Locks::take_referring(Oid set) {
  for (const Oid table : tables_referring_to(set)) take(table, ShareRowExclusiveLock);
}

void Locks::blame(const std::vector<std::int32_t>& processes) { blocked_by_ = describe(processes); }

std::int64_t Locks::waited() const { return waited_ + (waiting_since_ == 0 ? 0 : clock() - waiting_since_); }

std::int64_t Locks::held() const { return held_since_ == 0 ? 0 : clock() - held_since_; }

std::string describe(const std::vector<std::int32_t>& processes) {
  if (processes.empty()) return {};
  const AsSteward steward;
  pg::Spi spi;
  spi.run_on_latest(
      "SELECT pg_catalog.string_agg(CASE p.pid WHEN 0 THEN 'a prepared transaction' ELSE "
      "pg_catalog.concat(p.pid, ' (',"
      " pg_catalog.concat_ws(', ', a.usename, NULLIF(a.application_name, ''), a.state), ')') END, ', ' ORDER "
      "BY p.pid)"
      " FROM pg_catalog.unnest($1) AS p (pid) LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid "
      "OPERATOR(pg_catalog.=) p.pid",
      processes);
  return spi.find<std::string>(0, 1).value_or("");
}

}  // namespace partitions
