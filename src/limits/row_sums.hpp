// What the rows of tables come to, by subject.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "limits/rows.hpp"
#include "pg/row_reader.hpp"

namespace limits {

using Sums = std::map<std::string, std::int64_t>;

// What becomes of a row whose measure is negative: such a row cannot be written, but may have been there.
enum class Negative { counts_nothing, is_refused };

// Adds what the rows of a relation and all its partitions come to by a declared table's rule, which is told by names. Its columns
// are the table's: it is that, a partition of it, or has been one.
void add_rows(Sums& sums, Oid relation, const CountingRule& rule, pg::Seen seen,
              Negative negative = Negative::counts_nothing);

}  // namespace limits
