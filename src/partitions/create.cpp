#include "partitions/create.hpp"

#include "core/partition_name.hpp"
#include "partitions/free_range.hpp"
#include "partitions/scopes.hpp"
#include "pg/wait_point.hpp"

namespace partitions {

namespace {

std::string schema_of(Oid table) {
  return pg::call(::get_namespace_name, pg::call(::get_rel_namespace, table));
}

std::string qualified(const Set& set, const std::string& name) {
  return fmt::format("{}.{}", pg::quoted_identifier(schema_of(set.relation)), pg::quoted_identifier(name));
}

// Of an extension's table nothing can be restored that partitions have got from it: indexes belong to the partitions alone, and new
// ones get those that the default has.
std::optional<Oid> model_of(const Set& set) {
  return pg::is_own(set.relation) ? set.default_partition : std::nullopt;
}

// New partitions lie where the table says that they are to lie; LIKE leaves that out.
std::string create_statement(const Set& set, const std::string& name) {
  const pg::Placement placement = pg::placement_of(set.relation);
  const std::optional<Oid> model = model_of(set);
  return fmt::format(
      "CREATE TABLE {} (LIKE {} INCLUDING COMMENTS INCLUDING COMPRESSION INCLUDING CONSTRAINTS INCLUDING "
      "DEFAULTS"
      " INCLUDING GENERATED INCLUDING STATISTICS INCLUDING STORAGE{}){}{}",
      qualified(set, name), pg::qualified_name(model.value_or(set.relation)),
      model ? " INCLUDING INDEXES" : "",
      placement.access_method ? " USING " + pg::quoted_identifier(*placement.access_method) : "",
      placement.tablespace ? " TABLESPACE " + pg::quoted_identifier(*placement.tablespace) : "");
}

// The parent first, then the default: whoever reads or writes the table takes them in this order. What the foreign keys refer
// to gets their triggers.
void lock_for_new(const Set& set, Locks& locks) {
  locks.take_referring(set.relation);
  locks.take(set.relation, ShareUpdateExclusiveLock);
  if (set.default_partition) locks.take(*set.default_partition, AccessExclusiveLock);
  for (const Oid table : pg::tables_referred_to(pg::OpenRelation{set.relation, ShareUpdateExclusiveLock}))
    locks.take(table, ShareRowExclusiveLock);
}

Likeness likeness_of(const Set& set) {
  const AsOwnerOf owner{set.relation};
  return Likeness{set.relation, model_of(set)};
}

}  // namespace

std::string free_name(const Set& set, const std::string& suffix) {
  const Oid schema = pg::call(::get_rel_namespace, set.relation);
  std::string name = core::partition_name(set.name, suffix);
  for (int n = 2; pg::call(::get_relname_relid, name.c_str(), schema) != InvalidOid; ++n)
    name = core::partition_name(set.name, fmt::format("{}_{}", suffix, n));
  return name;
}

std::string attach_statement(const Set& set, const std::string& name, const core::ladder::Range& range) {
  return fmt::format("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})",
                     pg::qualified_name(set.relation), qualified(set, name), bound_text(set.key, range.from),
                     bound_text(set.key, range.to));
}

Maker::Maker(const Set& set, Locks& locks) : set_{set}, locks_{locks}, likeness_{likeness_of(set)} {}

Oid Maker::make(const core::ladder::Range& range) {
  const std::string name = free_name(set_, set_.steps.suffix(range.from));
  lock_for_new(set_, locks_);
  const FreeRange proof{set_, range};
  const Oid partition = create(name, attach_statement(set_, name, range));
  proof.forget();
  return partition;
}

Oid Maker::make_default() {
  const std::string name = free_name(set_, "_default");
  lock_for_new(set_, locks_);
  return create(name, fmt::format("ALTER TABLE {} ATTACH PARTITION {} DEFAULT",
                                  pg::qualified_name(set_.relation), qualified(set_, name)));
}

Oid Maker::create(const std::string& name, const std::string& attach) const {
  pg::wait_point("create: locked");
  const AsOwnerOf owner{set_.relation};
  pg::Spi{}.run(create_statement(set_, name));
  pg::Spi{}.run(attach);
  const Oid partition =
      pg::call(::get_relname_relid, name.c_str(), pg::call(::get_rel_namespace, set_.relation));
  likeness_.give_to(partition);
  pg::wait_point("create: attached");
  return partition;
}

}  // namespace partitions
