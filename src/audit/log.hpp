// Writing the log: below SQL, into the month that a row belongs to.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "pg/relation.hpp"

namespace audit::log {

enum class Table { records, transactions };

// A row, and the time that says in which month it goes.
struct Row {
  HeapTuple tuple;
  std::int64_t at;
};

// Forms a row of the columns that the table has, in its order, in the current memory context. Nothing is NULL.
HeapTuple form(Table table, std::span<const std::optional<Datum>> row);

void append(Table table, std::span<const Row> rows);

// When the oldest month of records begins: what was before it is gone, or is yet to be moved there. Nothing where there is no month.
std::optional<std::int64_t> oldest_month();

}  // namespace audit::log
