#include "partitions/likeness.hpp"

#include "pg/partition.hpp"
#include "pg/spi.hpp"

namespace partitions {

namespace {

constexpr const char statements_query[] =
    // grants on the table
    "SELECT pg_catalog.format('GRANT %s ON TABLE ', a.privilege_type),"
    "  pg_catalog.format(' TO %s%s',"
    "    CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE "
    "pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END,"
    "    CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)"
    " FROM pg_catalog.pg_class AS c, LATERAL pg_catalog.aclexplode(c.relacl) AS a"
    " WHERE c.oid OPERATOR(pg_catalog.=) $1 AND a.grantee OPERATOR(pg_catalog.<>) c.relowner"
    // and on its columns
    " UNION ALL"
    " SELECT pg_catalog.format('GRANT %s (%I) ON TABLE ', a.privilege_type, t.attname),"
    "  pg_catalog.format(' TO %s%s',"
    "    CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE "
    "pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END,"
    "    CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)"
    " FROM pg_catalog.pg_attribute AS t, LATERAL pg_catalog.aclexplode(t.attacl) AS a"
    " WHERE t.attrelid OPERATOR(pg_catalog.=) $1 AND NOT t.attisdropped"
    // row level security
    " UNION ALL"
    " SELECT 'ALTER TABLE ', ' ENABLE ROW LEVEL SECURITY' FROM pg_catalog.pg_class AS c"
    "  WHERE c.oid OPERATOR(pg_catalog.=) $1 AND c.relrowsecurity"
    " UNION ALL"
    " SELECT 'ALTER TABLE ', ' FORCE ROW LEVEL SECURITY' FROM pg_catalog.pg_class AS c"
    "  WHERE c.oid OPERATOR(pg_catalog.=) $1 AND c.relforcerowsecurity"
    // what identifies a row to subscribers
    " UNION ALL"
    " SELECT 'ALTER TABLE ', CASE c.relreplident WHEN 'f' THEN ' REPLICA IDENTITY FULL' ELSE ' REPLICA "
    "IDENTITY NOTHING' END"
    " FROM pg_catalog.pg_class AS c WHERE c.oid OPERATOR(pg_catalog.=) $1 AND c.relreplident IN ('f', 'n')";

// A trigger's text names its table where ON stands first outside of its name, which no name of ours contains. Default privileges
// are not meant for what steward makes.
constexpr const char model_query[] =
    "SELECT pg_catalog.left(d.text, d.place OPERATOR(pg_catalog.+) 3),"
    "  pg_catalog.substr(d.text, d.place OPERATOR(pg_catalog.+) 4 OPERATOR(pg_catalog.+) "
    "pg_catalog.length(d.name))"
    " FROM (SELECT t.def AS text, n.name, pg_catalog.strpos(t.def, ' ON ' OPERATOR(pg_catalog.||) n.name"
    "     OPERATOR(pg_catalog.||) ' ') AS place"
    "   FROM pg_catalog.pg_class AS c"
    "   JOIN pg_catalog.pg_namespace AS s ON s.oid OPERATOR(pg_catalog.=) c.relnamespace,"
    "   LATERAL (SELECT pg_catalog.format('%I.%I', s.nspname, c.relname) AS name) AS n,"
    "   LATERAL (SELECT pg_catalog.pg_get_triggerdef(g.oid) AS def FROM pg_catalog.pg_trigger AS g"
    "     WHERE g.tgrelid OPERATOR(pg_catalog.=) c.oid AND NOT g.tgisinternal) AS t"
    "   WHERE c.oid OPERATOR(pg_catalog.=) $1) AS d"
    " UNION ALL"
    " SELECT 'ALTER TABLE ', pg_catalog.format(' %s TRIGGER %I', CASE g.tgenabled WHEN 'A' THEN 'ENABLE "
    "ALWAYS'"
    "   WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'D' THEN 'DISABLE' ELSE 'ENABLE' END, g.tgname)"
    "  FROM pg_catalog.pg_trigger AS g WHERE g.tgrelid OPERATOR(pg_catalog.=) $1 AND NOT g.tgisinternal"
    " UNION ALL"
    " SELECT 'REVOKE ALL ON TABLE ', ' FROM PUBLIC' FROM pg_catalog.pg_class AS c WHERE c.oid "
    "OPERATOR(pg_catalog.=) $1";

// Their conditions can name the table, and then have to name the partition.
constexpr const char policies_query[] =
    "SELECT pg_catalog.format('CREATE POLICY %I ON ', p.polname),"
    "  pg_catalog.format(' AS %s FOR %s TO %s', CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE "
    "'RESTRICTIVE' END,"
    "    CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN "
    "'DELETE' ELSE 'ALL' END,"
    "    (SELECT pg_catalog.string_agg(CASE r.role WHEN 0 THEN 'PUBLIC'"
    "       ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(r.role)) END, ', ')"
    "     FROM pg_catalog.unnest(p.polroles) AS r (role))),"
    "  p.polqual::pg_catalog.text, p.polwithcheck::pg_catalog.text"
    " FROM pg_catalog.pg_policy AS p WHERE p.polrelid OPERATOR(pg_catalog.=) $1";

// An index of the parent has its counterpart in each partition.
constexpr const char identity_index_query[] =
    "SELECT pg_catalog.quote_ident(own.relname)"
    " FROM pg_catalog.pg_index AS i"
    " JOIN pg_catalog.pg_inherits AS h ON h.inhparent OPERATOR(pg_catalog.=) i.indexrelid"
    " JOIN pg_catalog.pg_index AS o ON o.indexrelid OPERATOR(pg_catalog.=) h.inhrelid AND o.indrelid "
    "OPERATOR(pg_catalog.=) $2"
    " JOIN pg_catalog.pg_class AS own ON own.oid OPERATOR(pg_catalog.=) o.indexrelid"
    " WHERE i.indrelid OPERATOR(pg_catalog.=) $1 AND i.indisreplident";

}  // namespace

Likeness::Likeness(Oid parent, std::optional<Oid> model) : like_{model.value_or(parent)} {
  add(statements_query, like_);
  if (model) add(model_query, *model);
  pg::Spi spi;
  const std::uint64_t policies = spi.run_on_latest(policies_query, pg::RelationId{like_});
  for (std::uint64_t i = 0; i < policies; ++i)
    policies_.push_back({{spi.value<std::string>(i, 1), spi.value<std::string>(i, 2)},
                         spi.find<std::string>(i, 3),
                         spi.find<std::string>(i, 4)});
}

void Likeness::add(const char* query, Oid table) {
  pg::Spi spi;
  const std::uint64_t count = spi.run_on_latest(query, pg::RelationId{table});
  for (std::uint64_t i = 0; i < count; ++i)
    statements_.push_back({spi.value<std::string>(i, 1), spi.value<std::string>(i, 2)});
}

std::string Likeness::policy_on(Oid partition, const Policy& policy) const {
  const std::string name = pg::call(::get_rel_name, partition);
  std::string statement = policy.about.before + pg::qualified_name(partition) + policy.about.after;
  if (policy.visible)
    statement += fmt::format(" USING ({})", pg::expression_text(like_, *policy.visible, name));
  if (policy.allowed)
    statement += fmt::format(" WITH CHECK ({})", pg::expression_text(like_, *policy.allowed, name));
  return statement;
}

void Likeness::give_to(Oid partition) const {
  const std::string name = pg::qualified_name(partition);
  for (const Statement& statement : statements_) pg::Spi{}.run(statement.before + name + statement.after);
  for (const Policy& policy : policies_) pg::Spi{}.run(policy_on(partition, policy));
  if (!pg::is_identified_by_index(like_)) return;
  pg::Spi spi;
  if (spi.run_on_latest(identity_index_query, pg::RelationId{like_}, pg::RelationId{partition}) != 0)
    spi.run(
        fmt::format("ALTER TABLE {} REPLICA IDENTITY USING INDEX {}", name, spi.value<std::string>(0, 1)));
}

}  // namespace partitions
