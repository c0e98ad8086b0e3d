#include "audit/relations.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "audit/marks.hpp"
#include "audit/options.hpp"
#include "audit/tables.hpp"
#include "audit/version.hpp"
#include "errors.hpp"
#include "pg/heap.hpp"
#include "pg/index.hpp"
#include "pg/lock.hpp"
#include "pg/sequence.hpp"
#include "pg/watch.hpp"

namespace audit {

namespace {

// Columns of audit_relations, in their order.
enum Column { col_number = 1, col_table, col_resource, col_since, columns = col_since };

struct Known {
  HeapTuple tuple;
  std::int32_t number;
  Oid table;
  std::optional<std::string> resource;
};

// The table of numbers.
class Relations {
 public:
  explicit Relations(LOCKMODE lock) : table_{pg::own_relation(relations_table), lock} {}

  std::optional<Known> of(Oid table) const {
    ScanKeyData key = pg::equals(col_table, F_OIDEQ, ObjectIdGetDatum(table));
    pg::IndexLookup lookup{table_.get(), pg::own_relation("audit_relations_rel_key"), &key, 1,
                           pg::IndexLookup::Sees::committed};
    const HeapTuple tuple = lookup.next();
    if (tuple == nullptr) return std::nullopt;
    return known(tuple);
  }

  std::vector<Known> of_resource(const std::string& resource) const {
    const pg::UniqueIndex index{pg::own_relation("audit_resources"),
                                TupleDescAttr(table_.columns(), col_resource - 1)->attcollation, F_TEXTEQ};
    ScanKeyData key = pg::equals(index, col_resource, pg::Type<std::string>::to(resource));
    pg::IndexLookup lookup{table_.get(), index.oid, &key, 1, pg::IndexLookup::Sees::committed};
    std::vector<Known> found;
    while (const HeapTuple tuple = lookup.next()) found.push_back(known(tuple));
    return found;
  }

  // The caller holds a lock that keeps others from doing the same.
  std::int32_t insert(std::optional<Oid> table, const std::optional<std::string>& resource) const {
    const std::int32_t number = highest() + 1;
    std::array<Datum, columns> values{Int32GetDatum(number), ObjectIdGetDatum(table.value_or(InvalidOid)),
                                      resource ? pg::Type<std::string>::to(*resource) : Datum{0},
                                      TimestampTzGetDatum(pg::call(::GetCurrentTimestamp))};
    std::array<bool, columns> nulls{false, !table, !resource, false};
    pg::insert_row(table_.get(), pg::call(::heap_form_tuple, table_.columns(), values.data(), nulls.data()));
    return number;
  }

  void set(const Known& known, Column column, std::optional<Datum> value) const {
    Datum datum = value.value_or(Datum{0});
    bool null = !value;
    int number = column;
    pg::update_row(
        table_.get(), known.tuple,
        pg::call(::heap_modify_tuple_by_cols, known.tuple, table_.columns(), 1, &number, &datum, &null));
  }

 private:
  Known known(HeapTuple tuple) const {
    const pg::Row row{tuple, table_.columns()};
    return {pg::call(::heap_copytuple, tuple), row.get<std::int32_t>(col_number),
            row.find<pg::RelationId>(col_table).value_or(pg::RelationId{InvalidOid}).oid,
            row.find<std::string>(col_resource)};
  }

  std::int32_t highest() const {
    std::int32_t number = 0;
    pg::TableScan scan{table_.oid()};
    while (const std::optional<pg::Row> row = scan.next())
      number = std::max(number, row->get<std::int32_t>(col_number));
    return number;
  }

  pg::OpenRelation table_;
};

// A table and those that it is a partition of, the topmost first.
std::vector<Oid> from_top(Oid table) {
  std::vector<Oid> chain = pg::ancestors_of(table);
  chain.insert(chain.begin(), table);
  std::reverse(chain.begin(), chain.end());
  return chain;
}

std::optional<Known> known_above(const Relations& relations, Oid table) {
  for (const Oid one : from_top(table))
    if (std::optional<Known> known = relations.of(one)) return known;
  return std::nullopt;
}

// A redacted column that gets another name is redacted by that as well, should it be dropped and come again.
void keep_redacted(Oid table) {
  std::optional<Options> options = find_options(table);
  if (!options) return;
  const std::size_t known = options->redacted.size();
  for (const std::string& column : marks_of(pg::OpenRelation{table, AccessShareLock}).redacted)
    if (std::find(options->redacted.begin(), options->redacted.end(), column) == options->redacted.end())
      options->redacted.push_back(column);
  if (options->redacted.size() > known) store_options(table, *options, false);
}

// What a resource's events are told of: a table that is said to be it, or is called so, the first one, lest anybody's new table takes
// the events of another; else what has had the name last.
std::optional<std::int32_t> find_resource(const Relations& relations, const std::string& resource) {
  std::optional<std::int32_t> table, other;
  for (const Known& known : relations.of_resource(resource)) {
    if (OidIsValid(known.table))
      table = std::min(table.value_or(known.number), known.number);
    else
      other = std::max(other.value_or(0), known.number);
  }
  if (table) return table;
  for (const Oid named : pg::relations_named(resource))
    if (const std::optional<Known> known = relations.of(named); known && !known->resource)
      table = std::min(table.value_or(known->number), known->number);
  return table ? table : other;
}

}  // namespace

std::optional<std::int32_t> number_of(Oid table) {
  const std::optional<Known> known = known_above(Relations{AccessShareLock}, table);
  if (!known) return std::nullopt;
  return known->number;
}

std::int32_t require_number(Oid table) {
  if (const std::optional<std::int32_t> number = number_of(table)) return *number;
  const std::string name = pg::name_of(table);
  if (name.empty())
    throw pg::Error{ERRCODE_UNDEFINED_TABLE, fmt::format("relation with OID {} does not exist", table)};
  throw pg::at(pg::Error{errors::not_in_the_log, fmt::format("table \"{}\" is not in the log", name)}
                   .detail("Its changes have never been recorded.")
                   .hint("steward.audit_table() records them from then on."),
               table);
}

pg::Timestamp since_of(std::int32_t number) {
  const pg::OpenRelation table{pg::own_relation(relations_table), AccessShareLock};
  ScanKeyData key = pg::equals(col_number, F_INT4EQ, Int32GetDatum(number));
  pg::IndexLookup lookup{table.get(), pg::primary_key_index(table.get()), &key, 1,
                         pg::IndexLookup::Sees::committed};
  const HeapTuple row = lookup.next();
  return row != nullptr ? pg::Row{row, table.columns()}.get<pg::Timestamp>(col_since) : pg::Timestamp{0};
}

std::int32_t number_for(Oid table, const std::optional<std::string>& resource) {
  const Relations relations{ShareRowExclusiveLock};
  const std::optional<Known> known = relations.of(table);
  if (known && resource && resource != known->resource)
    relations.set(*known, col_resource, pg::Type<std::string>::to(*resource));
  const std::int32_t number = known ? known->number : relations.insert(table, resource);
  note(pg::OpenRelation{table, AccessShareLock}, number, true);
  return number;
}

void recorded_from_now_on(Oid table) {
  const Relations relations{ShareRowExclusiveLock};
  if (const std::optional<Known> known = relations.of(table))
    relations.set(*known, col_since, TimestampTzGetDatum(GetCurrentTimestamp()));
}

// First without a lock that others would wait for: nearly all are known.
std::int32_t number_for_resource(const std::string& resource) {
  if (const auto number = find_resource(Relations{AccessShareLock}, resource)) return *number;
  const Relations relations{ShareRowExclusiveLock};
  if (const auto number = find_resource(relations, resource)) return *number;
  return relations.insert(std::nullopt, resource);
}

bool has_versions(std::int32_t number) { return last_version(number).has_value(); }

bool is_noted(const pg::OpenRelation& table, std::int32_t number) {
  const std::optional<Version> last = last_version(number);
  return last && last->is_of(present_version(noted_table(table.oid(), number)));
}

// Who comes second finds it noted: the changes of one ALTER TABLE are told once.
void note(const pg::OpenRelation& table, std::int32_t number, bool altered) {
  pg::lock({pg::own_relation(versions_table), static_cast<std::uint32_t>(number)});
  const Oid noted = noted_table(table.oid(), number);
  Version present = present_version(noted);
  const std::optional<Version> last = last_version(number);
  if (last && last->is_of(present)) return;
  keep_redacted(noted);
  const std::string changes = last ? changes_since(*last, present, {noted, table.oid()}, altered) : "{}";
  insert_version(number, present, changes);
}

void forget_table(Oid table) {
  const Relations relations{ShareRowExclusiveLock};
  if (const std::optional<Known> known = relations.of(table)) relations.set(*known, col_table, std::nullopt);
  erase_options(table);
}

bool is_known(Oid table) { return Relations{AccessShareLock}.of(table).has_value(); }

bool has_tables() {
  const Oid relations = pg::own_relation(relations_table);
  if (!OidIsValid(relations)) return false;  // while the extension is being dropped
  pg::TableScan scan{relations};
  while (const std::optional<pg::Row> row = scan.next())
    if (row->find<pg::RelationId>(col_table)) return true;
  return false;
}

Oid noted_table(Oid table, std::int32_t number) {
  const Relations relations{AccessShareLock};
  for (const Oid one : from_top(table))
    if (const std::optional<Known> known = relations.of(one); known && known->number == number) return one;
  return table;
}

}  // namespace audit
