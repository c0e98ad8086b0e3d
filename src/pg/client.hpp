// Who is at the other end, and as whom.
#pragma once

#include <optional>
#include <string>

#include "pg/call.hpp"

namespace pg {

// The address that the client is connected from; nothing for a Unix socket and a worker.
std::optional<std::string> client_address();

// Whether a text is one that type inet would take.
bool is_address(const char* text) noexcept;

// The name of a role; its number where it has been dropped.
std::string role_name(Oid role);

// Another number when roles may have got other names.
std::uint64_t role_changes();

}  // namespace pg
