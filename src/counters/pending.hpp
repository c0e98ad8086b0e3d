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
  std::int32_t counter;
  std::string key;
  Oid relation;
  std::int64_t max;
  std::optional<std::int64_t> bucket_start;  // of this transaction
  bool keeps_last;
  cells::Place count, bucket, last;

  std::uint64_t hash() const noexcept;
  bool operator==(const Counted& other) const noexcept { return counter == other.counter && key == other.key; }
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
  bool does_something() const noexcept { return base == Base::value || added != 0 || hits != 0 || hit; }
  // The count that `committed` becomes; empty when it does not fit a bigint.
  std::optional<std::int64_t> applied_to(std::int64_t committed) const;
};

// Remembers a change at the present savepoint. `counted` brings places that the caller has found.
void remember(const Counted& counted, const Change& change);

// All that this transaction has done to a row, if anything.
std::optional<Change> pending_change(std::int32_t counter, const std::string& key);

// The cells that a row in this transaction was found to have, if it was looked at before.
const Counted* already_counted(std::int32_t counter, const std::string& key);

// Raises QN004 or 22003 unless a count may have this value.
void require_count(Oid relation, const std::string& key, std::optional<std::int64_t> count, std::int64_t max);

// For the transaction's end; registered by init().
extern const pg::TransactionEvents transaction_events;

}  // namespace counters
