// The three cell tables of the counters, as they lie on the page.
#pragma once

#include <cstddef>
#include <cstring>

#include "cells/table.hpp"

namespace counters {

struct CountCell {
  std::int64_t value;
  bool unfolded;
  std::int16_t epoch;
};
inline constexpr std::uint16_t count_cell_size = 12;  // the owner follows, aligned
static_assert(offsetof(CountCell, epoch) + sizeof(CountCell::epoch) == count_cell_size);

inline CountCell load_count(const char* fixed) noexcept {
  CountCell cell;
  std::memcpy(&cell, fixed, count_cell_size);
  return cell;
}
inline void store_count(char* fixed, const CountCell& cell) noexcept {
  std::memcpy(fixed, &cell, count_cell_size);
}

cells::Table& counts();
cells::Table& buckets();
cells::Table& last_hits();

}  // namespace counters
