// As whom statements on the tables of the limits run, and what holds off others meanwhile.
#pragma once

#include "limits/tables.hpp"
#include "pg/acting.hpp"

namespace limits {

using pg::AsOwnerOf;
using pg::AsSteward;

// Until this transaction ends nobody else changes tiers, meters, limits or bindings. Who reads them is not held up.
inline void lock_catalogue() { pg::lock_own_relation(meters_table, ShareRowExclusiveLock); }

// For a statement that changes rows of the catalogue which are known to be there: a transaction that sees an older state may
// find fewer.
inline void require_changed(std::uint64_t rows, std::uint64_t known = 1) {
  if (rows < known)
    throw pg::Error{ERRCODE_T_R_SERIALIZATION_FAILURE, "could not change limits due to a concurrent change"}
        .detail("It was made after this transaction began.");
}

}  // namespace limits
