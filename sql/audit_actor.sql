-- Who acts: set_actor(), claims of a request, roles; events by hand.
SET client_min_messages = warning;
SET application_name = 'audit_actor';
\pset null NULL
CREATE ROLE regress_actor_app; CREATE ROLE regress_actor_boss; CREATE ROLE regress_actor_plain;
GRANT regress_actor_boss TO regress_actor_app;
SELECT steward.grant_access('regress_actor_app', 'app'), steward.grant_access('regress_actor_boss', 'app') \g /dev/null
RESET client_min_messages;

-- What the log says of the last event.
CREATE VIEW said AS
  SELECT action, actor, tenant, ip, user_agent, session, request, login_role = session_user AS is_login, CASE role WHEN session_user THEN 'itself' ELSE role END AS role, application
  FROM steward.audit_log WHERE resource = 'regress_actor' ORDER BY id DESC LIMIT 1;

-- For a transaction.
BEGIN;
SELECT steward.set_actor('ann', 'acme', '192.0.2.7', 'curl', 's1', 'r1');
SHOW steward.audit_actor;
SELECT steward.record_event('read', 'regress_actor', '1');
SELECT steward.set_actor('bob');
SELECT steward.record_event('export', 'regress_actor', '1', '{"rows": 3}');
SELECT count(*) AS seen_at_once FROM steward.audit_log WHERE resource = 'regress_actor';
COMMIT;
SHOW steward.audit_actor;
SELECT action, row_key, tenant, actor, ip, user_agent, session, request, application, new_values FROM steward.audit_log
  WHERE resource = 'regress_actor' ORDER BY id;
SELECT count(DISTINCT tx) AS transactions, count(DISTINCT xid) AS of_the_server FROM steward.audit_log WHERE resource = 'regress_actor';

-- With savepoints.
BEGIN;
SELECT steward.set_actor('outer');
SAVEPOINT s;
SELECT steward.set_actor('inner');
SHOW steward.audit_actor;
ROLLBACK TO s;
SHOW steward.audit_actor;
SAVEPOINT s;
SELECT steward.set_actor('kept');
RELEASE s;
SHOW steward.audit_actor;
SELECT steward.clear_actor();
SHOW steward.audit_actor;
ROLLBACK;

-- Outside of a transaction it is in vain, unless the same statement has more to do.
SELECT steward.set_actor('nobody');
SHOW steward.audit_actor;
SELECT steward.set_actor('nobody'), steward.record_event('read', 'regress_actor', '2');
CREATE FUNCTION acts(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM steward.set_actor(name, 'tenant of ' || name);
  PERFORM steward.record_event('login', 'regress_actor', '3');
END $$;
SELECT acts('carl');
TABLE said;
DO $$ BEGIN PERFORM steward.set_actor('dora'); PERFORM steward.record_event('logout', 'regress_actor', '3'); END $$;
TABLE said;
CREATE FUNCTION acts_in_a_loop() RETURNS void LANGUAGE plpgsql AS $$
DECLARE r record;
BEGIN
  FOR r IN SELECT steward.set_actor('loop') LOOP PERFORM steward.record_event('read', 'regress_actor', '3'); END LOOP;
END $$;
SELECT acts_in_a_loop();
\set VERBOSITY sqlstate
SELECT steward.set_actor('nobody') \g /dev/null
\set VERBOSITY default

-- For a session, until it is handed to somebody else.
SELECT steward.set_actor('eve', ip => '2001:db8::1', local => false);
SELECT steward.record_event('read', 'regress_actor', '4');
TABLE said;
BEGIN;
SELECT steward.set_actor('fay');
COMMIT;
SHOW steward.audit_actor;
DISCARD ALL;
SHOW steward.audit_actor;
SHOW steward.audit_ip;
SELECT steward.set_actor('eve', local => false);
RESET ALL;
SHOW steward.audit_actor;
SELECT steward.set_actor('eve', local => false);
SELECT steward.clear_actor();
SHOW steward.audit_actor;
BEGIN;
SELECT steward.set_actor('eve', local => false);
ROLLBACK;
SHOW steward.audit_actor;

-- Claims of a request.
-- All of one statement: the one before the other.
\set ECHO none
\o /dev/null
SELECT format('SELECT set_config(''request.jwt.claims'', %L, false), steward.record_event(''claim'', ''regress_actor'', %L)', claims, n)
FROM (VALUES (1, '{"sub": "sub-1", "email": "a@example.com"}'), (2, '{"email": "a@example.com"}'), (3, '{"role": "anon"}'), (4, '{"sub": null}'),
  (5, '{"sub": "", "email": "b@example.com"}'), (6, '{"sub": 42}'), (7, '{"sub":'), (8, '[1]'), (9, '"sub"'), (10, '{"sub": "\u0000"}'), (11, ''), (12, '{"sub": "sub-2"}'),
  (13, format('{"sub": "%s"}', repeat('x', 2000))), (14, format('{"sub": "%s%s"}', repeat('x', 999), chr(233)))) c (n, claims)
ORDER BY n \gexec
\o
\set ECHO all
RESET request.jwt.claims;
SELECT row_key, CASE WHEN actor = session_user THEN 'the role' WHEN length(actor) > 100 THEN length(actor)::text ELSE actor END AS actor
FROM steward.audit_log WHERE resource = 'regress_actor' AND action = 'claim' ORDER BY id;
BEGIN;
SET LOCAL request.jwt.claims = '{"sub": "claimed"}';
SELECT steward.record_event('claimed', 'regress_actor', '1');
SELECT steward.set_actor('said');
SELECT steward.record_event('claimed', 'regress_actor', '2');
SELECT steward.clear_actor();
SET LOCAL request.jwt.claims = '';
SET LOCAL request.jwt.claim.sub = 'older';
SELECT steward.record_event('claimed', 'regress_actor', '3');
COMMIT;
SELECT row_key, actor FROM steward.audit_log WHERE resource = 'regress_actor' AND action = 'claimed' ORDER BY id;

-- An actor may be required; a claim is one.
SET steward.audit_require_actor = on;
SELECT steward.record_event('read', 'regress_actor', '7');
BEGIN;
SET LOCAL request.jwt.claims = '{"sub": "claimed"}';
SELECT steward.record_event('read', 'regress_actor', '7');
COMMIT;
RESET steward.audit_require_actor;

-- Roles: that of SET ROLE, not that of SECURITY DEFINER.
CREATE FUNCTION definer() RETURNS void LANGUAGE sql SECURITY DEFINER AS $$ SELECT steward.record_event('read', 'regress_actor', '8') $$;
GRANT SELECT ON said TO regress_actor_app, regress_actor_boss;
SET ROLE regress_actor_app;
SELECT definer();
RESET ROLE;
SELECT actor, role, is_login FROM said;
SET ROLE regress_actor_boss;
SELECT steward.record_event('read', 'regress_actor', '8');
RESET ROLE;
SELECT actor, role, is_login FROM said;
ALTER ROLE regress_actor_boss RENAME TO regress_actor_chief;
SET ROLE regress_actor_chief;
SELECT steward.record_event('read', 'regress_actor', '8');
RESET ROLE;
SELECT role FROM said;
SET SESSION AUTHORIZATION regress_actor_app;
SELECT steward.record_event('read', 'regress_actor', '8');
RESET SESSION AUTHORIZATION;
SELECT login_role, role FROM steward.audit_log WHERE resource = 'regress_actor' ORDER BY id DESC LIMIT 1;

-- Nobody forges.
SET ROLE regress_actor_app;
SET steward.audit_actor = 'boss';
SET LOCAL steward.audit_tenant = 'boss';
RESET steward.audit_actor;
SELECT set_config('steward.audit_ip', '192.0.2.1', false);
SET ROLE regress_actor_plain;
SELECT steward.set_actor('boss');
SELECT steward.clear_actor();
SELECT steward.record_event('read', 'regress_actor', '9');
RESET ROLE;

-- What a superuser sets is taken for what it is worth.
SET steward.audit_actor = 'root';
SET steward.audit_ip = 'nowhere';
SELECT steward.record_event('read', 'regress_actor', '10');
SELECT actor, ip FROM said;
SELECT steward.clear_actor();

-- Mistakes.
SELECT steward.set_actor(NULL);
SELECT steward.set_actor('');
SELECT steward.set_actor(repeat('x', 1001));
SELECT steward.set_actor('x', repeat('x', 1001));
SELECT steward.set_actor('x', user_agent => repeat('x', 1001));
SELECT steward.set_actor('x', session => repeat('x', 1001));
SELECT steward.set_actor('x', request => repeat('x', 1001));
SHOW steward.audit_actor;
SELECT steward.record_event(NULL, 'regress_actor', '1');
SELECT steward.record_event('', 'regress_actor', '1');
SELECT steward.record_event('read', NULL, '1');
SELECT steward.record_event('read', '', '1');
SELECT steward.record_event(repeat('x', 101), 'regress_actor', '1');
SELECT steward.record_event('read', repeat('x', 1001), '1');
BEGIN READ ONLY;
SELECT steward.record_event('read', 'regress_actor', '1');
ROLLBACK;

-- By hand anything can be said of what has no table here; of an audited table no change.
SELECT steward.record_event('update', 'regress_actor', NULL);
SELECT action, row_key, rel_name, changed, old_values, new_values FROM steward.audit_log WHERE resource = 'regress_actor' ORDER BY id DESC LIMIT 1;

DROP VIEW said;
DROP FUNCTION acts, acts_in_a_loop, definer;
SET client_min_messages = warning;
SELECT steward.revoke_access('regress_actor_app', 'app'), steward.revoke_access('regress_actor_chief', 'app') \g /dev/null
DROP ROLE regress_actor_app, regress_actor_chief, regress_actor_plain;
