// Maintenance by pg_cron: a job of this database that calls maintain(), alone, because a job of several commands is one transaction.
#include "pg/function.hpp"
#include "pg/privileges.hpp"
#include "pg/spi.hpp"
#include "pg/subtransaction.hpp"

namespace upkeep {

namespace {

constexpr const char job[] = "steward maintenance";
constexpr const char command[] = "CALL steward.maintain()";

std::string this_database() {
  pg::Spi spi;
  spi.run_on_latest("SELECT pg_catalog.current_database()::pg_catalog.text");
  return spi.value<std::string>(0, 1);
}

// Where pg_cron keeps its jobs; nothing where it is not preloaded. What not everybody may read of settings, this one may.
std::optional<std::string> cron_database() {
  const char* name = pg::call(::GetConfigOption, "cron.database_name", true, false);
  return name != nullptr ? std::optional<std::string>{name} : std::nullopt;
}

// The schema that has pg_cron's functions, and whether the caller may use it; the extension itself is in another. Jobs have names from
// pg_cron 1.3 on.
struct Cron {
  std::string schema;
  bool usable;
};
std::optional<Cron> find_cron() {
  pg::Spi spi;
  if (spi.run_on_latest(
          "SELECT n.nspname::pg_catalog.text, pg_catalog.has_schema_privilege(n.oid, 'USAGE')"
          " FROM pg_catalog.pg_extension AS e"
          " JOIN pg_catalog.pg_depend AS d ON d.refobjid OPERATOR(pg_catalog.=) e.oid"
          "   AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_extension'::pg_catalog.regclass"
          "   AND d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass"
          "   AND d.deptype OPERATOR(pg_catalog.=) 'e'"
          " JOIN pg_catalog.pg_proc AS p ON p.oid OPERATOR(pg_catalog.=) d.objid"
          " JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace"
          " WHERE e.extname OPERATOR(pg_catalog.=) 'pg_cron' AND p.proname OPERATOR(pg_catalog.=) 'schedule'"
          "   AND p.pronargs OPERATOR(pg_catalog.=) 3") == 0)
    return std::nullopt;
  return Cron{spi.value<std::string>(0, 1), spi.value<bool>(0, 2)};
}

[[noreturn]] void refuse(const std::string& detail, const std::string& hint) {
  const std::string database = this_database();
  throw pg::Error{ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                  fmt::format("maintenance of database \"{}\" cannot be scheduled with pg_cron", database)}
      .detail(detail)
      .hint(fmt::format(
          "{} Or have any other scheduler, such as cron or a systemd timer, run psql -d {} -c '{}'.", hint,
          pg::quoted_identifier(database), command));
}

// pg_cron is there, and the caller may use it: else the ways to have maintenance scheduled all the same.
Cron require_cron() {
  const std::optional<std::string> home = cron_database();
  if (!home)
    refuse("The library pg_cron is not loaded.",
           fmt::format("Install pg_cron, set shared_preload_libraries = 'pg_cron' and cron.database_name = "
                       "{}, restart the server, "
                       "and run CREATE EXTENSION pg_cron.",
                       pg::quoted_literal(this_database())));
  const std::string here = this_database();
  if (*home != here)
    refuse(fmt::format("pg_cron has its jobs in database \"{}\" (cron.database_name).", *home),
           fmt::format("There, with pg_cron 1.4 or later, run SELECT cron.schedule_in_database({}, '*/5 * * "
                       "* *', '{}', {}).",
                       pg::quoted_literal(fmt::format("{} of {}", job, here)), command,
                       pg::quoted_literal(here)));
  const std::optional<Cron> cron = find_cron();
  if (!cron)
    refuse("This database has no extension pg_cron of version 1.3 or later.",
           "Run CREATE EXTENSION pg_cron.");
  if (!cron->usable) {
    const char* role = pg::call(::GetUserNameFromId, GetUserId(), false);
    throw pg::Error{ERRCODE_INSUFFICIENT_PRIVILEGE,
                    fmt::format("permission denied for schema {}", cron->schema)}
        .detail("Jobs of pg_cron are made by the role that they run as.")
        .hint(fmt::format("GRANT USAGE ON SCHEMA {} TO {} lets it.", pg::quoted_identifier(cron->schema),
                          pg::quoted_identifier(role)));
  }
  return *cron;
}

// pg_cron's own answer is the detail: what it understands differs from version to version.
void schedule_job(const Cron& cron, const std::string& schedule) {
  const std::string statement =
      fmt::format("SELECT {}.schedule($1, $2, $3)", pg::quoted_identifier(cron.schema));
  const std::optional<pg::Failure> failure =
      pg::subtransaction([&] { pg::Spi{}.run(statement, std::string{job}, schedule, std::string{command}); });
  if (!failure) return;
  if (failure->sqlstate != ERRCODE_INVALID_PARAMETER_VALUE)
    throw pg::Error{failure->sqlstate, failure->message}.hint(failure->hint);
  throw pg::Error{ERRCODE_INVALID_PARAMETER_VALUE, fmt::format("invalid schedule \"{}\"", schedule)}
      .detail(fmt::format("pg_cron says: {}.", failure->message))
      .hint(
          "A schedule is minute, hour, day of month, month and day of week, such as */5 * * * * or 30 3 * * "
          "0.");
}

// Those that the caller may see: his own, and a superuser everybody's.
void unschedule_jobs(const Cron& cron) {
  const std::string schema = pg::quoted_identifier(cron.schema);
  pg::Spi spi;
  if (spi.run(fmt::format("SELECT {0}.unschedule(jobid) FROM {0}.job WHERE jobname OPERATOR(pg_catalog.=) $1"
                          " AND database OPERATOR(pg_catalog.=) pg_catalog.current_database()",
                          schema),
              std::string{job}) == 0)
    throw pg::Error{ERRCODE_UNDEFINED_OBJECT, "maintenance is not scheduled"}.hint(fmt::format(
        "Jobs of pg_cron belong to the role that made them; {}.job shows a superuser all.", schema));
}

}  // namespace

}  // namespace upkeep

namespace sql {

void schedule_maintenance(std::string_view schedule) {
  pg::require_writable("schedule_maintenance()");
  upkeep::schedule_job(upkeep::require_cron(), std::string{schedule});
}

void unschedule_maintenance() {
  pg::require_writable("unschedule_maintenance()");
  upkeep::unschedule_jobs(upkeep::require_cron());
}

}  // namespace sql

PG_SQL_FUNCTION(schedule_maintenance);
PG_SQL_FUNCTION(unschedule_maintenance);
