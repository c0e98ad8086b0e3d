#include "audit/version.hpp"

#include <algorithm>
#include <array>

#include "audit/tables.hpp"
#include "core/json.hpp"
#include "pg/array.hpp"
#include "pg/attributes.hpp"
#include "pg/heap.hpp"
#include "pg/index.hpp"
#include "pg/jsonb.hpp"
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

// A database that was restored has given its columns other numbers: there the names alone say which is which.
bool is_restored(const Version& last, const Version& present) {
  for (std::size_t i = 0; i < last.columns.size(); ++i) {
    const std::optional<std::int16_t> number = number_in(present, last.columns[i]);
    if (number && *number != last.numbers[i]) return true;
  }
  return false;
}

Comparison compare(const Version& last, const Version& present, bool altered) {
  Comparison result;
  const bool by_names = !altered && is_restored(last, present);
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

// What rows have that were there before: one of the tables with rows of their own says it for all.
std::string added_value(const std::vector<Oid>& tables, const std::string& column) {
  std::vector<Oid> all = tables;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (const std::optional<pg::MissingValue> value = pg::missing_value(all[i], column)) {
      const pg::PlainOutput plain;
      return pg::text_of(pg::jsonb_of(value->type, value->value));
    }
    for (const Oid partition : pg::partition_oids(all[i])) all.push_back(partition);
  }
  return "null";
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

std::optional<Version> last_version(std::int32_t number) {
  const pg::OpenRelation table{pg::own_relation(versions_table), AccessShareLock};
  ScanKeyData key = pg::equals(col_number, F_INT4EQ, Int32GetDatum(number));
  pg::IndexLookup lookup{table.get(), pg::primary_key_index(table.get()), &key, 1,
                         pg::IndexLookup::Sees::committed};
  std::optional<Version> last;
  std::int64_t from = -1;
  while (const HeapTuple tuple = lookup.next()) {
    const pg::Row row{tuple, table.columns()};
    if (const auto id = row.get<std::int64_t>(col_from_id); id > from) {
      from = id;
      last = read(row);
    }
  }
  return last;
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
                                    pg::jsonb_of(changes).datum};
  std::array<bool, columns> nulls{};
  pg::insert_row(table.get(), pg::call(::heap_form_tuple, table.columns(), values.data(), nulls.data()));
}

std::string changes_since(const Version& last, const Version& present, const std::vector<Oid>& tables,
                          bool altered) {
  const Comparison comparison = compare(last, present, altered);
  std::vector<std::string> drops, renames, additions, all;
  for (const std::string& column : comparison.dropped) drops.push_back(core::json_string(column));
  for (const auto& [from, to] : comparison.renamed)
    renames.push_back(core::json_string(from) + ": " + core::json_string(to));
  for (const std::string& column : comparison.added)
    additions.push_back(core::json_string(column) + ": " + added_value(tables, column));
  if (!drops.empty()) all.push_back(fmt::format("\"drop\": [{}]", fmt::join(drops, ", ")));
  if (!renames.empty()) all.push_back(fmt::format("\"rename\": {{{}}}", fmt::join(renames, ", ")));
  if (!additions.empty()) all.push_back(fmt::format("\"add\": {{{}}}", fmt::join(additions, ", ")));
  return fmt::format("{{{}}}", fmt::join(all, ", "));
}

}  // namespace audit
