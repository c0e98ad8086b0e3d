#include "counters/fold.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cells/mode.hpp"
#include "counters/cells.hpp"
#include "counters/deltas_fold.hpp"
#include "counters/fold_batch.hpp"
#include "counters/scopes.hpp"
#include "errors.hpp"
#include "pg/notice.hpp"
#include "pg/procedure.hpp"
#include "pg/session_lock.hpp"
#include "pg/spi.hpp"
#include "pg/subtransaction.hpp"
#include "pg/transaction.hpp"
#include "pg/watch.hpp"
#include "settings.hpp"

namespace counters {

namespace {

constexpr std::size_t batch_size = 1000;
constexpr std::int64_t portion_blocks = 256;

// One counter that is being folded.
struct Target {
  std::int32_t id;
  Oid relation;
  std::string column;
  bool bound;
  std::string error;  // why it could not be folded

  std::string name() const {
    const char* relation_name = pg::call(::get_rel_name, relation);
    return fmt::format("counter \"{}\" of table \"{}\"", column,
                       relation_name != nullptr ? relation_name : "?");
  }
};

// A fold of some counters: a row of transactions. A counter whose table refuses is left alone from then on.
class Fold {
 public:
  Fold(std::optional<Oid> relation) {
    read_targets(relation);
    if (relation && targets_.empty()) refuse_unknown(*relation);
    lock_targets();
    batches_.commit();
  }

  void run() {
    for (auto& [id, target] : targets_) settle_binding(target);
    for (auto& [id, target] : targets_)
      if (target.bound) add_deltas(target);
    fold_cells();
    drop_old_buckets();
    for (auto& [id, target] : targets_) record(target);
    batches_.commit();
    for (const auto& [id, target] : targets_) pg::release_session(lock_of(id));
  }

 private:
  static pg::LockName lock_of(std::int32_t id) {
    return {pg::own_relation(counters_table), static_cast<std::uint32_t>(id)};
  }

  [[noreturn]] static void refuse_unknown(Oid relation) {
    const char* name = pg::call(::get_rel_name, relation);
    if (name == nullptr)
      throw pg::Error{ERRCODE_UNDEFINED_TABLE, fmt::format("relation with OID {} does not exist", relation)};
    throw pg::at(pg::Error{errors::no_counter, fmt::format("table \"{}\" has no counter", name)}.hint(
                     "View steward.counter_stats shows all counters."),
                 relation);
  }

  void read_targets(std::optional<Oid> relation) {
    const AsSteward steward;
    pg::Spi spi;
    const std::uint64_t count = spi.run(
        "SELECT id, rel, col FROM steward._counters WHERE $1 IS NULL OR rel OPERATOR(pg_catalog.=) $1 ORDER "
        "BY id",
        relation ? std::optional{pg::RelationId{*relation}} : std::nullopt);
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto id = spi.value<std::int32_t>(i, 1);
      targets_.emplace(
          id, Target{id, spi.value<pg::RelationId>(i, 2).oid, spi.value<pg::Name>(i, 3).text, false, {}});
    }
  }

  // Two folds of one counter would mark folded what the other has overwritten. The lock is kept through all transactions.
  void lock_targets() {
    for (auto at = targets_.begin(); at != targets_.end();) {
      const bool ours = pg::try_lock_session(lock_of(at->first));
      if (!ours) pg::notice(fmt::format("{} is being folded by another session", at->second.name()));
      at = ours ? std::next(at) : targets_.erase(at);
    }
  }

  // Runs a part of a fold in a transaction of its own; what it raises is the counter's failure.
  template <typename Part>
  void attempt(Target& target, Part&& part) {
    pg::check_interrupts();
    const std::optional<pg::Failure> failure = pg::subtransaction(part);
    if (failure) fail(target, fmt::format("{}: {}", failure->code(), failure->message));
    batches_.commit();
  }

  void fail(Target& target, const std::string& error) {
    target.error = error;
    target.bound = false;
    pg::warn(fmt::format("could not fold {}", target.name()), error);
  }

  // What has become of the counter's table and column since the last time.
  void settle_binding(Target& target) {
    attempt(target, [&] {
      if (const std::shared_ptr<const Counter> counter = bound_counter(target.id, target.relation)) {
        target.bound = true;
        if (counter->name != target.column) rename(target, counter->name);
      } else if (pg::call(::get_attnum, target.relation, target.column.c_str()) == InvalidAttrNumber) {
        remove(target);
      } else {
        target.error = "The counter's triggers are gone; steward.create_counter() makes them anew.";
      }
    });
  }

  static void rename(Target& target, const std::string& column) {
    const AsSteward steward;
    pg::Spi spi;
    spi.run("UPDATE steward._counters SET col = $2 WHERE id OPERATOR(pg_catalog.=) $1", target.id,
            pg::Name{column});
    pg::announce_change(pg::own_relation(counters_table));
    target.column = column;
  }

  // The table or the column is gone, and so is everybody who counted.
  static void remove(const Target& target) {
    const AsSteward steward;
    drop_cells(target.id);
    pg::Spi spi;
    spi.run("DELETE FROM steward._counters WHERE id OPERATOR(pg_catalog.=) $1", target.id);
    pg::announce_change(pg::own_relation(counters_table));
  }

  // Mode row: portion by portion of keys.
  void add_deltas(Target& target) {
    std::optional<std::string> last;
    do {
      std::optional<std::string> next;
      attempt(target, [&] {
        const std::shared_ptr<const Counter> counter = bound_counter(target.id, target.relation);
        if (!counter || !holds_mode(cells::Mode::row)) return;
        next = merge_next(*counter, last);
      });
      last = target.bound ? next : std::nullopt;
    } while (last);
  }

  // The mode stays as it is while the lock is held.
  static bool holds_mode(cells::Mode mode) {
    pg::lock_own_relation(counts_table, RowExclusiveLock);
    return cells::mode() == mode;
  }

  // One pass over the cells, in portions of the table. A portion is read and let go before any counted table is locked.
  void fold_cells() {
    const std::int64_t portions = (blocks_of(counts_table) + portion_blocks - 1) / portion_blocks;
    for (std::int64_t portion = 0; portion < portions; ++portion)
      for (auto& [id, keys] : unfolded_in(portion, portions)) {
        Target& target = targets_.at(id);
        for (std::size_t from = 0; from < keys.size() && target.bound; from += batch_size)
          fold(target,
               Keys(keys.begin() + static_cast<std::ptrdiff_t>(from),
                    keys.begin() + static_cast<std::ptrdiff_t>(std::min(from + batch_size, keys.size()))));
      }
  }

  // The portion's unfolded cells. Of one portion, which changes by the minute, all: so that neither what somebody has
  // written into the column stays for ever, nor cells whose rows went without a trigger's firing.
  std::map<std::int32_t, Keys> unfolded_in(std::int64_t portion, std::int64_t portions) {
    std::vector<std::int32_t> bound;
    for (const auto& [id, target] : targets_)
      if (target.bound) bound.push_back(id);
    const bool all = GetCurrentTimestamp() / USECS_PER_MINUTE % portions == portion;
    std::map<std::int32_t, Keys> keys;
    {
      const AsSteward steward;
      pg::Spi spi;
      const std::uint64_t count =
          spi.run(fmt::format("SELECT counter, key FROM steward._counts AS t WHERE {} AND "
                              "counter OPERATOR(pg_catalog.=) ANY ($1){}",
                              in_portion(portion), all ? "" : " AND unfolded"),
                  bound);
      for (std::uint64_t i = 0; i < count; ++i)
        keys[spi.value<std::int32_t>(i, 1)].push_back(spi.value<std::string>(i, 2));
    }
    batches_.commit();
    return keys;
  }

  void fold(Target& target, const Keys& keys) {
    Folded folded;
    attempt(target, [&] {
      const std::shared_ptr<const Counter> counter = bound_counter(target.id, target.relation);
      if (!counter) return;
      pg::lock_own_relation(counts_table, RowExclusiveLock);
      folded = fold_batch(*counter, keys);
    });
    if (!target.bound) return;
    if (!folded.unwilling.empty())
      fail(target, fmt::format("A trigger of the table kept another count for key {} and {} more.",
                               folded.unwilling.front(), folded.unwilling.size() - 1));
    if (!folded.rows.empty()) {
      // In a transaction after the table's: a mark is written in place and cannot be taken back.
      mark_batch(target.id, folded);
      batches_.commit();
    }
    if (folded.missing.empty()) return;
    // A table that others are busy writing is looked at again next time.
    pg::subtransaction([&] { drop_missing(target.id, target.relation, folded.missing); });
    batches_.commit();
  }

  // A bucket is old when its end is.
  void drop_old_buckets() {
    std::vector<std::int32_t> bound;
    for (const auto& [id, target] : targets_)
      if (target.bound) bound.push_back(id);
    const std::int64_t portions = (blocks_of(buckets_table) + portion_blocks - 1) / portion_blocks;
    for (std::int64_t portion = 0; portion < portions; ++portion) {
      pg::check_interrupts();
      {
        const AsSteward steward;
        const Unguarded unguarded;
        pg::Spi spi;
        spi.run(fmt::format(
                    "DELETE FROM steward._bucket_counts AS t USING steward._counters AS c WHERE {}"
                    " AND c.id OPERATOR(pg_catalog.=) t.counter AND c.id OPERATOR(pg_catalog.=) ANY ($1)"
                    " AND t.start OPERATOR(pg_catalog.<) ($2 OPERATOR(pg_catalog.-) c.keep"
                    " OPERATOR(pg_catalog.-) ('1 ' OPERATOR(pg_catalog.||) c.bucket)::pg_catalog.interval)",
                    in_portion(portion)),
                bound, pg::Timestamp{settings::now()});
      }
      batches_.commit();
    }
  }

  void record(const Target& target) {
    const AsSteward steward;
    pg::Spi spi;
    spi.run(
        "UPDATE steward._counters SET last_error = $2, last_fold = CASE WHEN $2 IS NULL THEN pg_catalog.now()"
        " ELSE last_fold END WHERE id OPERATOR(pg_catalog.=) $1",
        target.id, target.error.empty() ? std::nullopt : std::optional{target.error});
  }

  static std::int64_t blocks_of(const char* table) {
    const AsSteward steward;
    pg::Spi spi;
    spi.run("SELECT pg_catalog.pg_relation_size($1::pg_catalog.regclass)", fmt::format("steward.{}", table));
    return spi.value<std::int64_t>(0, 1) / BLCKSZ;
  }

  // Of table t.
  static std::string in_portion(std::int64_t portion) {
    return fmt::format(
        "t.ctid OPERATOR(pg_catalog.>=) '({},0)'::pg_catalog.tid AND t.ctid OPERATOR(pg_catalog.<) "
        "'({},0)'::pg_catalog.tid",
        portion * portion_blocks, (portion + 1) * portion_blocks);
  }

  pg::Batches batches_;
  std::map<std::int32_t, Target> targets_;
};

}  // namespace

}  // namespace counters

namespace sql {

void fold_counters(std::optional<pg::RelationId> rel) {
  pg::require_writable("CALL fold_counters()");
  counters::Fold{rel ? std::optional{rel->oid} : std::nullopt}.run();
}

}  // namespace sql

PG_SQL_PROCEDURE(fold_counters);
