// Whether the cells say what the rows do: they are only a cache, but decisions go by it.
#pragma once

#include <cstdint>
#include <vector>

#include "limits/account.hpp"

namespace limits {

struct WrongCell {
  cells::Identity account;
  std::int64_t used;      // as the rows say
  std::int64_t recorded;  // as the cell does; with what it takes for held, though nobody holds anything
};

// Those that are wrong for certain: compared while nobody holds anything. Where others leave no moment for that, none is found; nor
// on a standby and in mode row, which use no cells, nor in a transaction that holds something itself.
std::vector<WrongCell> wrong_cells();

// Removes them in the present transaction, with everybody else locked out until it ends; whoever needs one makes it anew. Returns how
// many.
std::int64_t drop_wrong_cells();

}  // namespace limits
