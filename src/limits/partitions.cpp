// What a partition's rows come to is added and subtracted, subject by subject, as a statement's rows are: whoever takes a partition
// away, attaches or truncates it has locked it, so that its rows are the same for everybody, at every isolation level; and
// nobody who writes other partitions is waited for.
#include "limits/partitions.hpp"

#include "limits/decision.hpp"
#include "limits/escrow.hpp"
#include "limits/row_sums.hpp"
#include "limits/rows.hpp"
#include "limits/statement_rows.hpp"

namespace limits {

namespace {

Account account_of(const Meter& meter, const std::string& subject) {
  return {{meter.id, subject, standing_account}, std::nullopt, ""};
}

void add(const Meter& meter, const std::string& subject, std::int64_t n) {
  std::vector<Pot> pots{{account_of(meter, subject), std::nullopt}};
  const std::size_t mark = taking_mark();
  if (take(pots, n) != Outcome::taken) refuse_sum(meter, subject);
  keep_since(mark);
}

void subtract(const Meter& meter, const std::string& subject, std::int64_t n) {
  Account account = account_of(meter, subject);
  give_back(account, n);
}

using Change = void(const Meter&, const std::string&, std::int64_t);

void change_by_rows(Oid relation, Oid table, const Meter& meter, Negative negative, Change* change) {
  const std::optional<CountingRule> rule = counting_rule(table, meter.id);
  if (!rule || !meter.by_rows) return;
  decide_rows(meter.id);
  Sums sums;
  add_rows(sums, relation, *rule, pg::Seen::latest, negative);
  for (const auto& [subject, n] : sums)
    if (n != 0) change(meter, subject, n);
}

// A table and those that it belongs to.
std::vector<Oid> with_ancestors(Oid table) {
  std::vector<Oid> tables{table};
  const std::vector<Oid> ancestors = pg::ancestors_of(table);
  tables.insert(tables.end(), ancestors.begin(), ancestors.end());
  return tables;
}

template <typename Body>
void for_each_meter(Oid parent, const Body& body) {
  for (const Oid table : with_ancestors(parent))
    for (const auto& meter : meters_declared_for(table)) body(table, *meter);
}

}  // namespace

void partition_came(Oid parent, Oid partition) {
  for_each_meter(parent, [&](Oid table, const Meter& meter) {
    // A dump brings back what is declared before it brings back the triggers.
    if (!counting_rule(table, meter.id)) return;
    bind_statements(partition, meter.id, meter.kind == Kind::standing);
    change_by_rows(partition, table, meter, Negative::is_refused, &add);
  });
}

void child_came(Oid parent) {
  if (!meters_declared_for(parent).empty()) refuse_children(parent);
}

void became_unlogged(Oid table) {
  for_each_meter(table, [&](Oid, const Meter& meter) {
    if (meter.kind == Kind::standing) require_logged(table);
  });
}

void partition_left(Oid parent, Oid partition) {
  for_each_meter(parent, [&](Oid table, const Meter& meter) {
    pg::partition_tree(partition, ShareRowExclusiveLock);
    change_by_rows(partition, table, meter, Negative::counts_nothing, &subtract);
    unbind_rows(partition, meter.id);
  });
}

// Of a partitioned table, its partitions are truncated each by itself.
void uncount_rows_of(Oid relation, const Meter& meter) {
  if (pg::call(::get_rel_relkind, relation) == RELKIND_PARTITIONED_TABLE) return;
  for (const Oid table : with_ancestors(relation))
    if (is_limited(table, meter.id))
      change_by_rows(relation, table, meter, Negative::counts_nothing, &subtract);
}

}  // namespace limits
