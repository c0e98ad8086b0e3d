-- Anybody may have the trigger function run: it serves only as a trigger, asks for the series' right itself, and a
-- dump must restore for an owner who is no superuser.
CREATE FUNCTION steward.assign_code() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward_assign_code';
COMMENT ON FUNCTION steward.assign_code() IS 'trigger made by assign_codes: gives a row its code';

CREATE FUNCTION steward.assign_codes(
    rel regclass, col name, length int DEFAULT NULL, series text DEFAULT NULL, max_length int DEFAULT NULL,
    prefix text DEFAULT NULL)
  RETURNS void LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_assign_codes';
COMMENT ON FUNCTION steward.assign_codes(regclass, name, int, text, int, text) IS
  'from now on give a unique code to every row inserted without one; for the table''s owner';

CREATE FUNCTION steward.unassign_codes(rel regclass, col name) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_unassign_codes';
COMMENT ON FUNCTION steward.unassign_codes(regclass, name) IS
  'stop giving codes to a column; the codes it holds stay; for the table''s owner';

CREATE FUNCTION steward._assigned_columns(
    OUT rel regclass, OUT col name, OUT series text, OUT prefix text, OUT length int, OUT max_length int)
  RETURNS SETOF record LANGUAGE c STABLE ROWS 10 AS 'MODULE_PATHNAME', 'steward__assigned_columns';
COMMENT ON FUNCTION steward._assigned_columns() IS 'every column that gets codes, and how';
REVOKE EXECUTE ON FUNCTION steward._assigned_columns() FROM PUBLIC;
