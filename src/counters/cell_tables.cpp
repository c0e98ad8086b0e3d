#include "counters/cell_tables.hpp"

#include "counters/tables.hpp"

namespace counters {

namespace {

cells::Table count_cells{{counts_table, count_cell_size, 3, false}};
cells::Table bucket_cells{{buckets_table, 8, 1, true}};
cells::Table last_hit_cells{{last_hits_table, 8, 1, false}};

}  // namespace

cells::Table& counts() { return count_cells; }
cells::Table& buckets() { return bucket_cells; }
cells::Table& last_hits() { return last_hit_cells; }

}  // namespace counters
