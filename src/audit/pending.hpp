// The records of this transaction that are not yet in the log, by savepoint.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pg/datum.hpp"
#include "pg/transaction.hpp"

namespace audit {

// What a record says, beside what every record has. Values live until it is added.
struct Record {
  std::int32_t seq;     // of next_change()
  std::int32_t number;  // of the table
  std::string_view action;
  std::optional<std::string_view> row_key, tenant;
  std::optional<Datum> changed;                 // text[]
  std::optional<Datum> old_values, new_values;  // jsonb
};

// Raises QA001 where an actor is required and there is none.
void require_actor();

// The number of a change within its transaction.
std::int32_t next_change();

// Adds a record, made by who acts now; as require_actor().
void add(const Record& record);

// After records have been added, and outside of a subtransaction that they were added in, which alone would be written.
void flush_if_many();

// Writes what may be written now: of the present savepoint, or of the transaction outside of one.
void flush();

// The same, and what waits in outer savepoints, so that whoever reads the log sees all that the transaction has done. What is written
// early is written again if it goes with a savepoint.
void flush_for_reader();

extern const pg::TransactionEvents transaction_events;

}  // namespace audit
