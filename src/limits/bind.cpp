// Declaring that a table's rows are subjects of limits, and taking that back.
#include <algorithm>

#include "errors.hpp"
#include "keys/orphans.hpp"
#include "keys/target.hpp"
#include "limits/binding.hpp"
#include "limits/catalogue.hpp"
#include "limits/scopes.hpp"
#include "limits/subject_rows.hpp"
#include "limits/subjects.hpp"
#include "pg/function.hpp"
#include "pg/spi.hpp"

namespace sql {

namespace {

using limits::BoundColumns;
using limits::Role;
using limits::SubjectTable;

constexpr keys::Words words{.cannot = "cannot bind table",
                            .instead = "Bind the partitioned table",
                            .by_a_key = "A subject is known by",
                            .one = "limits",
                            .many = "accounts",
                            .rows = "Subjects"};

// What is NULL in a call is left as it is; an empty name takes it away.
using Wanted = limits::ByRole<std::optional<std::string>>;

struct Present {
  BoundColumns columns;
  std::string fallback;
};

std::optional<Present> present_of(Oid table) {
  const std::shared_ptr<const SubjectTable> subjects = limits::find_subjects(table);
  if (!subjects) return std::nullopt;
  Present present;
  present.columns[Role::key] = subjects->key;
  present.columns[Role::tier] = subjects->tier;
  present.columns[Role::expires] = subjects->expires;
  present.columns[Role::zone] = subjects->zone;
  present.columns[Role::anchor] = subjects->anchor;
  present.fallback = subjects->fallback;
  return present;
}

BoundColumns merged(const Wanted& wanted, const std::optional<Present>& present) {
  BoundColumns columns;
  for (const Role role : limits::roles)
    columns[role] = wanted[role] ? *wanted[role] : present ? present->columns[role] : "";
  return columns;
}

// Another column for anything means another trigger in the place of the old one, and DROP TRIGGER's lock from the start.
LOCKMODE lock_to_bind(Oid table, const Wanted& wanted) {
  const std::optional<Present> present = present_of(table);
  return present && merged(wanted, present) != present->columns ? AccessExclusiveLock : ShareRowExclusiveLock;
}

void require_type(const pg::OpenRelation& table, const std::string& name, bool (*fits)(Oid),
                  const char* detail) {
  if (name.empty()) return;
  const FormData_pg_attribute& column = keys::attribute(table, pg::require_column(table, name));
  if (!fits(pg::call(::getBaseType, column.atttypid))) keys::refuse_type(table, column, detail);
}

void require_columns(const pg::OpenRelation& table, const BoundColumns& columns) {
  require_type(table, columns[Role::tier], limits::is_tier_type,
               "A subject's tier is kept in a column of type text, varchar or an enum.");
  require_type(table, columns[Role::expires], limits::is_time_type,
               "When a subscription runs out is kept in a column of type timestamp with time zone.");
  require_type(table, columns[Role::zone], limits::is_text_type,
               "A subject's time zone is kept in a column of type text or varchar.");
  require_type(table, columns[Role::anchor], limits::is_time_type,
               "The anchor of billing is kept in a column of type timestamp with time zone.");
  for (const Role a : limits::roles)
    for (const Role b : limits::roles)
      if (a < b && !columns[a].empty() && columns[a] == columns[b])
        keys::refuse_column(
            table, columns[a], ERRCODE_DUPLICATE_COLUMN,
            fmt::format("column \"{}\" of table \"{}\" is named twice", columns[a], table.name()),
            "Key, tier, expiry, zone and anchor are columns of their own.");
}

// The key that is wanted, or as it was, or the primary key.
keys::KeyColumn key_of(const pg::OpenRelation& table, const BoundColumns& columns) {
  return columns[Role::key].empty() ? keys::require_key(table, words)
                                    : keys::require_key(table, words, columns[Role::key]);
}

// Accounts are kept by the key's text.
void require_same_key(const pg::OpenRelation& table, const Present& present, const std::string& key) {
  if (present.columns[Role::key] == key || limits::meters_of(table.oid()).empty()) return;
  throw pg::at(
      pg::Error{ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                fmt::format("cannot change the key of subjects of table \"{}\"", table.name())}
          .detail(fmt::format("What they have used is known by column \"{}\".", present.columns[Role::key]))
          .hint("steward.drop_meter() drops a meter and what was used of it."),
      table.oid(), key);
}

void require_fallback(const BoundColumns& columns, const std::string& fallback) {
  if (fallback.empty()) return;
  limits::require_tier(fallback);
  if (columns[Role::expires].empty())
    throw pg::Error{ERRCODE_INVALID_PARAMETER_VALUE, "fallback needs expires_col"}.detail(
        "It is the tier that holds once the subscription has run out.");
}

// Without a word of a fallback the table keeps the one that it has, also where it had lost its triggers.
void write(Oid table, const std::optional<std::string>& fallback) {
  const limits::AsSteward owner;
  pg::Spi spi;
  // Of tables that are gone; their numbers may be given to others one day.
  spi.run(
      "DELETE FROM steward._subjects s WHERE NOT EXISTS"
      " (SELECT FROM pg_catalog.pg_class c WHERE c.oid OPERATOR(pg_catalog.=) s.rel)");
  spi.run(fmt::format("INSERT INTO steward._subjects (rel, fallback) VALUES ($1, $2) ON CONFLICT (rel) DO {}",
                      fallback ? "UPDATE SET fallback = excluded.fallback" : "NOTHING"),
          pg::RelationId{table}, fallback && !fallback->empty() ? fallback : std::nullopt);
}

// Subjects in order for which something is kept, behind one of them.
std::vector<std::string> subjects_behind(Oid table, const std::optional<std::string>& last) {
  std::vector<std::int32_t> meters;
  for (const auto& meter : limits::meters_of(table)) meters.push_back(meter->id);
  const limits::AsSteward owner;
  pg::Spi spi;
  const std::uint64_t rows = spi.run_on_latest(
      fmt::format("SELECT subject FROM (SELECT meter, subject FROM steward._ledger"
                  " UNION ALL SELECT meter, subject FROM steward._usage"
                  " UNION ALL SELECT meter, subject FROM steward._overrides"
                  " UNION ALL SELECT meter, subject FROM steward._extras) kept"
                  " WHERE meter OPERATOR(pg_catalog.=) ANY ($1) AND subject OPERATOR(pg_catalog.>) $2"
                  " GROUP BY subject ORDER BY subject LIMIT {}",
                  keys::keys_at_once),
      meters, last.value_or(""));
  std::vector<std::string> subjects;
  for (std::uint64_t i = 0; i < rows; ++i) subjects.push_back(spi.text(i, 1));
  return subjects;
}

// While no trigger tied limits to the table, rows may have gone without what was kept for them.
void drop_orphans(Oid table, const keys::KeyColumn& key) {
  keys::drop_orphans(table, key,
                     {.what = "what they have used",
                      .keys_behind = [&](const auto& last) { return subjects_behind(table, last); },
                      .drop = [&](const std::string& gone) { limits::drop_subject(table, gone); }});
}

}  // namespace

void bind_subjects(pg::RelationId rel, const std::optional<pg::Name>& tier_col,
                   const std::optional<pg::Name>& key_col, const std::optional<pg::Name>& expires_col,
                   const std::optional<std::string>& fallback, const std::optional<pg::Name>& zone_col,
                   const std::optional<pg::Name>& anchor_col) {
  Wanted wanted;
  const auto want = [&](Role role, const std::optional<pg::Name>& name) {
    if (name) wanted[role] = name->text;
  };
  want(Role::key, key_col);
  want(Role::tier, tier_col);
  want(Role::expires, expires_col);
  want(Role::zone, zone_col);
  want(Role::anchor, anchor_col);

  BoundColumns columns;
  keys::KeyColumn key;
  bool unbound = false;
  {
    const keys::LockedTable table{rel.oid, "bind_subjects()", lock_to_bind(rel.oid, wanted)};
    keys::require_table(table, words);
    limits::lock_catalogue();
    const std::optional<Present> present = present_of(rel.oid);
    columns = merged(wanted, present);
    key = key_of(table, columns);
    columns[Role::key] = key.name;
    require_columns(table, columns);
    if (present) require_same_key(table, *present, columns[Role::key]);
    const std::string next = fallback.value_or(present ? present->fallback : "");
    require_fallback(columns, next);
    if (!present || present->fallback != next) write(rel.oid, fallback);
    unbound = !present && !limits::meters_of(rel.oid).empty();
  }
  // A table's triggers cannot be changed while it is open; it is still locked.
  limits::bind(rel.oid, columns);
  if (unbound) drop_orphans(rel.oid, key);
}

void unbind_subjects(pg::RelationId rel) {
  {
    // As DROP TRIGGER takes it: raised later, the lock would wait for readers who wait for us.
    const keys::LockedTable table{rel.oid, "unbind_subjects()", AccessExclusiveLock};
    limits::lock_catalogue();
    if (const auto meters = limits::meters_of(rel.oid); !meters.empty())
      throw pg::at(
          pg::Error{ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST,
                    fmt::format("cannot unbind table \"{}\" because meters count for its rows", table.name())}
              .detail(fmt::format("Meter \"{}\" does.", meters.front()->name))
              .hint("steward.drop_meter() drops a meter and what was used of it."),
          rel.oid);
    const limits::AsSteward owner;
    const std::uint64_t rows =
        pg::Spi{}.run("DELETE FROM steward._subjects WHERE rel OPERATOR(pg_catalog.=) $1", rel);
    if (rows == 0) limits::require_subjects(rel.oid);  // says that it is not bound
    limits::require_changed(rows);
  }
  limits::unbind(rel.oid);
}

}  // namespace sql

PG_SQL_FUNCTION(bind_subjects);
PG_SQL_FUNCTION(unbind_subjects);
