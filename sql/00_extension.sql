-- Installing and removing: nothing is adopted, nothing stays behind.
CREATE ROLE regress_steward_nobody;
SET ROLE regress_steward_nobody;
CREATE EXTENSION steward;
RESET ROLE;
-- A schema made beforehand, which may hold somebody's traps, is not adopted.
CREATE SCHEMA steward;
CREATE EXTENSION steward;
DROP SCHEMA steward;

CREATE TEMP TABLE catalog_before AS
  SELECT 'class' AS catalog, oid FROM pg_class WHERE relnamespace <> pg_my_temp_schema() AND relname !~ '^pg_toast'
  UNION ALL SELECT 'proc', oid FROM pg_proc
  UNION ALL SELECT 'type', oid FROM pg_type WHERE typnamespace <> pg_my_temp_schema()
  UNION ALL SELECT 'namespace', oid FROM pg_namespace
  UNION ALL SELECT 'trigger', oid FROM pg_trigger
  UNION ALL SELECT 'constraint', oid FROM pg_constraint;
CREATE EXTENSION steward;
SELECT steward.create_series('to be left behind');
SELECT length(steward.next_code('to be left behind'));
DROP EXTENSION steward;
SELECT count(*) AS left_behind FROM (
  SELECT 'class' AS catalog, oid FROM pg_class WHERE relnamespace <> pg_my_temp_schema() AND relname !~ '^pg_toast'
  UNION ALL SELECT 'proc', oid FROM pg_proc
  UNION ALL SELECT 'type', oid FROM pg_type WHERE typnamespace <> pg_my_temp_schema()
  UNION ALL SELECT 'namespace', oid FROM pg_namespace
  UNION ALL SELECT 'trigger', oid FROM pg_trigger
  UNION ALL SELECT 'constraint', oid FROM pg_constraint
  EXCEPT SELECT catalog, oid FROM catalog_before) AS left_over;

-- The one the other tests use.
CREATE EXTENSION steward;
SELECT extversion, extrelocatable, extnamespace::regnamespace FROM pg_extension WHERE extname = 'steward';
ALTER EXTENSION steward SET SCHEMA public;
DROP ROLE regress_steward_nobody;

-- For the other tests: how a statement is refused, without the line numbers that a client also sees.
CREATE FUNCTION refusal(statement text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  state text; message text; detail text; hint text; at_schema text; at_table text; at_column text;
BEGIN
  EXECUTE statement;
  RETURN NEXT 'not refused';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state := RETURNED_SQLSTATE, message := MESSAGE_TEXT, detail := PG_EXCEPTION_DETAIL, hint := PG_EXCEPTION_HINT,
    at_schema := SCHEMA_NAME, at_table := TABLE_NAME, at_column := COLUMN_NAME;
  RETURN NEXT format('%s %s', state, message);
  RETURN QUERY SELECT format('  %s %s', label, said)
    FROM unnest(ARRAY['detail:', 'hint:', 'table:', 'column:'], ARRAY[detail, hint, concat_ws('.', NULLIF(at_schema, ''), NULLIF(at_table, '')), at_column]) t(label, said)
    WHERE said <> '';
END $$;
