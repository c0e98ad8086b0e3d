// Keys in the one form in which steward holds them: the output of the key column's type, so that '042' and 42, and upper- and
// lower-case UUIDs, are one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pg/datum.hpp"

namespace keys {

// The column that a key is of.
struct KeyOf {
  Oid relation;
  Oid type;  // int2, int4, int8, uuid, text or varchar; a domain's base type
  std::string_view column;
  const char* use;  // what a row with too long a key cannot do, such as "be counted"
};

// Raises 22P02, with table and column, for what the key column cannot hold; 54000 for a text of more than 1,000 bytes.
std::string key_text(const KeyOf& of, std::int64_t key);
std::string key_text(const KeyOf& of, const pg::Uuid& key);
std::string key_text(const KeyOf& of, std::string_view key);

// The same from a value of the key column itself, as a trigger sees it.
std::string key_text(Oid key_type, Datum value);

// The value whose text it is.
Datum key_value(Oid key_type, const std::string& text);

// The SQL type that a key's text is cast to in statements of our own, such as "pg_catalog.int8".
const char* key_cast(Oid key_type);

// Whether keys may be of this type.
bool is_key_type(Oid type);

}  // namespace keys
