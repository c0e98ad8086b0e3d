// Keys in the one form in which cells hold them: the output of the key column's type, so that '042' and 42, and upper- and
// lower-case UUIDs, are one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "counters/counter.hpp"
#include "pg/datum.hpp"

namespace counters {

// Raises 22P02, with table and column, for what the key column cannot hold; 54000 for a text of more than 1,000 bytes.
std::string key_text(const Counter& counter, std::int64_t key);
std::string key_text(const Counter& counter, const pg::Uuid& key);
std::string key_text(const Counter& counter, std::string_view key);

// The same from a value of the key column itself, as a trigger sees it.
std::string key_text(Oid key_type, Datum value);

// The SQL type that a key's text is cast to in statements of our own, such as "pg_catalog.int8".
const char* key_cast(Oid key_type);

}  // namespace counters
