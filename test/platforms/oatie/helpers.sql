-- What the tests of the platform share.

-- The keys of the seed data: 1 organizations, 2 users, 3 templates, 4 reports, 5 executions, 6 shares.
CREATE FUNCTION pg_temp.id(kind integer, n integer) RETURNS uuid LANGUAGE sql AS $$
  SELECT format('%s0000000-0000-4000-8000-%s', kind, lpad(n::text, 12, '0'))::uuid $$;
-- How a statement fails, by role if one is named: its SQLSTATE, and the constraint or else the message. "done" if it does not.
CREATE FUNCTION pg_temp.failure(statement text, role text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  of_constraint text;
BEGIN
  IF role IS NOT NULL THEN PERFORM set_config('role', role, true); END IF;
  EXECUTE statement;
  RESET ROLE;
  RETURN 'done';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS of_constraint = CONSTRAINT_NAME;
  RETURN SQLSTATE || ' ' || COALESCE(NULLIF(of_constraint, ''), SQLERRM);
END $$;
-- The columns of a relation: name, type, NOT NULL, default.
CREATE FUNCTION pg_temp.columns(rel regclass) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(concat_ws(' ', attname, replace(replace(format_type(atttypid, atttypmod), 'character varying', 'varchar'), 'timestamp with time zone', 'timestamptz'),
    CASE WHEN attnotnull THEN 'not null' END, 'default ' || regexp_replace(pg_get_expr(adbin, adrelid), '::[a-z ]+$', '')), ', ' ORDER BY attnum)
  FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid = rel AND attnum > 0 AND NOT attisdropped $$;
-- Its keys, and what they refer to.
CREATE FUNCTION pg_temp.keys(rel regclass) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(pg_get_constraintdef(oid), ', ' ORDER BY strpos('puf', contype::text), pg_get_constraintdef(oid)) FROM pg_constraint WHERE conrelid = rel AND contype IN ('p', 'u', 'f') $$;
CREATE FUNCTION pg_temp.index_on(index_name text) RETURNS text LANGUAGE sql AS $$
  SELECT regexp_replace(pg_get_indexdef(to_regclass(index_name)), '^CREATE (UNIQUE )?INDEX \S+ ON (ONLY )?oatie\.', '') $$;
