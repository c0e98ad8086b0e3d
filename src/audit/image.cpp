#include "audit/image.hpp"

#include "audit/key.hpp"
#include "audit/redaction.hpp"

namespace audit {

namespace {

// In memory of the current context, as items are.
std::string_view kept(const std::string& text) {
  return pg::Type<std::string_view>::from(pg::Type<std::string>::to(text));
}

// A column may have been redacted first, and become the key's, or the tenant's, only then.
std::string shown_text(const Column& column, const pg::RowValues& row) {
  const std::string_view text = column.type.text(row.value(column.number));
  return column.redacted ? hash_of(text) : std::string{text};
}

}  // namespace

// NULL is none of what is to be hidden.
pg::JsonItem item_of(const Column& column, const pg::RowValues& row, bool masked) {
  if (row.is_null(column.number)) return pg::JsonItem::null();
  const Datum value = row.value(column.number);
  if (!column.redacted) return column.type.item(value);
  if (masked) return pg::JsonItem::string(mask);
  return pg::JsonItem::string(kept(hash_of(column.type.text(value))));
}

std::vector<pg::JsonItem> items_of(const Columns& columns, const pg::RowValues& row, bool masked) {
  std::vector<pg::JsonItem> items;
  items.reserve(columns.recorded.size());
  for (const Column& column : columns.recorded) items.push_back(item_of(column, row, masked));
  return items;
}

Datum object_of(const std::vector<const Column*>& columns, const std::vector<pg::JsonItem>& items) {
  std::vector<std::string_view> names;
  names.reserve(columns.size());
  for (const Column* column : columns) names.emplace_back(column->name);
  return pg::json_object(names, items);
}

std::vector<const Column*> all_of(const Columns& columns) {
  std::vector<const Column*> all;
  all.reserve(columns.recorded.size());
  for (const Column& column : columns.recorded) all.push_back(&column);
  return all;
}

std::vector<const Column*> differing(const Columns& columns, TupleDesc shape, const pg::RowValues& was,
                                     const pg::RowValues& is) {
  std::vector<const Column*> found;
  for (const Column& column : columns.recorded)
    if (!pg::is_same(*TupleDescAttr(shape, column.number - 1), was, is)) found.push_back(&column);
  return found;
}

std::optional<std::string> key_of(const Columns& columns, const pg::RowValues& row) {
  if (columns.key.empty()) return std::nullopt;
  std::vector<std::string> texts;
  for (const Column& column : columns.key) texts.push_back(shown_text(column, row));
  return row_key(texts);
}

std::optional<std::string> tenant_of(const Columns& columns, const pg::RowValues& row) {
  if (!columns.tenant || row.is_null(columns.tenant->number)) return std::nullopt;
  return indexable(shown_text(*columns.tenant, row));
}

}  // namespace audit
