// How cells are written: a property of the database, never of a session, because an UPDATE in one session and an
// in-place write in another lose counts.
#pragma once

#include <vector>

#include "pg/prelude.hpp"

namespace cells {

enum class Mode { inplace, row };

// The mode that holds while a lock on a cell table is held: set_cell_mode() waits for all of these.
Mode mode();

// What a feature does with its tables when the mode changes, with all of them locked against everybody. Registered once,
// by the feature's init.
struct ModeUser {
  std::vector<const char*> tables;  // in lock order
  bool (*has_pending)();            // whether this transaction holds back what it would write in the old mode
  void (*leave)(Mode from);
};
void register_mode_user(const ModeUser& user);

}  // namespace cells
