#include "partitions/create.hpp"

#include "core/partition_name.hpp"
#include "partitions/scopes.hpp"
#include "pg/spi.hpp"
#include "pg/wait_point.hpp"

namespace partitions {

namespace {

// Beyond what ATTACH PARTITION makes by itself (indexes, keys, constraints, triggers), a partition gets what the server
// leaves to whoever uses it by its own name.
constexpr const char grants[] =
    "SELECT pg_catalog.format('GRANT %s ON TABLE %s TO %s%s', a.privilege_type, $2,"
    "  CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END,"
    "  CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)"
    " FROM pg_catalog.pg_class AS c, LATERAL pg_catalog.aclexplode(c.relacl) AS a"
    " WHERE c.oid OPERATOR(pg_catalog.=) $1 AND a.grantee OPERATOR(pg_catalog.<>) c.relowner"
    " UNION ALL"
    " SELECT pg_catalog.format('GRANT %s (%I) ON TABLE %s TO %s%s', a.privilege_type, t.attname, $2,"
    "  CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END,"
    "  CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)"
    " FROM pg_catalog.pg_attribute AS t, LATERAL pg_catalog.aclexplode(t.attacl) AS a"
    " WHERE t.attrelid OPERATOR(pg_catalog.=) $1 AND NOT t.attisdropped";

constexpr const char policies[] =
    "SELECT pg_catalog.format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', $2) FROM pg_catalog.pg_class AS c"
    "  WHERE c.oid OPERATOR(pg_catalog.=) $1 AND c.relrowsecurity"
    " UNION ALL"
    " SELECT pg_catalog.format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', $2) FROM pg_catalog.pg_class AS c"
    "  WHERE c.oid OPERATOR(pg_catalog.=) $1 AND c.relforcerowsecurity"
    " UNION ALL"
    " SELECT pg_catalog.format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s', p.polname, $2,"
    "  CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,"
    "  CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,"
    "  (SELECT pg_catalog.string_agg(CASE r.role WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(r.role)) END, ', ')"
    "     FROM pg_catalog.unnest(p.polroles) AS r (role)),"
    "  ' USING (' OPERATOR(pg_catalog.||) pg_catalog.pg_get_expr(p.polqual, p.polrelid) OPERATOR(pg_catalog.||) ')',"
    "  ' WITH CHECK (' OPERATOR(pg_catalog.||) pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) OPERATOR(pg_catalog.||) ')')"
    " FROM pg_catalog.pg_policy AS p WHERE p.polrelid OPERATOR(pg_catalog.=) $1";

// An index of the parent has its counterpart in each partition.
constexpr const char replica_identity[] =
    "SELECT pg_catalog.format('ALTER TABLE %s REPLICA IDENTITY %s', $2, CASE c.relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END)"
    " FROM pg_catalog.pg_class AS c WHERE c.oid OPERATOR(pg_catalog.=) $1 AND c.relreplident IN ('f', 'n')"
    " UNION ALL"
    " SELECT pg_catalog.format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', $2, own.relname)"
    " FROM pg_catalog.pg_class AS c"
    " JOIN pg_catalog.pg_index AS i ON i.indrelid OPERATOR(pg_catalog.=) c.oid AND i.indisreplident"
    " JOIN pg_catalog.pg_inherits AS h ON h.inhparent OPERATOR(pg_catalog.=) i.indexrelid"
    " JOIN pg_catalog.pg_index AS o ON o.indexrelid OPERATOR(pg_catalog.=) h.inhrelid AND o.indrelid OPERATOR(pg_catalog.=) $2::pg_catalog.regclass"
    " JOIN pg_catalog.pg_class AS own ON own.oid OPERATOR(pg_catalog.=) o.indexrelid"
    " WHERE c.oid OPERATOR(pg_catalog.=) $1 AND c.relreplident OPERATOR(pg_catalog.=) 'i'";

std::string schema_of(Oid table) {
  return pg::call(::get_namespace_name, pg::call(::get_rel_namespace, table));
}

std::string qualified(const Set& set, const std::string& name) {
  return fmt::format("{}.{}", pg::quoted_identifier(schema_of(set.relation)), pg::quoted_identifier(name));
}

void run_all(const char* query, Oid parent, const std::string& partition) {
  std::vector<std::string> statements;
  {
    pg::Spi spi;
    const std::uint64_t count = spi.run_on_latest(query, pg::RelationId{parent}, partition);
    for (std::uint64_t i = 0; i < count; ++i) statements.push_back(spi.value<std::string>(i, 1));
  }
  for (const std::string& statement : statements) pg::Spi{}.run(statement);
}

std::string create_statement(const Set& set, const std::string& name) {
  return fmt::format("CREATE TABLE {} (LIKE {} INCLUDING COMMENTS INCLUDING COMPRESSION INCLUDING CONSTRAINTS INCLUDING DEFAULTS"
                     " INCLUDING GENERATED INCLUDING STATISTICS INCLUDING STORAGE)",
                     qualified(set, name), pg::qualified_name(set.relation));
}

// The parent first, then the default: whoever reads or writes the table takes them in this order.
void lock_for_new(const Set& set) {
  pg::call(::LockRelationOid, set.relation, LOCKMODE{ShareUpdateExclusiveLock});
  if (set.default_partition)
    pg::call(::LockRelationOid, *set.default_partition, LOCKMODE{AccessExclusiveLock});
}

void create(const Set& set, const std::string& name, const std::string& attach) {
  lock_for_new(set);
  pg::wait_point("create: locked");
  const AsOwnerOf owner{set.relation};
  pg::Spi{}.run(create_statement(set, name));
  pg::Spi{}.run(attach);
  const std::string partition = qualified(set, name);
  run_all(grants, set.relation, partition);
  run_all(policies, set.relation, partition);
  run_all(replica_identity, set.relation, partition);
  pg::wait_point("create: attached");
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
  return fmt::format("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})", pg::qualified_name(set.relation),
                     qualified(set, name), bound_text(set.key, range.from), bound_text(set.key, range.to));
}

void create_partition(const Set& set, const core::ladder::Range& range) {
  const std::string name = free_name(set, set.steps.suffix(range.from));
  create(set, name, attach_statement(set, name, range));
}

void create_default(const Set& set) {
  const std::string name = free_name(set, "_default");
  create(set, name,
         fmt::format("ALTER TABLE {} ATTACH PARTITION {} DEFAULT", pg::qualified_name(set.relation), qualified(set, name)));
}

}  // namespace partitions
