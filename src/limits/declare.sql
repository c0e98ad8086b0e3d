-- Limits declared on tables.

CREATE FUNCTION steward.count_rows() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward_count_rows';
COMMENT ON FUNCTION steward.count_rows() IS 'trigger made by limit_rows: rows count for a meter';

CREATE FUNCTION steward.limit_rows(
    rel regclass, subject_col name, meter text, measure_col name DEFAULT NULL, condition text DEFAULT NULL) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_limit_rows';
COMMENT ON FUNCTION steward.limit_rows(regclass, name, text, name, text) IS
  'declare that a table''s rows count for a meter: each as 1 or as a column says, all or those that satisfy a condition; what is NULL stays as it was declared, what is empty goes';

CREATE FUNCTION steward.unlimit_rows(rel regclass, meter text) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_unlimit_rows';
COMMENT ON FUNCTION steward.unlimit_rows(regclass, text) IS 'let a table''s rows count for a meter no longer';

CREATE FUNCTION steward.verify_limits(OUT rel regclass, OUT meter text, OUT subject text, OUT counted bigint, OUT recorded bigint)
  RETURNS SETOF record LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_verify_limits';
COMMENT ON FUNCTION steward.verify_limits() IS
  'where rows of limited tables, or what was used by calls, come to something else than what is recorded; empty when all is well';
REVOKE EXECUTE ON FUNCTION steward.verify_limits() FROM PUBLIC;

CREATE FUNCTION steward.repair_limits() RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_repair_limits';
COMMENT ON FUNCTION steward.repair_limits() IS 'record what the rows of limited tables, and what was used by calls, come to; gives how many accounts were wrong';
REVOKE EXECUTE ON FUNCTION steward.repair_limits() FROM PUBLIC;
