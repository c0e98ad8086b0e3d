#include "counters/counter.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "counters/binding.hpp"
#include "counters/bucket.hpp"
#include "counters/tables.hpp"
#include "errors.hpp"
#include "keys/key_text.hpp"
#include "pg/memory.hpp"
#include "pg/relation.hpp"
#include "pg/watch.hpp"

namespace counters {

namespace {

// A session that works through more tables than this begins anew: what it had is soon read again.
constexpr std::size_t most_tables = 1000;

// Columns of _counters, in their order.
enum : int { col_id = 1, col_rel = 2, col_col = 3, col_bucket = 4, col_time_zone = 5 };

struct Entry {
  Oid relation;
  std::string column;  // as it was called when the counter was made
  Bucket bucket;
  std::string time_zone;
};
using Entries = std::unordered_map<std::int32_t, Entry>;

// What is known of one relation: the counters that it has, and those that its triggers serve, which for a partition are
// those of the table that it belongs to.
class Table {
 public:
  Table(Oid oid, const Entries& entries) {
    watch_.start(oid);
    const pg::OpenRelation relation{oid, AccessShareLock};
    const std::vector<Oid> ancestors = pg::ancestors_of(oid);
    for (const Binding& binding : bindings_of(relation.get())) {
      const auto found = entries.find(binding.counter);
      if (found == entries.end()) {
        unknown_ = true;
        continue;
      }
      const Entry& entry = found->second;
      const bool own = entry.relation == oid && !binding.cloned;
      if (!own && std::find(ancestors.begin(), ancestors.end(), entry.relation) == ancestors.end()) continue;
      if (serves(binding.counter)) continue;  // a second one was made by hand
      const Oid key_type = base_type(relation, binding.key);
      if (!keys::is_key_type(key_type)) continue;
      served_.push_back({binding.counter, binding.key, key_type, own});
      if (own) add(relation, binding, entry, key_type);
    }
  }

  bool stale() const noexcept { return watch_.changed(); }
  // Whether a trigger names a counter that the catalogue has not, or had not when it was read.
  bool unknown() const noexcept { return unknown_; }

  const std::vector<std::shared_ptr<const Counter>>& counters() const noexcept { return counters_; }
  const Served* serves(std::int32_t counter) const noexcept {
    for (const Served& one : served_)
      if (one.id == counter) return &one;
    return nullptr;
  }

 private:
  static const FormData_pg_attribute& attribute(const pg::OpenRelation& relation, AttrNumber number) {
    return *TupleDescAttr(relation.columns(), number - 1);
  }
  static Oid base_type(const pg::OpenRelation& relation, AttrNumber number) {
    return pg::call(::getBaseType, attribute(relation, number).atttypid);
  }

  void add(const pg::OpenRelation& relation, const Binding& binding, const Entry& entry, Oid key_type) {
    const auto name = [&](AttrNumber number) {
      return number == 0 ? "" : std::string{NameStr(attribute(relation, number).attname)};
    };
    const Oid type = attribute(relation, binding.column).atttypid;
    if (type != INT4OID && type != INT8OID) return;
    if (binding.last != 0 && attribute(relation, binding.last).atttypid != TIMESTAMPTZOID) return;
    const std::int64_t max =
        type == INT4OID ? std::numeric_limits<std::int32_t>::max() : std::numeric_limits<std::int64_t>::max();
    counters_.push_back(std::make_shared<const Counter>(
        Counter{binding.counter, relation.oid(), binding.key, binding.column, binding.last, key_type,
                name(binding.key), name(binding.column), name(binding.last), max, entry.bucket,
                entry.time_zone, relation.get()->rd_rel->relrowsecurity}));
  }

  pg::Watch watch_;
  std::vector<std::shared_ptr<const Counter>> counters_;
  std::vector<Served> served_;
  bool unknown_ = false;
};

// All counters of the database, and the tables that this session has looked at.
struct Catalogue {
  Catalogue() {
    const Oid table = pg::own_relation(counters_table);
    watch.start(table);
    pg::TableScan scan{table};
    while (const std::optional<pg::Row> row = scan.next())
      entries.try_emplace(row->get<std::int32_t>(col_id),
                          Entry{row->get<pg::RelationId>(col_rel).oid, row->get<pg::Name>(col_col).text,
                                bucket_named(row->find<std::string>(col_bucket).value_or("")),
                                row->find<std::string>(col_time_zone).value_or("")});
  }

  const Table* find(Oid relation) noexcept {
    if (last_relation == relation && !last->stale()) return last;
    const auto found = tables.find(relation);
    if (found == tables.end() || found->second->stale()) return nullptr;
    last_relation = relation;
    return last = found->second.get();
  }

  // Null when the catalogue has changed meanwhile, or was read too early for a table that came with a restored dump.
  const Table* add(Oid relation) {
    auto table = std::make_unique<Table>(relation, entries);
    if (watch.changed() || (table->unknown() && used)) return nullptr;
    last_relation = InvalidOid;  // it may be the one that goes
    return (tables[relation] = std::move(table)).get();
  }

  pg::Watch watch;
  Entries entries;
  std::unordered_map<Oid, std::unique_ptr<Table>> tables;
  Oid last_relation = InvalidOid;
  const Table* last = nullptr;
  bool used = false;
};

pg::Resident<Catalogue> resident;

Catalogue& read_catalogue() { return resident.make(TopMemoryContext, "steward counters"); }

const Table& table_of(Oid relation) {
  pg::hear_changes();
  Catalogue* catalogue = resident.get();
  if (catalogue == nullptr || catalogue->watch.changed() || catalogue->tables.size() > most_tables)
    catalogue = &read_catalogue();
  if (const Table* table = catalogue->find(relation)) return *table;
  for (;;) {
    if (const Table* table = catalogue->add(relation)) {
      catalogue->used = true;
      return *table;
    }
    pg::check_interrupts();
    catalogue = &read_catalogue();
  }
}

std::string name_of(Oid relation) {
  const char* name = pg::call(::get_rel_name, relation);
  return name != nullptr ? name : "";
}

std::string columns_of(const Table& table) {
  std::string list;
  for (const auto& counter : table.counters())
    list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", counter->name);
  return list;
}

// The table that a partition's rows are counted for.
std::optional<Oid> counted_ancestor(Oid relation) {
  for (const Oid ancestor : pg::ancestors_of(relation))
    if (!table_of(ancestor).counters().empty()) return ancestor;
  return std::nullopt;
}

// Whether there is a counter that has lost its triggers.
bool was_counted(Oid relation, const std::optional<std::string>& column) {
  const Entries& entries = resident.get()->entries;
  return std::any_of(entries.begin(), entries.end(), [&](const auto& one) {
    return one.second.relation == relation && (!column || one.second.column == *column);
  });
}

[[noreturn]] void refuse_unknown(Oid relation, const std::optional<std::string>& column) {
  const std::string table = fmt::format("table \"{}\"", name_of(relation));
  std::string detail, hint = "steward.create_counter() makes one.";
  if (const Table& known = table_of(relation); !known.counters().empty())
    detail = fmt::format("Counters are on {}.", columns_of(known));
  else if (was_counted(relation, column))
    detail = "It had one, which has lost the triggers that tie it to the table.",
    hint = "steward.create_counter() ties it to the table again, with its counts.";
  if (const std::optional<Oid> ancestor = counted_ancestor(relation))
    hint = fmt::format("It is a partition: name the table that has the counter, {}.",
                       pg::qualified_name(*ancestor));
  pg::Error error{errors::no_counter, column
                                          ? fmt::format("column \"{}\" of {} has no counter", *column, table)
                                          : fmt::format("{} has no counter", table)};
  throw pg::at(std::move(error).detail(std::move(detail)).hint(std::move(hint)), relation,
               column.value_or(""));
}

}  // namespace

std::shared_ptr<const Counter> counter_of(Oid relation, const std::optional<std::string>& column) {
  const Table& table = table_of(relation);
  const auto& counters = table.counters();
  if (!column && counters.size() == 1) return counters.front();
  if (column)
    for (const auto& counter : counters)
      if (counter->name == *column) return counter;
  if (column || counters.empty()) refuse_unknown(relation, column);
  throw pg::at(pg::Error{errors::ambiguous_counter,
                         fmt::format("table \"{}\" has several counters", name_of(relation))}
                   .detail(fmt::format("They are on {}.", columns_of(table)))
                   .hint("Name the column: col => '...'."),
               relation);
}

std::vector<std::shared_ptr<const Counter>> counters_of(Oid relation) {
  return table_of(relation).counters();
}

std::optional<Served> served_by(Relation relation, const Trigger& trigger) {
  const std::optional<std::int32_t> counter = counter_in(trigger);
  if (!counter) return std::nullopt;
  const Served* served = table_of(RelationGetRelid(relation)).serves(*counter);
  if (served == nullptr) return std::nullopt;
  return *served;
}

}  // namespace counters
