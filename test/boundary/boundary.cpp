// A module that only this suite loads: SQL functions that leave C++ in every way there is, and say what they left
// behind.
#include <stdexcept>

#include "pg/function.hpp"
#include "pg/memory.hpp"
#include "pg/rows.hpp"
#include "pg/spi.hpp"
#include "pg/watch.hpp"

extern "C" {
#include "storage/lwlock.h"

PG_MODULE_MAGIC;
}

namespace {

// An object whose destructor must run, whichever way out is taken.
class Live {
 public:
  Live() { ++count; }
  Live(const Live&) { ++count; }
  Live& operator=(const Live&) = default;
  ~Live() { --count; }
  static int count;
};
int Live::count = 0;

// What an LWLock does to interrupts, and an LWLock itself.
class Holdoff {
 public:
  Holdoff() { HOLD_INTERRUPTS(); }
  Holdoff(const Holdoff&) = delete;
  Holdoff& operator=(const Holdoff&) = delete;
  ~Holdoff() { RESUME_INTERRUPTS(); }
};

class LightLock {
 public:
  LightLock() { pg::call(::LWLockAcquire, static_cast<LWLock*>(AddinShmemInitLock), LW_EXCLUSIVE); }
  LightLock(const LightLock&) = delete;
  LightLock& operator=(const LightLock&) = delete;
  ~LightLock() { LWLockRelease(AddinShmemInitLock); }
};

void run_sql(std::string_view statement) {
  pg::Spi spi;
  spi.run(std::string{statement});
}

[[noreturn]] void throw_one(std::string_view kind) {
  const Live live;
  if (kind == "bad_alloc") throw std::bad_alloc{};
  if (kind == "runtime_error") throw std::runtime_error{"a standard exception"};
  if (kind == "int") throw 42;
  if (kind == "long") throw pg::Error{ERRCODE_DATA_EXCEPTION, std::string(100'000, 'x')};
  if (kind == "percent") throw pg::Error{ERRCODE_DATA_EXCEPTION, "%s%n"}.detail("%s%n").hint("%s%n");
  throw pg::Error{ERRCODE_CHECK_VIOLATION, "the message"}
      .detail("The detail.")
      .hint("The hint.")
      .schema("the schema")
      .table("the table")
      .column("the column")
      .constraint("the constraint");
}

// Rows 1 to stop; the one at fail_at raises instead.
class Counting {
 public:
  Counting(std::int32_t stop, std::int32_t fail_at) : stop_{stop}, fail_at_{fail_at} {}

  std::optional<std::tuple<std::int32_t, std::optional<std::string>>> next() {
    if (at_ == stop_) return std::nullopt;
    if (++at_ == fail_at_) throw pg::Error{ERRCODE_DATA_EXCEPTION, fmt::format("row {} fails", at_)};
    return std::tuple{at_, at_ % 2 == 0 ? std::nullopt : std::optional{fmt::format("row {}", at_)}};
  }

 private:
  Live live_;
  std::int32_t stop_, fail_at_, at_ = 0;
};

pg::Resident<Live> resident;
pg::Resident<pg::Watch> watch;

struct FailsToStart {
  Live live;
  FailsToStart() { run_sql("SELECT 1/0"); }
};
pg::Resident<FailsToStart> never;

}  // namespace

namespace sql {

std::int32_t live() { return Live::count; }

// In words, what the boundary must have put back.
std::string held_off() { return fmt::format("{} {}", InterruptHoldoffCount, QueryCancelHoldoffCount); }

std::int32_t throw_kind(std::string_view kind) { throw_one(kind); }

// Runs SQL with live destructors on both sides of it; the statement may call this function again.
std::int32_t run(std::string_view statement) {
  const Live before;
  run_sql(statement);
  const Live after;
  return Live::count;
}

// The same while interrupts are held off, by hand and by an LWLock.
std::int32_t run_held_off(std::string_view statement) {
  const Holdoff outer, inner;
  const Live live;
  run_sql(statement);
  return 0;
}

std::int32_t run_locked(std::string_view statement) {
  const LightLock lock;
  const Live live;
  run_sql(statement);
  return 0;
}

std::int32_t throw_locked(std::string_view kind) {
  const LightLock lock;
  throw_one(kind);
}

// A server function that can be cancelled, with no SPI in between.
void wait(std::int32_t seconds) {
  const Live live;
  pg::call(::DirectFunctionCall1Coll, ::pg_sleep, Oid{InvalidOid},
           Float8GetDatum(static_cast<double>(seconds)));
}

// Spins in C++ until it is cancelled.
void spin() {
  const Live live;
  for (;;) pg::check_interrupts();
}

std::int32_t takes_two(std::int32_t first, std::int32_t second) { return first + second; }

std::string describe(std::int32_t number, std::string_view word, std::optional<std::int64_t> more) {
  return fmt::format("{} {} {}", number, word, more ? std::to_string(*more) : "nothing");
}

Counting count_up(std::int32_t stop, std::int32_t fail_at) { return {stop, fail_at}; }

// A resident object for as long as the transaction, or the session, lasts.
void keep(bool for_session) {
  resident.make(for_session ? TopMemoryContext : TopTransactionContext, "boundary");
}
void forget() { resident.drop(); }
bool kept() { return resident.get() != nullptr; }
void keep_what_fails() { never.make(TopMemoryContext, "boundary"); }
bool kept_what_fails() { return never.get() != nullptr; }

void watch_start(pg::RelationId rel) { watch.make(TopMemoryContext, "boundary watch").start(rel.oid); }
bool watch_changed() { return watch.get() == nullptr || watch.get()->changed(); }
void announce(pg::RelationId rel) { pg::announce_change(rel.oid); }

}  // namespace sql

PG_SQL_FUNCTION(live);
PG_SQL_FUNCTION(held_off);
PG_SQL_FUNCTION(throw_kind);
PG_SQL_FUNCTION(run);
PG_SQL_FUNCTION(run_held_off);
PG_SQL_FUNCTION(run_locked);
PG_SQL_FUNCTION(throw_locked);
PG_SQL_FUNCTION(wait);
PG_SQL_FUNCTION(spin);
PG_SQL_FUNCTION(takes_two);
PG_SQL_FUNCTION(describe);
PG_SQL_ROWS(count_up);
PG_SQL_FUNCTION(keep);
PG_SQL_FUNCTION(forget);
PG_SQL_FUNCTION(kept);
PG_SQL_FUNCTION(keep_what_fails);
PG_SQL_FUNCTION(kept_what_fails);
PG_SQL_FUNCTION(watch_start);
PG_SQL_FUNCTION(watch_changed);
PG_SQL_FUNCTION(announce);
