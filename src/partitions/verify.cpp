// What is wrong with a set, or about to be: nothing is changed, and what maintenance will mend is told all the same.
#include <algorithm>

#include "partitions/age.hpp"
#include "partitions/scopes.hpp"
#include "partitions/strays.hpp"
#include "pg/function.hpp"
#include "pg/spi.hpp"
#include "pg/store.hpp"
#include "pg/subtransaction.hpp"

namespace partitions {

namespace {

using core::ladder::Range;
using Problems = pg::Store<pg::RelationId, std::optional<std::string>, std::string, std::string>;

struct Problem {
  std::optional<Oid> partition;
  std::string problem, detail;
};

// An index is valid when every partition has its own, so that only the one that is missing need be told of.
constexpr const char indexes[] =
    "SELECT c.oid::pg_catalog.regclass, 'missing index', pg_catalog.format('Index \"%s\" of the table has no "
    "counterpart.', i.relname)"
    " FROM pg_catalog.pg_index AS x JOIN pg_catalog.pg_class AS i ON i.oid OPERATOR(pg_catalog.=) "
    "x.indexrelid"
    " JOIN pg_catalog.pg_inherits AS h ON h.inhparent OPERATOR(pg_catalog.=) x.indrelid AND NOT "
    "h.inhdetachpending"
    " JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) h.inhrelid AND c.relkind "
    "OPERATOR(pg_catalog.<>) 'f'"
    " WHERE x.indrelid OPERATOR(pg_catalog.=) $1 AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits AS k"
    "   JOIN pg_catalog.pg_index AS y ON y.indexrelid OPERATOR(pg_catalog.=) k.inhrelid"
    "   WHERE k.inhparent OPERATOR(pg_catalog.=) x.indexrelid AND y.indrelid OPERATOR(pg_catalog.=) c.oid)"
    " UNION ALL"
    " SELECT y.indrelid::pg_catalog.regclass, 'invalid index', pg_catalog.format('Index \"%s\" is not valid: "
    "REINDEX it.', i.relname)"
    " FROM pg_catalog.pg_inherits AS h JOIN pg_catalog.pg_index AS y ON y.indrelid OPERATOR(pg_catalog.=) "
    "h.inhrelid AND NOT y.indisvalid"
    " JOIN pg_catalog.pg_class AS i ON i.oid OPERATOR(pg_catalog.=) y.indexrelid"
    " WHERE h.inhparent OPERATOR(pg_catalog.=) $1"
    " UNION ALL"
    " SELECT NULL, 'invalid index', pg_catalog.format('Index \"%s\" of the table is not valid: it lacks a "
    "counterpart, or one is invalid.', i.relname)"
    " FROM pg_catalog.pg_index AS x JOIN pg_catalog.pg_class AS i ON i.oid OPERATOR(pg_catalog.=) "
    "x.indexrelid"
    " WHERE x.indrelid OPERATOR(pg_catalog.=) $1 AND NOT x.indisvalid";

// What everybody but the owner may do with the table and its columns, on the one and on the other.
constexpr const char grants[] =
    "WITH tables AS (SELECT c.oid, c.relacl, c.relowner FROM pg_catalog.pg_class AS c WHERE c.oid "
    "OPERATOR(pg_catalog.=) $1"
    "   UNION ALL SELECT c.oid, c.relacl, c.relowner FROM pg_catalog.pg_inherits AS h"
    "     JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) h.inhrelid WHERE h.inhparent "
    "OPERATOR(pg_catalog.=) $1),"
    " rights AS (SELECT t.oid, a.grantee, a.privilege_type, a.is_grantable, NULL::pg_catalog.name AS col"
    "   FROM tables AS t, LATERAL pg_catalog.aclexplode(t.relacl) AS a WHERE a.grantee "
    "OPERATOR(pg_catalog.<>) t.relowner"
    "   UNION SELECT t.oid, a.grantee, a.privilege_type, a.is_grantable, b.attname"
    "   FROM tables AS t JOIN pg_catalog.pg_attribute AS b ON b.attrelid OPERATOR(pg_catalog.=) t.oid AND "
    "NOT b.attisdropped,"
    "     LATERAL pg_catalog.aclexplode(b.attacl) AS a WHERE a.grantee OPERATOR(pg_catalog.<>) t.relowner),"
    " differing AS ("
    "   SELECT t.oid, 'missing grant' AS problem, r.grantee, r.privilege_type, r.is_grantable, r.col"
    "   FROM tables AS t, rights AS r WHERE t.oid OPERATOR(pg_catalog.<>) $1 AND r.oid "
    "OPERATOR(pg_catalog.=) $1"
    "   AND NOT EXISTS (SELECT FROM rights AS s WHERE s.oid OPERATOR(pg_catalog.=) t.oid AND s.grantee "
    "OPERATOR(pg_catalog.=) r.grantee"
    "     AND s.privilege_type OPERATOR(pg_catalog.=) r.privilege_type AND s.is_grantable "
    "OPERATOR(pg_catalog.>=) r.is_grantable"
    "     AND s.col IS NOT DISTINCT FROM r.col)"
    "   UNION ALL SELECT r.oid, 'extra grant', r.grantee, r.privilege_type, r.is_grantable, r.col"
    "   FROM rights AS r WHERE r.oid OPERATOR(pg_catalog.<>) $1"
    "   AND NOT EXISTS (SELECT FROM rights AS s WHERE s.oid OPERATOR(pg_catalog.=) $1 AND s.grantee "
    "OPERATOR(pg_catalog.=) r.grantee"
    "     AND s.privilege_type OPERATOR(pg_catalog.=) r.privilege_type AND s.is_grantable "
    "OPERATOR(pg_catalog.>=) r.is_grantable"
    "     AND s.col IS NOT DISTINCT FROM r.col))"
    " SELECT d.oid::pg_catalog.regclass, d.problem, pg_catalog.format('%s%s to %s%s%s.', d.privilege_type,"
    "   ' (' OPERATOR(pg_catalog.||) pg_catalog.quote_ident(d.col) OPERATOR(pg_catalog.||) ')',"
    "   CASE d.grantee WHEN 0 THEN 'PUBLIC' ELSE "
    "pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(d.grantee)) END,"
    "   CASE WHEN d.is_grantable THEN ' with grant option' ELSE '' END,"
    "   CASE d.problem WHEN 'extra grant' THEN ', which the table has not' ELSE ', which the table has' END)"
    " FROM differing AS d";

constexpr const char owners[] =
    "SELECT c.oid::pg_catalog.regclass, 'other owner', pg_catalog.format('It belongs to %I, the table to "
    "%I.',"
    "   pg_catalog.pg_get_userbyid(c.relowner), pg_catalog.pg_get_userbyid(p.relowner))"
    " FROM pg_catalog.pg_class AS p JOIN pg_catalog.pg_inherits AS h ON h.inhparent OPERATOR(pg_catalog.=) "
    "p.oid"
    " JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) h.inhrelid AND c.relowner "
    "OPERATOR(pg_catalog.<>) p.relowner"
    " WHERE p.oid OPERATOR(pg_catalog.=) $1";

// What keeps rows from being seen by those who use the partition by its own name.
constexpr const char row_security[] =
    "SELECT c.oid::pg_catalog.regclass, 'row security', pg_catalog.format('Row level security is %s, that of "
    "the table %s.', s.own, s.parent)"
    " FROM pg_catalog.pg_class AS p JOIN pg_catalog.pg_inherits AS h ON h.inhparent OPERATOR(pg_catalog.=) "
    "p.oid"
    " JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) h.inhrelid AND c.relkind "
    "OPERATOR(pg_catalog.<>) 'f',"
    " LATERAL (SELECT"
    "   CASE WHEN NOT c.relrowsecurity THEN 'disabled' WHEN c.relforcerowsecurity THEN 'enabled and forced' "
    "ELSE 'enabled' END,"
    "   CASE WHEN NOT p.relrowsecurity THEN 'disabled' WHEN p.relforcerowsecurity THEN 'enabled and forced' "
    "ELSE 'enabled' END)"
    "   AS s (own, parent)"
    " WHERE p.oid OPERATOR(pg_catalog.=) $1 AND s.own OPERATOR(pg_catalog.<>) s.parent";

// A condition that names the table names the partition there.
constexpr const char policies[] =
    "WITH rules AS (SELECT p.polrelid, p.polname, pg_catalog.replace("
    "     pg_catalog.concat_ws(' ', p.polcmd, p.polpermissive, p.polroles,"
    "       pg_catalog.pg_get_expr(p.polqual, p.polrelid), '/', pg_catalog.pg_get_expr(p.polwithcheck, "
    "p.polrelid)),"
    "     pg_catalog.quote_ident(o.relname) OPERATOR(pg_catalog.||) '.', pg_catalog.quote_ident(t.relname) "
    "OPERATOR(pg_catalog.||) '.') AS rule"
    "   FROM pg_catalog.pg_policy AS p JOIN pg_catalog.pg_class AS o ON o.oid OPERATOR(pg_catalog.=) "
    "p.polrelid"
    "   CROSS JOIN pg_catalog.pg_class AS t WHERE t.oid OPERATOR(pg_catalog.=) $1)"
    " SELECT c.oid::pg_catalog.regclass, 'policies', pg_catalog.format(CASE WHEN d.parent IS NULL"
    "   THEN 'Policy %I is none of the table.' WHEN d.own IS NULL THEN 'Policy %I of the table is missing.'"
    "   ELSE 'Policy %I differs from that of the table.' END, COALESCE(d.own, d.parent))"
    " FROM pg_catalog.pg_inherits AS h JOIN pg_catalog.pg_class AS c"
    "   ON c.oid OPERATOR(pg_catalog.=) h.inhrelid AND c.relkind OPERATOR(pg_catalog.<>) 'f',"
    " LATERAL (SELECT p.polname, o.polname FROM (SELECT * FROM rules AS r WHERE r.polrelid "
    "OPERATOR(pg_catalog.=) $1) AS p"
    "   FULL JOIN (SELECT * FROM rules AS r WHERE r.polrelid OPERATOR(pg_catalog.=) c.oid) AS o"
    "   ON o.polname OPERATOR(pg_catalog.=) p.polname WHERE o.rule IS DISTINCT FROM p.rule) AS d (parent, "
    "own)"
    " WHERE h.inhparent OPERATOR(pg_catalog.=) $1";

constexpr const char replica_identity[] =
    "SELECT c.oid::pg_catalog.regclass, 'replica identity', pg_catalog.format('Its replica identity is %s, "
    "that of the table %s.',"
    "   words.own, words.parent)"
    " FROM pg_catalog.pg_class AS p JOIN pg_catalog.pg_inherits AS h ON h.inhparent OPERATOR(pg_catalog.=) "
    "p.oid"
    " JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) h.inhrelid AND c.relkind "
    "OPERATOR(pg_catalog.<>) 'f'"
    " LEFT JOIN pg_catalog.pg_index AS x ON x.indrelid OPERATOR(pg_catalog.=) p.oid AND x.indisreplident"
    " LEFT JOIN pg_catalog.pg_index AS y ON y.indrelid OPERATOR(pg_catalog.=) c.oid AND y.indisreplident,"
    " LATERAL (SELECT CASE c.relreplident WHEN 'd' THEN 'the default' WHEN 'f' THEN 'full' WHEN 'n' THEN "
    "'nothing' ELSE 'an index' END,"
    "   CASE p.relreplident WHEN 'd' THEN 'the default' WHEN 'f' THEN 'full' WHEN 'n' THEN 'nothing' WHEN "
    "c.relreplident "
    "THEN 'another index' ELSE 'an index' END) AS words (own, parent)"
    " WHERE p.oid OPERATOR(pg_catalog.=) $1 AND (c.relreplident OPERATOR(pg_catalog.<>) p.relreplident"
    "   OR p.relreplident OPERATOR(pg_catalog.=) 'i' AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits AS k"
    "     WHERE k.inhrelid OPERATOR(pg_catalog.=) y.indexrelid AND k.inhparent OPERATOR(pg_catalog.=) "
    "x.indexrelid))";

void ask(std::vector<Problem>& problems, Oid table, const char* query) {
  pg::Spi spi;
  const std::uint64_t count =
      spi.run_on_latest(fmt::format("{} ORDER BY 2, 3, 1", query), pg::RelationId{table});
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::optional<pg::RelationId> partition = spi.find<pg::RelationId>(i, 1);
    problems.push_back(
        {partition ? std::optional{partition->oid} : std::nullopt, spi.text(i, 2), spi.text(i, 3)});
  }
}

// The server keeps ranges apart; what it compares are whole values, and here uuids are the times in them.
void look_at_bounds(std::vector<Problem>& problems, const Set& set) {
  const auto text = [&](std::int64_t bound) { return bound_text(set.key, bound); };
  // What is older than the retention is not made again.
  const std::int64_t cutoff = cutoff_of(set).value_or(core::ladder::lowest);
  const Child* last = nullptr;
  for (const Child& child : set.children) {
    if (child.detaching)
      problems.push_back({child.relation, "pending detach",
                          "A concurrent detach was interrupted: its rows are not seen. ALTER TABLE with "
                          "DETACH PARTITION and FINALIZE ends it."});
    if (last != nullptr && last->range.to < child.range.from && child.range.from > cutoff)
      problems.push_back({last->relation, "gap",
                          fmt::format("No partition follows, from {} to {}.", text(last->range.to),
                                      text(child.range.from))});
    if (last != nullptr && last->range.to > child.range.from)
      problems.push_back(
          {child.relation, "overlap",
           fmt::format("It begins at {}, before the partition before it ends.", text(child.range.from))});
    if (!core::ladder::is_step(child.range, set.steps.get()))
      problems.push_back({child.relation, "misaligned",
                          fmt::format("From {} to {} is no step of the set.", text(child.range.from),
                                      text(child.range.to))});
    last = &child;
  }
  const std::int64_t present = set.present();
  if (!core::ladder::covered_until(set.ranges(), present))
    problems.push_back({std::nullopt, "gap", "There is no partition for new rows."});
}

void look_at_default(std::vector<Problem>& problems, const Set& set) {
  const std::optional<Strays> strays = strays_of(set);
  if (!strays && set.options.default_partition)
    problems.push_back(
        {std::nullopt, "missing default", "There is no place for rows that no partition is for."});
  if (strays && strays->misplaced)
    problems.push_back({set.default_partition, "rows in default",
                        fmt::format("Some of its {}{} rows are of ranges that should have a partition.",
                                    strays->counted ? "" : "about ", strays->rows.value_or(0))});
}

std::vector<Problem> problems_of(Oid table, const Options& options) {
  const WithinBudget budget{options.lock_budget};
  const Set set = Set::of(table, options, AccessShareLock);
  std::vector<Problem> problems;
  look_at_bounds(problems, set);
  look_at_default(problems, set);
  // Nobody uses a partition of a table of ours by its own name: what the table grants and its policies are not the partition's.
  const bool is_own = pg::is_own(table);
  for (const char* query : {indexes, grants, owners, row_security, policies, replica_identity})
    if (!is_own || (query != row_security && query != policies)) ask(problems, table, query);
  if (is_own) std::erase_if(problems, [](const Problem& one) { return one.problem == "missing grant"; });
  return problems;
}

std::optional<std::string> name_of(std::optional<Oid> table) {
  if (!table) return std::nullopt;
  return DatumGetCString(
      pg::call(::DirectFunctionCall1Coll, ::regclassout, Oid{InvalidOid}, ObjectIdGetDatum(*table)));
}

void verify(Problems& store, Oid table) {
  const std::optional<Options> options = find_options(table);
  if (!options) return;
  std::vector<Problem> problems;
  const std::optional<pg::Failure> failure =
      pg::subtransaction([&] { problems = problems_of(table, *options); });
  if (failure && pg::call(::get_rel_name, table) == nullptr) return;
  if (failure)
    problems = {{std::nullopt, "unreadable", fmt::format("{}: {}", failure->code(), failure->message)}};
  for (const Problem& one : problems)
    store.put(pg::RelationId{table}, name_of(one.partition), one.problem, one.detail);
}

}  // namespace

}  // namespace partitions

namespace sql {

void verify_partitions(partitions::Problems& store, const std::optional<pg::RelationId>& rel) {
  if (rel && !partitions::find_options(rel->oid)) partitions::refuse_unmanaged(rel->oid);
  const std::vector<Oid> tables = rel ? std::vector<Oid>{rel->oid} : partitions::managed_tables();
  for (const Oid table : tables) {
    pg::check_interrupts();
    partitions::verify(store, table);
  }
}

}  // namespace sql

PG_SQL_STORE(verify_partitions);
