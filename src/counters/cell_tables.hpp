// The three cell tables of the counters, as they lie on the page.
#pragma once

#include "cells/table.hpp"

namespace counters {

struct CountCell {
  std::int64_t value;
  bool unfolded;
};
inline constexpr std::uint16_t count_cell_size = 12;  // the owner follows, aligned

cells::Table& counts();
cells::Table& buckets();
cells::Table& last_hits();

}  // namespace counters
