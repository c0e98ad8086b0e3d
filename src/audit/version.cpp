#include "audit/version.hpp"

#include <algorithm>
#include <array>

#include "audit/options.hpp"
#include "audit/tables.hpp"
#include "core/json.hpp"
#include "pg/array.hpp"
#include "pg/attributes.hpp"
#include "pg/heap.hpp"
#include "pg/index.hpp"
#include "pg/json_value.hpp"
#include "pg/plain_output.hpp"
#include "pg/sequence.hpp"

namespace audit {

namespace {

// Columns of _audit_versions, in their order.
enum Column {
  col_number = 1,
  col_from_id,
  col_at,
  col_schema,
  col_name,
  col_columns,
  col_numbers,
  col_changes,
  columns = col_changes
};

Version read(const pg::Row& row) {
  return {row.get<std::string>(col_schema), row.get<std::string>(col_name),
          row.get<std::vector<std::string>>(col_columns), row.get<std::vector<std::int16_t>>(col_numbers)};
}

std::optional<std::int16_t> number_in(const Version& version, const std::string& column) {
  const auto found = std::find(version.columns.begin(), version.columns.end(), column);
  if (found == version.columns.end()) return std::nullopt;
  return version.numbers[static_cast<std::size_t>(found - version.columns.begin())];
}

// Which columns two versions have in common, and which not.
struct Comparison {
  std::vector<std::string> dropped, added;
  std::vector<std::pair<std::string, std::string>> renamed;
};

// A database that was restored has given its columns other numbers: there the names alone say which is which. An ALTER TABLE gives a
// column that is dropped and added again a higher number; a lower one only a restore does, whose own ALTER TABLEs may be heard first.
bool is_restored(const Version& last, const Version& present, bool altered) {
  for (std::size_t i = 0; i < last.columns.size(); ++i) {
    const std::optional<std::int16_t> number = number_in(present, last.columns[i]);
    if (number && (altered ? *number < last.numbers[i] : *number != last.numbers[i])) return true;
  }
  return false;
}

Comparison compare(const Version& last, const Version& present, bool altered) {
  Comparison result;
  const bool by_names = is_restored(last, present, altered);
  const auto is_kept = [&](const Version& other, const std::string& column, std::int16_t number) {
    const std::optional<std::int16_t> same = number_in(other, column);
    return same && (by_names || *same == number);
  };
  for (std::size_t i = 0; i < last.columns.size(); ++i)
    if (!is_kept(present, last.columns[i], last.numbers[i])) result.dropped.push_back(last.columns[i]);
  for (std::size_t i = 0; i < present.columns.size(); ++i) {
    if (is_kept(last, present.columns[i], present.numbers[i])) continue;
    const auto before = std::find_if(result.dropped.begin(), result.dropped.end(), [&](const auto& column) {
      return !by_names && number_in(last, column) == present.numbers[i];
    });
    if (before == result.dropped.end()) {
      result.added.push_back(present.columns[i]);
    } else {
      result.renamed.emplace_back(*before, present.columns[i]);
      result.dropped.erase(before);
    }
  }
  return result;
}

// A column that was redacted is so again when it comes again, its default included.
bool is_redacted(Oid table, const std::string& column) {
  const std::optional<Audited> audited = find_audited(table);
  return audited && std::find(audited->options.redacted.begin(), audited->options.redacted.end(), column) !=
                        audited->options.redacted.end();
}

// What rows have that were there before: one of the tables with rows of their own says it for all.
// Nothing where each row has been given another one.
std::optional<pg::JsonItem> added_value(const std::vector<Oid>& tables, const std::string& column) {
  std::vector<Oid> all = tables;
  if (is_redacted(all.front(), column)) return std::nullopt;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (const std::optional<pg::MissingValue> value = pg::missing_value(all[i], column)) {
      const pg::PlainOutput plain;
      return pg::JsonType{value->type}.item(value->value);
    }
    for (const Oid partition : pg::partition_oids(all[i])) all.push_back(partition);
  }
  if (pg::is_filled_in(all.front(), column)) return std::nullopt;
  return pg::JsonItem::null();
}

std::string added_values(const std::vector<Oid>& tables, std::vector<std::string> columns) {
  std::sort(columns.begin(), columns.end(), pg::json_order);
  std::vector<std::string_view> names;
  std::vector<pg::JsonItem> values;
  for (const std::string& column : columns)
    if (const std::optional<pg::JsonItem> value = added_value(tables, column)) {
      names.emplace_back(column);
      values.push_back(*value);
    }
  return pg::text_of(pg::json_of(pg::json_object(names, values)));
}

Alteration read_alteration(const pg::Row& row) {
  Alteration one{row.get<std::int64_t>(col_from_id), row.get<pg::Timestamp>(col_at), {}, {}, {}};
  for (const pg::Member& change : pg::members_of(row.get<pg::Json>(col_changes))) {
    if (change.name == "drop") {
      one.dropped = pg::texts_of(change.value).value_or(std::vector<std::string>{});
    } else if (change.name == "add") {
      one.added = pg::members_of(change.value);
    } else if (change.name == "rename") {
      for (const pg::Member& pair : pg::members_of(change.value))
        one.renamed.emplace_back(pair.name, pg::plain_text(pair.value).value_or(""));
    }
  }
  return one;
}

}  // namespace

Version present_version(Oid table) {
  Version version{pg::schema_of(table), pg::name_of(table), {}, {}};
  for (pg::Attribute& column : pg::attributes_of(table)) {
    version.columns.push_back(std::move(column.name));
    version.numbers.push_back(column.number);
  }
  return version;
}

namespace {

// Gives each version of a table to a function.
template <typename Take>
void for_each_version(std::int32_t number, Take&& take) {
  const pg::OpenRelation table{pg::own_relation(versions_table), AccessShareLock};
  ScanKeyData key = pg::equals(col_number, F_INT4EQ, Int32GetDatum(number));
  pg::IndexLookup lookup{table.get(), pg::primary_key_index(table.get()), &key, 1,
                         pg::IndexLookup::Sees::committed};
  while (const HeapTuple tuple = lookup.next()) take(pg::Row{tuple, table.columns()});
}

std::string listed(const std::vector<std::string>& items) {
  std::string list;
  for (const std::string& item : items) list += (list.empty() ? "" : ", ") + item;
  return list;
}

}  // namespace

std::optional<Version> last_version(std::int32_t number) {
  std::optional<Version> last;
  std::int64_t from = -1;
  for_each_version(number, [&](const pg::Row& row) {
    const auto id = row.get<std::int64_t>(col_from_id);
    if (id < from) return;
    from = id;
    last = read(row);
  });
  return last;
}

std::vector<Alteration> alterations_of(std::int32_t number) {
  std::vector<Alteration> all;
  for_each_version(number, [&](const pg::Row& row) { all.push_back(read_alteration(row)); });
  std::sort(all.begin(), all.end(),
            [](const Alteration& a, const Alteration& b) { return a.from_id < b.from_id; });
  return all;
}

void insert_version(std::int32_t number, const Version& version, const std::string& changes) {
  const pg::OpenRelation table{pg::own_relation(versions_table), RowExclusiveLock};
  std::array<Datum, columns> values{Int32GetDatum(number),
                                    Int64GetDatum(pg::next_value(pg::own_relation(ids_sequence))),
                                    TimestampTzGetDatum(pg::call(::GetCurrentTimestamp)),
                                    pg::Type<std::string>::to(version.schema),
                                    pg::Type<std::string>::to(version.name),
                                    pg::Type<std::vector<std::string>>::to(version.columns),
                                    pg::Type<std::vector<std::int16_t>>::to(version.numbers),
                                    pg::Type<pg::Json>::to(pg::jsonb_of(changes))};
  std::array<bool, columns> nulls{};
  pg::insert_row(table.get(), pg::call(::heap_form_tuple, table.columns(), values.data(), nulls.data()));
}

std::string changes_since(const Version& last, const Version& present, const std::vector<Oid>& tables,
                          bool altered) {
  const Comparison comparison = compare(last, present, altered);
  std::vector<std::string> drops, renames, all;
  for (const std::string& column : comparison.dropped) drops.push_back(core::json_string(column));
  for (const auto& [from, to] : comparison.renamed)
    renames.push_back(core::json_string(from) + ": " + core::json_string(to));
  if (!drops.empty()) all.push_back(fmt::format("\"drop\": [{}]", listed(drops)));
  if (!renames.empty()) all.push_back(fmt::format("\"rename\": {{{}}}", listed(renames)));
  if (!comparison.added.empty()) all.push_back("\"add\": " + added_values(tables, comparison.added));
  return fmt::format("{{{}}}", listed(all));
}

}  // namespace audit
