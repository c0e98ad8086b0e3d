// Changes of rows, as records.
#pragma once

#include "audit/columns.hpp"
#include "pg/row_values.hpp"

namespace audit {

// An audited table, or a partition of one, as a change of it finds it.
struct Subject {
  const Options& options;
  const Columns& columns;
  TupleDesc shape;
};

void row_created(const Subject& subject, const pg::RowValues& row);
void row_deleted(const Subject& subject, const pg::RowValues& row);
// Nothing where no recorded column has changed.
void row_updated(const Subject& subject, const pg::RowValues& was, const pg::RowValues& is);
// All rows of the table with this number.
void table_truncated(std::int32_t number);

// One row under two names of it: what was and is, of the columns that have changed or of all.
struct RowId {
  RowId(const Subject& subject, const pg::RowValues& row);

  std::optional<std::string> key, tenant;
};
void add_created(std::int32_t number, const RowId& row, Datum image);
void add_deleted(std::int32_t number, const RowId& row, Datum image);

// What was there, and what of it whoever has got the row from another tenant may know: of what key it was.
struct Before {
  Datum values;
  std::optional<Datum> key;
};
void add_updated(std::int32_t number, const RowId& was, const RowId& is,
                 const std::vector<std::string>& changed, const Before& before, Datum new_values);
inline bool is_transferred(const RowId& was, const RowId& is) { return was.tenant != is.tenant; }

// Of a row without a key nothing else tells which it was.
inline bool has_whole_rows(const Subject& subject) {
  return subject.options.full_rows || subject.columns.key.empty();
}

}  // namespace audit
