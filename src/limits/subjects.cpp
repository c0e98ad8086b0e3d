#include "limits/subjects.hpp"

#include <algorithm>
#include <unordered_map>

#include "errors.hpp"
#include "keys/key_text.hpp"
#include "limits/binding.hpp"
#include "limits/catalogue.hpp"
#include "limits/rows.hpp"
#include "limits/tables.hpp"
#include "pg/memory.hpp"
#include "pg/relation.hpp"
#include "pg/watch.hpp"

namespace limits {

namespace {

// A session that works through more tables than this begins anew: what it had is soon read again.
constexpr std::size_t most_tables = 1000;

// Columns of _subjects, in their order.
enum : int { col_rel = 1, col_fallback };

// The tables that were bound, and their fallbacks.
using Entries = std::unordered_map<Oid, std::string>;

// What is known of one relation.
class Table {
 public:
  Table(Oid oid, const Entries& entries) {
    watch_.start(oid);
    const pg::OpenRelation relation{oid, AccessShareLock};
    const std::optional<Binding> binding = binding_of(relation.get());
    const std::optional<Oid> bound = bound_among(oid, entries);
    if (!binding || !bound) return;
    const AttrNumber key = binding->columns[Role::key];
    const Oid key_type = base_type(relation, key);
    if (!keys::is_key_type(key_type)) return;
    const bool own = *bound == oid && !binding->cloned;
    served_ = Served{*bound, key, key_type, own};
    if (own && has_types(relation, *binding)) read(relation, *binding, entries.at(oid));
  }

  bool stale() const noexcept { return watch_.changed(); }
  const std::optional<Served>& served() const noexcept { return served_; }
  const std::shared_ptr<const SubjectTable>& subjects() const noexcept { return subjects_; }

 private:
  static std::optional<Oid> bound_among(Oid oid, const Entries& entries) {
    if (entries.contains(oid)) return oid;
    for (const Oid ancestor : pg::ancestors_of(oid))
      if (entries.contains(ancestor)) return ancestor;
    return std::nullopt;
  }

  static const FormData_pg_attribute& attribute(const pg::OpenRelation& relation, AttrNumber number) {
    return *TupleDescAttr(relation.columns(), number - 1);
  }
  static Oid base_type(const pg::OpenRelation& relation, AttrNumber number) {
    return pg::call(::getBaseType, attribute(relation, number).atttypid);
  }

  // A trigger made by hand may name anything.
  static bool has_types(const pg::OpenRelation& relation, const Binding& binding) {
    const auto is = [&](Role role, bool (*fits)(Oid)) {
      return binding.columns[role] == 0 || fits(base_type(relation, binding.columns[role]));
    };
    return is(Role::tier, &is_tier_type) && is(Role::zone, &is_text_type) &&
           is(Role::expires, &is_time_type) && is(Role::anchor, &is_time_type);
  }

  void read(const pg::OpenRelation& relation, const Binding& binding, const std::string& fallback) {
    const auto name = [&](Role role) {
      const AttrNumber number = binding.columns[role];
      return number == 0 ? "" : std::string{NameStr(attribute(relation, number).attname)};
    };
    subjects_ = std::make_shared<const SubjectTable>(SubjectTable{
        relation.oid(),
        served_->key_type,
        name(Role::key),
        name(Role::tier),
        name(Role::expires),
        name(Role::zone),
        name(Role::anchor),
        fallback,
        {binding.columns[Role::key], binding.columns[Role::tier], binding.columns[Role::expires],
         binding.columns[Role::zone], binding.columns[Role::anchor]},
        relation.kind() == RELKIND_RELATION ? pg::unique_index_on(relation.get(), binding.columns[Role::key])
                                            : std::nullopt});
  }

  pg::Watch watch_;
  std::optional<Served> served_;
  std::shared_ptr<const SubjectTable> subjects_;
};

// All bound tables of the database, and the relations that this session has looked at.
struct Bound {
  Bound() {
    const Oid table = pg::own_relation(subjects_table);
    watch.start(table);
    pg::TableScan scan{table};
    while (const std::optional<pg::Row> row = scan.next())
      entries.try_emplace(row->get<pg::RelationId>(col_rel).oid,
                          row->find<std::string>(col_fallback).value_or(""));
  }

  const Table* find(Oid relation) const noexcept {
    const auto found = tables.find(relation);
    return found == tables.end() || found->second->stale() ? nullptr : found->second.get();
  }

  // Null when the list has changed meanwhile.
  const Table* add(Oid relation) {
    auto table = std::make_unique<Table>(relation, entries);
    if (watch.changed()) return nullptr;
    return (tables[relation] = std::move(table)).get();
  }

  pg::Watch watch;
  Entries entries;
  std::unordered_map<Oid, std::unique_ptr<Table>> tables;
};

pg::Resident<Bound> resident;

Bound& bound() {
  pg::hear_changes();
  if (resident.get() == nullptr || resident.get()->watch.changed() ||
      resident.get()->tables.size() > most_tables)
    resident.make(TopMemoryContext, "steward subjects");
  return *resident.get();
}

const Table& table_of(Oid relation) {
  for (;;) {
    Bound& all = bound();
    if (const Table* table = all.find(relation)) return *table;
    if (const Table* table = all.add(relation)) return *table;
    pg::check_interrupts();
  }
}

bool exists(Oid relation) { return pg::call(::get_rel_name, relation) != nullptr; }

// Its meters, and the tables that are declared for them, are left.
[[noreturn]] void refuse_gone(Oid relation) {
  const auto meters = meters_of(relation);
  std::string names, calls;
  const auto add_call = [&](const std::string& call) {
    calls += fmt::format("{}steward.{}", calls.empty() ? "" : ", ", call);
  };
  for (const auto& meter : meters) {
    const std::string name = pg::quoted_literal(meter->name);
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", meter->name);
    for (const Oid table : limited_tables(meter->id))
      add_call(fmt::format("unlimit_rows({}, {})", pg::quoted_literal(pg::qualified_name(table)), name));
    add_call(fmt::format("drop_meter({})", name));
  }
  if (meters.empty())
    throw pg::Error{errors::unknown_limit, fmt::format("relation with OID {} does not exist", relation)};
  throw pg::Error{errors::unknown_limit, fmt::format("the table of the subjects of meter{} {} is gone",
                                                     meters.size() > 1 ? "s" : "", names)}
      .hint(fmt::format("SELECT {}; removes what is left of it.", calls));
}

[[noreturn]] void refuse_unbound(Oid relation) {
  if (!exists(relation)) refuse_gone(relation);
  const bool was_bound = bound().entries.contains(relation);
  std::string hint = "steward.bind_subjects() makes its rows subjects of limits.";
  if (was_bound) hint = "steward.bind_subjects() ties them to the table again.";
  for (const Oid ancestor : pg::ancestors_of(relation))
    if (bound().entries.contains(ancestor))
      hint =
          fmt::format("It is a partition: name the table that is bound, {}.", pg::qualified_name(ancestor));
  throw pg::at(
      pg::Error{errors::unknown_limit, fmt::format("rows of table \"{}\" are no subjects of limits",
                                                   pg::call(::get_rel_name, relation))}
          .detail(was_bound ? "The table was bound, but has lost the triggers that tie limits to it." : "")
          .hint(std::move(hint)),
      relation);
}

keys::KeyOf key_of(const SubjectTable& table) {
  return {table.relation, table.key_type, table.key, "have limits"};
}

}  // namespace

bool is_text_type(Oid type) { return type == TEXTOID || type == VARCHAROID; }
bool is_tier_type(Oid type) { return is_text_type(type) || pg::call(::type_is_enum, type); }
bool is_time_type(Oid type) { return type == TIMESTAMPTZOID; }

std::shared_ptr<const SubjectTable> find_subjects(Oid relation) {
  return exists(relation) ? table_of(relation).subjects() : nullptr;
}

std::shared_ptr<const SubjectTable> require_subjects(Oid relation) {
  if (auto subjects = find_subjects(relation)) return subjects;
  refuse_unbound(relation);
}

std::vector<Oid> declared_relations() {
  std::vector<Oid> relations;
  for (const auto& [relation, fallback] : bound().entries) relations.push_back(relation);
  std::sort(relations.begin(), relations.end());
  return relations;
}

std::vector<Oid> bound_relations() {
  std::vector<Oid> relations = declared_relations();
  std::erase_if(relations, [](Oid relation) { return find_subjects(relation) == nullptr; });
  return relations;
}

std::optional<Served> served_by(Relation relation) { return table_of(RelationGetRelid(relation)).served(); }

std::string subject_text(const SubjectTable& table, std::int64_t key) {
  return keys::key_text(key_of(table), key);
}

std::string subject_text(const SubjectTable& table, const pg::Uuid& key) {
  return keys::key_text(key_of(table), key);
}

std::string subject_text(const SubjectTable& table, std::string_view key) {
  return keys::key_text(key_of(table), key);
}

}  // namespace limits
