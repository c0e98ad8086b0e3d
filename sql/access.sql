-- Who may: levels of access.
CREATE ROLE regress_steward_app;
CREATE ROLE regress_steward_admin;
CREATE ROLE regress_steward_auditor;
CREATE ROLE regress_steward_monitor;
CREATE ROLE "regress_Steward ""odd""";
SELECT steward.grant_access('regress_steward_app', 'app'), steward.grant_access('regress_steward_admin', 'admin'),
       steward.grant_access('regress_steward_auditor', 'auditor'), steward.grant_access('regress_steward_monitor', 'monitor'),
       steward.grant_access('regress_Steward "odd"', 'monitor');
-- Repeatable.
SELECT steward.grant_access('regress_steward_app', 'app');
SELECT * FROM steward.access_grants ORDER BY role::text COLLATE "C", level;
SELECT steward.create_series('access', key => '\x2B7E151628AED2A6ABF7158809CF4F3C');

-- Each role, each function and view: what it may.
CREATE FUNCTION may(role name) RETURNS TABLE (what text) LANGUAGE sql AS $$
  SELECT what COLLATE "C" FROM (
  SELECT p.oid::regprocedure::text AS what FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    WHERE d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'steward') AND has_function_privilege(role, p.oid, 'EXECUTE')
  UNION ALL
  SELECT c.relname || ' ' || privilege FROM pg_class c, unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE}'::text[]) privilege
    WHERE c.relnamespace = 'steward'::regnamespace AND c.relkind IN ('r', 'v', 'S', 'p') AND has_table_privilege(role, c.oid, privilege)
  ) t ORDER BY 1 $$;
SELECT * FROM may('public');
SELECT * FROM may('regress_steward_app') EXCEPT SELECT * FROM may('public') ORDER BY 1;
SELECT * FROM may('regress_steward_admin') EXCEPT SELECT * FROM may('public') ORDER BY 1;
SELECT * FROM may('regress_steward_auditor') EXCEPT SELECT * FROM may('public') ORDER BY 1;
SELECT * FROM may('regress_steward_monitor') EXCEPT SELECT * FROM may('public') ORDER BY 1;

-- The levels suffice for what they are for.
SET ROLE regress_steward_app;
SELECT steward.id_of(steward.next_code('access'), 'access'), steward.try_id_of('x', 'access');
SELECT length(steward.random_code());
SELECT refusal($$SELECT * FROM steward.series$$);
SELECT refusal($$SELECT key FROM steward._series$$);
SELECT refusal($$SELECT steward.create_series('mine')$$);
SELECT refusal($$SELECT steward.grant_access('regress_steward_app', 'admin')$$);
SELECT refusal($$SELECT * FROM steward._next_access$$);
SELECT refusal($$SELECT steward._next_id('access')$$);
SET ROLE regress_steward_admin;
SELECT steward.create_series('by admin');
SELECT steward.drop_series('by admin');
INSERT INTO steward.blocked_words (word) VALUES ('byadmin');
DELETE FROM steward.blocked_words WHERE word = 'byadmin';
SELECT refusal($$SELECT key FROM steward._series$$);
SELECT refusal($$SELECT steward.next_code('access')$$);
SELECT refusal($$SELECT steward.grant_access('regress_steward_app', 'admin')$$);
SET ROLE regress_steward_monitor;
SELECT series, next_id FROM steward.series;
SELECT count(*) FROM steward.code_capacity;
SELECT role FROM steward.access_grants WHERE level = 'app';
SELECT refusal($$SELECT steward.next_code('access')$$);
RESET ROLE;

-- A role that may execute the function, but is not the extension's owner, grants nothing.
GRANT EXECUTE ON FUNCTION steward.grant_access(name, text) TO regress_steward_app;
SET ROLE regress_steward_app;
SELECT refusal($$SELECT steward.grant_access('regress_steward_app', 'admin')$$);
RESET ROLE;
REVOKE EXECUTE ON FUNCTION steward.grant_access(name, text) FROM regress_steward_app;

SELECT refusal($$SELECT steward.grant_access('regress_steward_app', 'god')$$);
SELECT refusal($$SELECT steward.grant_access('no_such_role', 'app')$$);
SELECT refusal($$SELECT steward.grant_access(NULL, 'app')$$);
SELECT refusal($$SELECT steward.grant_access('regress_steward_app', NULL)$$);
SELECT refusal($$SELECT steward.revoke_access('regress_steward_app', 'god')$$);

-- Nobody's temporary table stands in for a type.
CREATE TEMP TABLE text (x int);
CREATE TEMP TABLE bytea (x int);
SELECT steward.grant_access('regress_steward_app', 'admin');
SELECT level, complete FROM steward.access_grants WHERE role = 'regress_steward_app'::regrole AND level = 'admin';
SELECT steward.revoke_access('regress_steward_app', 'admin');
CREATE TABLE typed (code varchar UNIQUE);
SELECT steward.assign_codes('typed', 'code', series => 'access');
INSERT INTO typed DEFAULT VALUES RETURNING code IS NOT NULL AS assigned;
DROP TABLE typed, pg_temp.text, pg_temp.bytea;

-- The same right from two grantors counts once.
GRANT EXECUTE ON FUNCTION steward.code_of(bigint, text) TO regress_steward_admin WITH GRANT OPTION;
SET ROLE regress_steward_admin;
GRANT EXECUTE ON FUNCTION steward.code_of(bigint, text) TO regress_steward_app;
RESET ROLE;
SELECT * FROM steward.access_grants WHERE role = 'regress_steward_app'::regrole;
REVOKE EXECUTE ON FUNCTION steward.code_of(bigint, text) FROM regress_steward_admin CASCADE;

-- Part of a level is shown as such: so is a level that an update has added to.
REVOKE EXECUTE ON FUNCTION steward.code_of(bigint, text) FROM regress_steward_app;
SELECT * FROM steward.access_grants WHERE role = 'regress_steward_app'::regrole;
SELECT steward.revoke_access('regress_steward_app', 'app');
SELECT steward.revoke_access(role::text::name, level) FROM steward.access_grants WHERE role::text NOT LIKE '"%';
SELECT steward.revoke_access('regress_Steward "odd"', 'monitor');
SELECT count(*) FROM steward.access_grants;
DROP ROLE regress_steward_app, regress_steward_admin, regress_steward_auditor, regress_steward_monitor, "regress_Steward ""odd""";
DROP FUNCTION may(name);
SELECT steward.drop_series('access');
