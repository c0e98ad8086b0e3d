-- Every name is tried as a user would write it, and what the parser makes of it compared with what was meant.

CREATE FUNCTION pg_temp.means(name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE got text;
BEGIN
  -- A parameter: f(name => 1).
  EXECUTE format('CREATE FUNCTION pg_temp.f(%I text) RETURNS text LANGUAGE sql AS ''SELECT $1''', name);
  BEGIN
    EXECUTE format('SELECT pg_temp.f(%s => ''as parameter'')', name) INTO got;
  EXCEPTION WHEN OTHERS THEN got := SQLERRM;
  END;
  EXECUTE 'DROP FUNCTION pg_temp.f(text)';
  IF got IS DISTINCT FROM 'as parameter' THEN RETURN 'as parameter: ' || got; END IF;
  -- A column, alone and in a condition; some words parse and are something else, such as the current user.
  BEGIN
    EXECUTE format('SELECT %1$s FROM (SELECT ''as column''::text AS %2$I) t WHERE %1$s = ''as column''', name, name) INTO got;
  EXCEPTION WHEN OTHERS THEN got := SQLERRM;
  END;
  IF got IS DISTINCT FROM 'as column' THEN RETURN 'as column: ' || coalesce(got, 'means something else'); END IF;
  RETURN NULL;
END $$;

CREATE TEMP TABLE found AS
WITH members AS (
  SELECT d.classid, d.objid FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
  WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'steward'
), functions AS (
  SELECT p.* FROM pg_proc p JOIN members m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid
), relations AS (
  SELECT c.* FROM pg_class c JOIN members m ON m.classid = 'pg_class'::regclass AND m.objid = c.oid
), names AS (
  SELECT 'parameter ' || name || ' of ' || p.proname AS what, name FROM functions p, unnest(p.proargnames) name
  UNION
  SELECT 'column ' || a.attname || ' of ' || r.relname, a.attname
  FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE r.relkind IN ('r', 'v', 'm', 'p')
)
SELECT what, pg_temp.means(name) AS fault FROM names WHERE name <> ''
UNION ALL
SELECT 'parameters of ' || p.oid::regprocedure || ' are named',
       CASE WHEN p.pronargs > 0 AND (p.proargnames IS NULL OR '' = ANY (p.proargnames)) THEN 'one is not' END
FROM functions p
UNION ALL
SELECT 'internal ' || p.oid::regprocedure || ' is not PUBLIC''s',
       CASE WHEN EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) WHERE grantee = 0)
            THEN 'PUBLIC may execute it' END
FROM functions p WHERE p.proname LIKE '\_%'
UNION ALL
SELECT 'internal ' || r.oid::regclass || ' is not PUBLIC''s',
       CASE WHEN EXISTS (SELECT FROM aclexplode(r.relacl) WHERE grantee = 0) THEN 'PUBLIC has rights on it' END
FROM relations r WHERE r.relname LIKE '\_%'
UNION ALL
SELECT 'schema of ' || p.oid::regprocedure, CASE WHEN p.pronamespace <> 'steward'::regnamespace THEN 'is not steward' END
FROM functions p
UNION ALL
-- The try itself tells good names from bad.
SELECT 'a try of ' || name, CASE WHEN (pg_temp.means(name) IS NULL) <> good THEN 'is wrong' END
FROM (VALUES ('session_user', false), ('check', false), ('interval', false), ('column', false), ('code', true))
  t (name, good);

SELECT CASE WHEN fault IS NULL THEN 'ok' ELSE 'not ok' END || ' - ' || what || coalesce(': ' || fault, '')
FROM found ORDER BY what;
SELECT '1..' || count(*) FROM found;
