// A counted table in the text of statements.
#pragma once

#include <string>

#include "counters/counter.hpp"

namespace counters {

// Its name; rows of tables that inherit from it are none of its own, those of partitions are.
std::string table_text(const Counter& counter);

// Key, count and, where there is one, the time of the last hit, of table t.
std::string columns_text(const Counter& counter);

}  // namespace counters
