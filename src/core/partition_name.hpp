// Names of partitions, for those who read them: nothing is ever read back from one.
//
// Contract
// - A name has at most 63 bytes, is valid UTF-8 where the table's is, and is another one for each table and range.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/periods.hpp"

namespace core {

// What a partition that begins at a local time is called after its table's name: _y2024, _y2024m01, _y2024w05 (ISO 8601), _y2024m01d31,
// _y2024m01d31h13.
std::string time_suffix(periods::Unit unit, std::int64_t local);

// _p0001000000, and _pm0001000000 below zero.
std::string number_suffix(std::int64_t from);

// A table's name that is too long is cut, and gets a hash of the whole.
std::string partition_name(std::string_view table, std::string_view suffix);

}  // namespace core
