// What this transaction has counted and holds back until it commits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cells/table.hpp"
#include "counters/counter.hpp"
#include "pg/transaction.hpp"

namespace counters {

// A row of a counted table, and where its cells are.
struct Counted {
  Counted(const Counter& of, std::string_view key);

  cells::Identity row;
  std::optional<cells::Identity> in_bucket;  // of this transaction
  Oid relation;
  std::int64_t max;
  bool keeps_last;
  cells::Place count{}, bucket{}, last{};

  const std::string& name() const noexcept { return row.bytes(); }
};

// First what came before is forgotten or replaced by a value, then something is added.
struct Change {
  enum class Base { kept, forgotten, value };

  Base base = Base::kept;
  std::int64_t value = 0;
  std::int64_t added = 0;
  std::int64_t hits = 0;  // the part of all this that was hit, for the bucket
  bool hit = false;       // the time of the last hit is this transaction's

  void absorb(const Change& later);
  // Whether absorbing it keeps every sum within a bigint. A sum over some savepoints alone may wrap around: that over all
  // of them is then right again.
  bool can_absorb(const Change& later) const noexcept;
  bool does_something() const noexcept { return base == Base::value || added != 0 || hits != 0 || hit; }
  // The count that `committed` becomes; empty when it does not fit a bigint.
  std::optional<std::int64_t> applied_to(std::int64_t committed) const;
};

// Remembers a change at the present savepoint. `counted` brings places that the caller has found.
void remember(const Counted& counted, const Change& change);

// A row that this transaction has counted, and all that it has done to it. Valid until the next call that counts.
struct Pending {
  Counted* counted;
  Change change;
  std::size_t at;  // in the journal
};
std::optional<Pending> pending(const cells::Identity& row);

// As remember(), for a row that is pending already.
void remember_more(const Pending& before, const Change& change);

// What this transaction has counted of a row is forgotten: the row is gone, with its cells.
void forget(std::int32_t counter, const std::string& key);
// The same of all its rows.
void forget(std::int32_t counter);

// The same when the row goes on under another key, and what was counted with it.
void move_pending(std::int32_t counter, const std::string& from, const std::string& to);

// Raises QN004 or 22003 unless a count may be changed so.
void require_count(const Counted& counted, const Change& change, std::int64_t committed);
[[noreturn]] void refuse_count(const Counted& counted, std::optional<std::int64_t> count);

// For the transaction's end; registered by init().
extern const pg::TransactionEvents transaction_events;

}  // namespace counters
