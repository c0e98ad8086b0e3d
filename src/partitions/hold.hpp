// Legal holds: a table that is held is neither detached nor dropped.
#pragma once

#include <optional>
#include <string>

#include "pg/relation.hpp"

namespace partitions {

// Why a table is held: empty where nobody has said, nothing where it is not held.
std::optional<std::string> hold_of(Oid table);

// What the plan says of what would be due.
std::string with_hold(const std::string& reason, const std::optional<std::string>& held);

// A reason that is not given leaves the one that there is.
void hold(Oid table, const std::optional<std::string>& reason);

// QP002 for one that is held. The table is locked, so that no hold can come afterwards.
void require_not_held(Oid table);

}  // namespace partitions
