// Reads the rows of one table without a statement: what is allowed to whom is for the caller to know.
#pragma once

#include "pg/condition.hpp"
#include "pg/row_values.hpp"

namespace pg {

// The rows that are there: as the calling statement sees them, or as they are committed now and by this transaction.
enum class Seen { by_statement, latest };

// A scan of a table that has rows of its own. The condition is evaluated as whoever is the current user.
class RowReader : faults::Counted {
 public:
  // No condition is all rows.
  RowReader(const OpenRelation& table, const Condition* condition, Seen seen);
  RowReader(const RowReader&) = delete;
  RowReader& operator=(const RowReader&) = delete;
  ~RowReader();

  // Goes on to the next row; false at the end. Where it may be cancelled.
  bool next();

  // The value in the present row, good until the next; empty when NULL.
  std::optional<Datum> value(AttrNumber column) const;

  // All values of the present row, good until the next.
  RowValues values() const;

  // For what is made of the present row: gone with the next.
  MemoryContext row_memory() const noexcept;

 private:
  struct State;
  State* state_;
};

}  // namespace pg
