// Rows added to steward's own tables below SQL: with their index entries, and without triggers, rules, policies and checks.
#pragma once

#include <span>

#include "pg/relation.hpp"

namespace pg {

// At the end of a transaction, too. Rows are formed by the columns of `like`, which the table has as well, in whatever order.
void append_rows(const OpenRelation& table, const OpenRelation& like, std::span<const HeapTuple> rows);

}  // namespace pg
