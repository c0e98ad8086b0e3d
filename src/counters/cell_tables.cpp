#include "counters/cell_tables.hpp"

#include "counters/tables.hpp"

namespace counters {

namespace {

cells::Table counts_{{counts_table, count_cell_size, 2, false}};
cells::Table buckets_{{buckets_table, 8, 1, true}};
cells::Table last_hits_{{last_hits_table, 8, 1, false}};

}  // namespace

cells::Table& counts() { return counts_; }
cells::Table& buckets() { return buckets_; }
cells::Table& last_hits() { return last_hits_; }

}  // namespace counters
