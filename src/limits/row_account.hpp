// Mode row: an account belongs to one transaction at a time, which has its row locked until it ends. README.md says why that is exact.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "cells/identity.hpp"
#include "cells/mode.hpp"

namespace limits {

// Keeps the account from others until this transaction, or its savepoint, ends; true when another had it, and was waited for.
bool lock_account(const cells::Identity& account);

// Removes the rows of a meter's accounts, or of one subject's, in the present transaction; waits for all who have one.
void forget_locked_accounts(std::int32_t meter, std::optional<std::string_view> subject);

// Empties the cells, which know nothing of what was used in mode row.
void leave_mode(cells::Mode from);

}  // namespace limits
