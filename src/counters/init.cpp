#include "counters/init.hpp"

#include "cells/mode.hpp"
#include "counters/cells.hpp"
#include "counters/deltas_fold.hpp"
#include "counters/pending.hpp"
#include "counters/tables.hpp"
#include "pg/transaction.hpp"

namespace counters {

namespace {

// In place, cells alone are the truth; deltas must be in them before.
void leave_mode(cells::Mode from) {
  if (from == cells::Mode::row) merge_deltas();
}

}  // namespace

void init() {
  cells::register_mode_user(
      {{counts_table, buckets_table, last_hits_table, deltas_table}, &has_pending, &leave_mode});
  pg::listen_to_transactions(transaction_events);
}

}  // namespace counters
