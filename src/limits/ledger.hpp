// The rows that are the truth: what was used, by account.
#pragma once

#include <cstdint>
#include <string>

#include "limits/account.hpp"

namespace limits {

// Adds a row with this transaction; without a statement, so that it can be done while the transaction ends.
void insert_ledger_row(const Account& account, std::int64_t n);

// What the rows say that was used, as is committed now, in one snapshot.
std::int64_t used_in_rows(const cells::Identity& account);

}  // namespace limits
