-- Declaring that a table's changes are recorded, and taking that back.

CREATE FUNCTION steward.audit_table(
    rel regclass, ignore_cols name[] DEFAULT NULL, redact_cols name[] DEFAULT NULL, redact_as text DEFAULT NULL,
    full_rows boolean DEFAULT NULL, tenant_col name DEFAULT NULL, resource text DEFAULT NULL) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_audit_table';
COMMENT ON FUNCTION steward.audit_table(regclass, name[], name[], text, boolean, name, text) IS
  'record every change of a table from now on; what is NULL stays as it is; for the table''s owner';

CREATE FUNCTION steward.unaudit_table(rel regclass) RETURNS void
  LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'steward_unaudit_table';
COMMENT ON FUNCTION steward.unaudit_table(regclass) IS
  'record the changes of a table no longer; what is in the log stays; for the table''s owner';

-- Anybody may have the trigger functions run: they serve only as triggers, look up by themselves whether their table is
-- audited, and a dump must restore for an owner who is no superuser.
CREATE FUNCTION steward.audit_row() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward_audit_row';
COMMENT ON FUNCTION steward.audit_row() IS 'trigger made by audit_table: records a change; its argument is the table''s number in the log';

CREATE FUNCTION steward.audit_statement() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward_audit_statement';
COMMENT ON FUNCTION steward.audit_statement() IS 'trigger made by audit_table: the statement''s records are written';

CREATE FUNCTION steward.audit_truncate() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward_audit_truncate';
COMMENT ON FUNCTION steward.audit_truncate() IS 'trigger made by audit_table: records a TRUNCATE';

CREATE FUNCTION steward.audit_columns() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward_audit_columns';
COMMENT ON FUNCTION steward.audit_columns() IS
  'trigger made by audit_table, which never fires: its columns are those that are ignored, redacted, or the tenant''s';

CREATE FUNCTION steward._marked_columns(rel oid, word text) RETURNS name[]
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  RETURN (SELECT pg_catalog.array_agg(c.attname ORDER BY c.attnum)
    FROM pg_catalog.pg_trigger t
    JOIN pg_catalog.pg_attribute c ON c.attrelid OPERATOR(pg_catalog.=) t.tgrelid
      AND c.attnum OPERATOR(pg_catalog.=) ANY (t.tgattr::pg_catalog.int2[])
    WHERE t.tgrelid OPERATOR(pg_catalog.=) $1
      AND t.tgfoid OPERATOR(pg_catalog.=) 'steward.audit_columns()'::pg_catalog.regprocedure
      AND t.tgargs OPERATOR(pg_catalog.=) (pg_catalog.convert_to($2, 'UTF8') OPERATOR(pg_catalog.||) '\x00'::pg_catalog.bytea));
COMMENT ON FUNCTION steward._marked_columns(oid, text) IS 'the columns of an audited table that are ignored, redacted, or the tenant''s';
REVOKE EXECUTE ON FUNCTION steward._marked_columns(oid, text) FROM PUBLIC;

CREATE VIEW steward.audited_tables AS
  SELECT a.rel, a.rel_id,
    steward._marked_columns(a.rel, 'ignore') AS ignore_cols,
    steward._marked_columns(a.rel, 'redact') AS redact_cols,
    a.redact_as, a.full_rows,
    (steward._marked_columns(a.rel, 'tenant'))[1] AS tenant_col,
    COALESCE(r.resource, c.relname::pg_catalog.text) AS resource, r.since
  FROM steward._audited a
  JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) a.rel
  JOIN steward.audit_relations r ON r.rel_id OPERATOR(pg_catalog.=) a.rel_id;
COMMENT ON VIEW steward.audited_tables IS 'the tables whose changes are recorded, and how';
COMMENT ON COLUMN steward.audited_tables.rel IS 'the table';
COMMENT ON COLUMN steward.audited_tables.rel_id IS 'its number in the log';
COMMENT ON COLUMN steward.audited_tables.ignore_cols IS 'columns that are not recorded';
COMMENT ON COLUMN steward.audited_tables.redact_cols IS 'columns whose values are hidden';
COMMENT ON COLUMN steward.audited_tables.redact_as IS 'what stands for hidden values: hash or mask';
COMMENT ON COLUMN steward.audited_tables.full_rows IS 'whether an update is recorded with the whole row';
COMMENT ON COLUMN steward.audited_tables.tenant_col IS 'the column that says whose row it is';
COMMENT ON COLUMN steward.audited_tables.resource IS 'what applications call it';
COMMENT ON COLUMN steward.audited_tables.since IS 'since when its changes are recorded, without a break';
REVOKE ALL ON TABLE steward.audited_tables FROM PUBLIC;
