// As whom statements on the tables of the limits run, and what holds off others meanwhile.
#pragma once

#include "limits/tables.hpp"
#include "pg/privileges.hpp"

namespace limits {

// As the owner of the extension, who alone may touch the tables.
class AsSteward {
 public:
  AsSteward() : acting_{pg::owner_of(pg::own_relation(meters_table))} {}

 private:
  pg::ActingAs acting_;
};

// Until this transaction ends nobody else changes tiers, meters, limits or bindings. Who reads them is not held up.
inline void lock_catalogue() { pg::lock_own_relation(meters_table, ShareRowExclusiveLock); }

}  // namespace limits
