// What transactions in progress hold of accounts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace limits {

// Removes the cells of a meter, or of one subject of it, in the current transaction, having waited for all transactions that
// hold something; what this transaction holds itself is forgotten with them.
void forget_accounts(std::int32_t meter, std::optional<std::string_view> subject);

// Gives the cells of a subject, and what this transaction holds, another key.
void move_accounts(std::int32_t meter, const std::string& from, const std::string& to);

}  // namespace limits
