// The numbers that tables have in the log, and what they were called.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pg/relation.hpp"

namespace audit {

// The number of a table, or of the table that it is a partition of; nothing where the log has none.
std::optional<std::int32_t> number_of(Oid table);

// Raises QA003 where there is none.
std::int32_t require_number(Oid table);

// Since when there are records of a table.
pg::Timestamp since_of(std::int32_t number);

// A table's number, new where it has none; its present name and columns are noted. `resource` where it is given.
std::int32_t number_for(Oid table, const std::optional<std::string>& resource);

// What was recorded of the table before may have been followed by changes that were not.
void recorded_from_now_on(Oid table);

// The number of a resource of events: the audited table's that has this resource, else one of its own.
std::int32_t number_for_resource(const std::string& resource);

// Which of a table and those that it is a partition of has this number.
Oid noted_table(Oid table, std::int32_t number);

// Whether the log has any word on them. Not so while a dump is being restored, several of its tables at a time.
bool has_versions(std::int32_t number);

// Whether the log's last word on a table's name and columns is still true.
bool is_noted(const pg::OpenRelation& table, std::int32_t number);

// Notes the present name and columns, and what has become of all rows since the last time. With `altered` a column that
// has the name of an earlier one but another number is another one; else the database was restored in between.
void note(const pg::OpenRelation& table, std::int32_t number, bool altered);

// Whether the log has any table that is there.
bool has_tables();
// Whether this is one, itself.
bool is_known(Oid table);

// The table is gone: its number stays, for what the log says of it.
void forget_table(Oid table);

}  // namespace audit
