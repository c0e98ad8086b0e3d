#include "audit/change.hpp"

#include <algorithm>
#include <iterator>

#include "audit/actor.hpp"
#include "audit/image.hpp"
#include "audit/pending.hpp"
#include "pg/array.hpp"

namespace audit {

namespace {

using Items = std::vector<pg::JsonItem>;

std::optional<std::string_view> view(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return std::string_view{*text};
}

void add_row(std::int32_t seq, std::int32_t number, std::string_view action, const RowId& row,
             std::optional<Datum> changed, std::optional<Datum> was, std::optional<Datum> is) {
  add({seq, number, action, view(row.key), view(row.tenant), changed, was, is});
}

Items items_of(const std::vector<const Column*>& columns, const pg::RowValues& row, bool masked) {
  Items items;
  items.reserve(columns.size());
  for (const Column* column : columns) items.push_back(item_of(*column, row, masked));
  return items;
}

Datum image_of(const Subject& subject, const pg::RowValues& row) {
  return object_of(all_of(subject.columns), items_of(subject.columns, row, subject.options.masked));
}

}  // namespace

RowId::RowId(const Subject& subject, const pg::RowValues& row)
    : key{key_of(subject.columns, row)}, tenant{tenant_of(subject.columns, row)} {
  if (!subject.columns.tenant) tenant = current_actor().tenant;
}

void row_created(const Subject& subject, const pg::RowValues& row) {
  add_created(subject.options.number, RowId{subject, row}, image_of(subject, row));
}

void row_deleted(const Subject& subject, const pg::RowValues& row) {
  add_deleted(subject.options.number, RowId{subject, row}, image_of(subject, row));
}

void row_updated(const Subject& subject, const pg::RowValues& was, const pg::RowValues& is) {
  const std::vector<const Column*> changed = differing(subject.columns, subject.shape, was, is);
  if (changed.empty()) return;
  const std::vector<const Column*> shown = has_whole_rows(subject) ? all_of(subject.columns) : changed;
  const bool masked = subject.options.masked;
  std::vector<std::string> names;
  for (const Column* column : changed) names.push_back(column->name);
  const RowId from{subject, was}, to{subject, is};
  Before before{object_of(shown, items_of(shown, was, masked)), std::nullopt};
  if (is_transferred(from, to) && from.key != to.key) {
    std::vector<const Column*> key;
    std::copy_if(shown.begin(), shown.end(), std::back_inserter(key),
                 [](const Column* column) { return column->in_key; });
    before.key = object_of(key, items_of(key, was, masked));
  }
  add_updated(subject.options.number, from, to, names, before, object_of(shown, items_of(shown, is, masked)));
}

void table_truncated(std::int32_t number) {
  add({next_change(), number, "truncate", std::nullopt, view(current_actor().tenant), std::nullopt,
       std::nullopt, std::nullopt});
}

void add_created(std::int32_t number, const RowId& row, Datum image) {
  add_row(next_change(), number, "create", row, std::nullopt, std::nullopt, image);
}

void add_deleted(std::int32_t number, const RowId& row, Datum image) {
  add_row(next_change(), number, "delete", row, std::nullopt, image, std::nullopt);
}

// A row that has got another key, or another tenant, is recorded under both, or who looks for one of the two would not hear of it.
// What it was with the old tenant is not for the new one to see.
void add_updated(std::int32_t number, const RowId& was, const RowId& is,
                 const std::vector<std::string>& changed, const Before& before, Datum new_values) {
  const std::int32_t seq = next_change();
  const Datum names = pg::Type<std::vector<std::string>>::to(changed);
  if (was.key != is.key || is_transferred(was, is))
    add_row(seq, number, "update", was, names, before.values, new_values);
  add_row(seq, number, "update", is, names, is_transferred(was, is) ? before.key : before.values, new_values);
}

}  // namespace audit
