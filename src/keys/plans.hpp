// Statements that find one row of a user's table by its key, planned once in a session.
#pragma once

#include <string>

#include "pg/spi.hpp"

namespace keys {

// Runs a statement whose one parameter is a key's text, on what is committed now and what this transaction has done itself.
// Returns the number of rows. The text names the table and its columns: one that is renamed is never mistaken.
std::uint64_t run_planned(const pg::Spi& spi, const std::string& sql, const std::string& key, bool read_only);

// The table's name in such a statement; rows of tables that inherit from it are none of its own, those of partitions are.
std::string table_text(Oid relation);

}  // namespace keys
