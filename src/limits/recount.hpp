// What the rows of limited tables come to, and putting right what is recorded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "limits/catalogue.hpp"
#include "limits/row_sums.hpp"

namespace limits {

struct Difference {
  std::string subject;
  std::int64_t counted, recorded;
};

// Where the tables' rows come to something else than what is recorded, as the calling statement sees both.
std::vector<Difference> differences(const Meter& meter);

// Records what the rows come to now. Waits for all who write the meter's tables, and keeps others from doing so until this transaction
// ends. Raises 0A000 in a transaction that does not see the latest rows.
void recount(const Meter& meter, Negative negative = Negative::counts_nothing);

}  // namespace limits
