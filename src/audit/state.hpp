// What a row was.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/columns.hpp"
#include "audit/entries.hpp"
#include "pg/row_values.hpp"

namespace audit {

// A column's value, and by which record it has it; none where it had it before auditing, or by ALTER TABLE.
struct Cell {
  pg::Json value;
  std::optional<std::int64_t> tx;
  pg::Timestamp at{0};
};

class Image {
 public:
  void set(const Values& values, const Entry* entry);
  // What records say of some columns.
  void set_recorded(const Image& other);
  void apply(const Alteration& change);
  void undo(const Alteration& change);
  void erase(const std::string& column) { cells_.erase(column); }
  void attribute(const std::string& column, const Entry& entry);
  const std::map<std::string, Cell>& cells() const noexcept { return cells_; }
  pg::Json object() const;

 private:
  std::map<std::string, Cell> cells_;
};

// The rows of a table in former times. Lives within one call.
class Past {
 public:
  Past(const pg::Spi& spi, const KeyedTable& table);

  // Raises QA003 for a time before the table was in the log.
  void require_known(pg::Timestamp at) const;

  // The row that had this key; nothing where there was none. Raises QA003 where the log cannot know.
  std::optional<Image> at(const RowKey& key, Bound bound) const;

  // The same of the last entries up to the bound that are known already, latest first, back to where `is_beginning` is true or
  // there are no more; `truncate` is the last truncation before it.
  std::optional<Image> of_entries(const RowKey& key, std::vector<Entry> entries, std::int64_t truncate,
                                  Bound bound) const;

  // Whether nothing earlier has to be known.
  bool is_beginning(const RowKey& key, const Entry& entry) const;

  // As it is in the table, if it is there, as the log would have it. Needs the caller's right to read it.
  std::optional<Image> present(const RowKey& key) const;

  // The columns that are recorded now, as the log has them, of a row of the table; in the order of recorded().
  std::string select_list() const;
  Image image_of_row(HeapTuple row, TupleDesc shape) const;

  std::string key_of_row(HeapTuple row, TupleDesc shape) const;
  // A row that has no record, from what it is now.
  Image unchanged(Image image, Bound bound) const;

  // Takes away what is not recorded now; the names of columns are those at a record.
  void strip(Image& image, std::int64_t id) const;
  // Makes it one of the table as it is now: later names, no columns that are gone, nor what hides a value of another type.
  void fit(Image& image, std::int64_t id) const;

  // A number above those of all changes of the table's columns up to a time.
  std::int64_t last_id_at(pg::Timestamp at) const;

 private:
  std::optional<Image> from_later(const RowKey& key, std::int64_t after, Bound bound) const;
  void apply(Image& image, const std::vector<Entry>& entries, std::int64_t last, Bound bound) const;
  std::optional<Image> before_move(const RowKey& from, const Entry& arrival) const;
  bool is_over(const Alteration& change, std::int64_t last, Bound bound) const;
  [[noreturn]] void refuse(const RowKey& key) const;
  pg::RowValues values_of(HeapTuple row, TupleDesc shape) const;

  const pg::Spi& spi_;
  const KeyedTable& table_;
  Audited audited_;
  std::optional<Columns> columns_;
  std::vector<std::string> ignored_, unreadable_;
  int width_;
};

}  // namespace audit
