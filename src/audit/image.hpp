// A row as the log has it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/columns.hpp"
#include "pg/json_item.hpp"
#include "pg/row_values.hpp"

namespace audit {

// What a value is in the log; nothing of a redacted one gets further than this. `masked`: and not hashed.
pg::JsonItem item_of(const Column& column, const pg::RowValues& row, bool masked);

// The items of all recorded columns.
std::vector<pg::JsonItem> items_of(const Columns& columns, const pg::RowValues& row, bool masked);

// An object of these columns.
Datum object_of(const std::vector<const Column*>& columns, const std::vector<pg::JsonItem>& items);

std::vector<const Column*> all_of(const Columns& columns);
std::vector<const Column*> differing(const Columns& columns, TupleDesc shape, const pg::RowValues& was,
                                     const pg::RowValues& is);

// The row's key, and whose it is.
std::optional<std::string> key_of(const Columns& columns, const pg::RowValues& row);
std::optional<std::string> tenant_of(const Columns& columns, const pg::RowValues& row);

}  // namespace audit
