-- What the log tells of rows. Not STABLE: they write first what this transaction has changed. They run with the caller's own rights: row
-- level security on the log holds, and of a row that is older than its records the caller must be able to read the table.

CREATE FUNCTION steward.history(rel regclass, key text) RETURNS SETOF steward.audit_log
  LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'steward_history_text';
COMMENT ON FUNCTION steward.history(regclass, text) IS
  'all that the log has of a row, in order; also of the time when it had another key';
REVOKE EXECUTE ON FUNCTION steward.history(regclass, text) FROM PUBLIC;

CREATE FUNCTION steward.history(rel regclass, key bigint) RETURNS SETOF steward.audit_log
  LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'steward_history_bigint';
COMMENT ON FUNCTION steward.history(regclass, bigint) IS
  'all that the log has of a row, in order; also of the time when it had another key';
REVOKE EXECUTE ON FUNCTION steward.history(regclass, bigint) FROM PUBLIC;

CREATE FUNCTION steward.history(rel regclass, key uuid) RETURNS SETOF steward.audit_log
  LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'steward_history_uuid';
COMMENT ON FUNCTION steward.history(regclass, uuid) IS
  'all that the log has of a row, in order; also of the time when it had another key';
REVOKE EXECUTE ON FUNCTION steward.history(regclass, uuid) FROM PUBLIC;

CREATE FUNCTION steward.row_as_of(rel regclass, key text, at timestamptz) RETURNS jsonb
  LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'steward_row_as_of_text';
COMMENT ON FUNCTION steward.row_as_of(regclass, text, timestamptz) IS
  'a row as it was at a time; NULL where there was none';
REVOKE EXECUTE ON FUNCTION steward.row_as_of(regclass, text, timestamptz) FROM PUBLIC;

CREATE FUNCTION steward.row_as_of(rel regclass, key bigint, at timestamptz) RETURNS jsonb
  LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'steward_row_as_of_bigint';
COMMENT ON FUNCTION steward.row_as_of(regclass, bigint, timestamptz) IS
  'a row as it was at a time; NULL where there was none';
REVOKE EXECUTE ON FUNCTION steward.row_as_of(regclass, bigint, timestamptz) FROM PUBLIC;

CREATE FUNCTION steward.row_as_of(rel regclass, key uuid, at timestamptz) RETURNS jsonb
  LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'steward_row_as_of_uuid';
COMMENT ON FUNCTION steward.row_as_of(regclass, uuid, timestamptz) IS
  'a row as it was at a time; NULL where there was none';
REVOKE EXECUTE ON FUNCTION steward.row_as_of(regclass, uuid, timestamptz) FROM PUBLIC;

CREATE FUNCTION steward.blame(rel regclass, key text) RETURNS TABLE (col text, value jsonb, actor text, at timestamptz, tx bigint)
  LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'steward_blame_text';
COMMENT ON FUNCTION steward.blame(regclass, text) IS
  'who last set each column of a row; NULL for what was there before it was recorded';
REVOKE EXECUTE ON FUNCTION steward.blame(regclass, text) FROM PUBLIC;

CREATE FUNCTION steward.blame(rel regclass, key bigint) RETURNS TABLE (col text, value jsonb, actor text, at timestamptz, tx bigint)
  LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'steward_blame_bigint';
COMMENT ON FUNCTION steward.blame(regclass, bigint) IS
  'who last set each column of a row; NULL for what was there before it was recorded';
REVOKE EXECUTE ON FUNCTION steward.blame(regclass, bigint) FROM PUBLIC;

CREATE FUNCTION steward.blame(rel regclass, key uuid) RETURNS TABLE (col text, value jsonb, actor text, at timestamptz, tx bigint)
  LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'steward_blame_uuid';
COMMENT ON FUNCTION steward.blame(regclass, uuid) IS
  'who last set each column of a row; NULL for what was there before it was recorded';
REVOKE EXECUTE ON FUNCTION steward.blame(regclass, uuid) FROM PUBLIC;

CREATE FUNCTION steward.table_as_of(row_type anyelement, at timestamptz) RETURNS SETOF anyelement
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_table_as_of';
COMMENT ON FUNCTION steward.table_as_of(anyelement, timestamptz) IS
  'every row of a table as it was at a time; the table is that of the first argument''s type: NULL::my_table';
REVOKE EXECUTE ON FUNCTION steward.table_as_of(anyelement, timestamptz) FROM PUBLIC;
