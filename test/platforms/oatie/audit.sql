-- The log: each change and event, as the document's audit_logs.

-- An event is in the tables with the next change of an audited table, with the call of a reader, or at the commit.
CREATE FUNCTION pg_temp.last_logged() RETURNS audit_logs LANGUAGE plpgsql AS $$
DECLARE
  last audit_logs;
BEGIN
  PERFORM FROM steward.history('oatie.organizations', pg_temp.id(1, 1));
  SELECT * INTO last FROM audit_logs ORDER BY id DESC LIMIT 1;
  RETURN last;
END $$;
SELECT steward.set_actor(pg_temp.id(2, 4)::text, ip => '203.0.113.20', user_agent => 'Safari', session => pg_temp.id(7, 2)::text) \g /dev/null
CREATE TEMP TABLE mark AS SELECT max(id) AS id FROM steward.audit_log;
CREATE FUNCTION pg_temp.logged(resource text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT concat_ws(' ', l.action, l.row_key, COALESCE(l.old_values->>'name', l.old_values->>'status', l.old_values->>'phone'), '->', COALESCE(l.new_values->>'name', l.new_values->>'status', l.new_values->>'phone'))
  FROM steward.audit_log l, mark WHERE l.id > mark.id AND l.resource = 'oatie.' || logged.resource ORDER BY l.id $$;
INSERT INTO organizations (id, name, slug) VALUES (pg_temp.id(1, 9), 'Short-lived', 'short-lived');
UPDATE organizations SET name = 'Short' WHERE id = pg_temp.id(1, 9);
INSERT INTO users (id, email, username, password_hash, first_name, last_name, organization_id) VALUES (pg_temp.id(2, 9), 'q@short.example', 'quentin', 'first hash', 'Q', 'Q', pg_temp.id(1, 9));
UPDATE users SET phone = '1', password_hash = 'second hash' WHERE id = pg_temp.id(2, 9);
UPDATE users SET last_login = now() WHERE id = pg_temp.id(2, 9);
INSERT INTO templates (id, name, organization_id, created_by, template_type) VALUES (pg_temp.id(3, 9), 'T', pg_temp.id(1, 9), pg_temp.id(2, 9), 'chart');
UPDATE templates SET name = 'T two' WHERE id = pg_temp.id(3, 9);
INSERT INTO reports (id, name, template_id, organization_id, created_by) VALUES (pg_temp.id(4, 99), 'R', pg_temp.id(3, 9), pg_temp.id(1, 9), pg_temp.id(2, 9));
UPDATE reports SET name = 'R two' WHERE id = pg_temp.id(4, 99);
INSERT INTO report_executions (id, report_id, organization_id, executed_by, started_at) VALUES (pg_temp.id(5, 9), pg_temp.id(4, 99), pg_temp.id(1, 9), pg_temp.id(2, 9), '2024-05-05 05:05+00');
UPDATE report_executions SET status = 'failed' WHERE id = pg_temp.id(5, 9);
INSERT INTO execution_logs (execution_id, started_at, message) VALUES (pg_temp.id(5, 9), '2024-05-05 05:05+00', 'x');
INSERT INTO report_shares (report_id, created_by) VALUES (pg_temp.id(4, 99), pg_temp.id(2, 9));
INSERT INTO user_sessions (user_id, expires_at) VALUES (pg_temp.id(2, 9), 'infinity');
INSERT INTO template_fields (template_id, name) VALUES (pg_temp.id(3, 9), 'f');
DELETE FROM organizations WHERE id = pg_temp.id(1, 9);
SELECT is((SELECT count(*) FROM users WHERE organization_id = pg_temp.id(1, 9)), 0::bigint, 'cascade: an organization takes its users along');
SELECT is((SELECT count(*) FROM templates WHERE organization_id = pg_temp.id(1, 9)), 0::bigint, 'cascade: an organization takes its templates along');
SELECT is((SELECT count(*) FROM reports WHERE organization_id = pg_temp.id(1, 9)), 0::bigint, 'cascade: an organization takes its reports along');
SELECT is((SELECT count(*) FROM report_executions WHERE report_id = pg_temp.id(4, 99)), 0::bigint, 'cascade: a report takes its executions along');
SELECT is((SELECT count(*) FROM execution_logs WHERE execution_id = pg_temp.id(5, 9)), 0::bigint, 'cascade: an execution takes its logs along');
SELECT is((SELECT count(*) FROM report_shares WHERE report_id = pg_temp.id(4, 99)), 0::bigint, 'cascade: a report takes its shares along');
SELECT is((SELECT count(*) FROM user_sessions WHERE user_id = pg_temp.id(2, 9)), 0::bigint, 'cascade: a user takes his sessions along');
SELECT is((SELECT count(*) FROM template_fields WHERE template_id = pg_temp.id(3, 9)), 0::bigint, 'cascade: a template takes its fields along');
SELECT results_eq(format('SELECT pg_temp.logged(%L)', resource), format($$ VALUES ('create %1$s -> %2$s'), ('update %1$s %2$s -> %3$s'), ('delete %1$s %3$s ->') $$, key, before, after), 'audit: ' || resource || ', each change')
FROM (VALUES ('organization', pg_temp.id(1, 9)::text, 'Short-lived', 'Short'), ('template', pg_temp.id(3, 9)::text, 'T', 'T two'), ('report', pg_temp.id(4, 99)::text, 'R', 'R two'),
  ('execution', format('["%s", "2024-05-05 05:05:00+00"]', pg_temp.id(5, 9)), 'running', 'failed')) a (resource, key, before, after);
SELECT results_eq($$ SELECT pg_temp.logged('user') $$, format($$ VALUES ('create %1$s ->'), ('update %1$s -> 1'), ('delete %1$s 1 ->') $$, pg_temp.id(2, 9)), 'audit: user, each change, but not last_login');
SELECT results_eq($$ SELECT l.old_values, l.new_values FROM steward.history('users', pg_temp.id(2, 9)) l WHERE action = 'update' $$,
  $$ VALUES ('{"phone": null, "password_hash": "***"}'::jsonb, '{"phone": "1", "password_hash": "***"}'::jsonb) $$, 'audit: that a password was changed, and not to what');
SELECT is_empty($$ SELECT id FROM steward.audit_log WHERE concat(old_values, new_values) ~ '\$2a\$|first hash|second hash' $$, 'audit: no password anywhere');
SELECT results_eq($$ SELECT DISTINCT user_id, organization_id, ip_address, user_agent, session_id FROM audit_logs WHERE resource_id = pg_temp.id(3, 9) $$,
  $$ VALUES (pg_temp.id(2, 4), pg_temp.id(1, 9), '203.0.113.20'::inet, 'Safari', pg_temp.id(7, 2)) $$, 'audit_logs: who, whose, from where');
SELECT results_eq($$ SELECT action::text, old_values, new_values FROM audit_logs WHERE resource_type = 'report' AND resource_id = pg_temp.id(4, 99) AND action = 'update' $$,
  $$ VALUES ('update', '{"name": "R"}'::jsonb, '{"name": "R two"}'::jsonb) $$, 'audit_logs: what it was and what it is');
SELECT results_eq($$ SELECT action::text FROM audit_logs WHERE resource_type = 'execution' AND resource_id = pg_temp.id(5, 9) ORDER BY id $$, $$ VALUES ('create'), ('update'), ('delete') $$,
  'audit_logs: an execution is found by its id');
SELECT is((SELECT count(*) FROM audit_logs), (SELECT count(DISTINCT id) FROM audit_logs), 'audit_logs: id is a key');
SELECT is((SELECT count(*) FROM audit_logs WHERE organization_id = pg_temp.id(1, 9)), 15::bigint, 'audit_logs: what happened is there after its organization has gone');
SELECT is(pg_temp.failure(format('INSERT INTO audit_logs (user_id, organization_id, action, resource_type, resource_id) VALUES (pg_temp.id(2, 4), pg_temp.id(1, 2), %L, %L, pg_temp.id(4, 4))', action, resource), 'oatie_app'),
  'done', format('audit_logs: %s of %s', action, resource)) FROM unnest('{read,login,logout,export}'::text[]) action, unnest('{user,organization,template,report,execution}'::text[]) resource;
SELECT is(pg_temp.failure(format('INSERT INTO audit_logs (user_id, organization_id, action, resource_type) VALUES (pg_temp.id(2, 4), pg_temp.id(1, 2), %L, %L)', action, 'report'), 'oatie_app'),
  format('22023 cannot record event "%s" of resource "oatie.report"', action), format('audit_logs: %s is recorded as it is made, and not by hand', action)) FROM unnest('{create,update,delete}'::text[]) action;
SELECT is(pg_temp.failure($$ INSERT INTO audit_logs (organization_id, action, resource_type) VALUES (pg_temp.id(1, 2), 'download', 'report') $$), '23514 valid_action', 'audit_logs: valid_action');
SELECT is(pg_temp.failure($$ INSERT INTO audit_logs (organization_id, action, resource_type) VALUES (pg_temp.id(1, 2), 'read', 'invoice') $$), '23514 valid_resource_type', 'audit_logs: valid_resource_type');
SELECT is(pg_temp.failure($$ INSERT INTO audit_logs (action, resource_type) VALUES ('read', 'report') $$), '23502 organization_id must not be null', 'audit_logs: whose is not null');
SELECT is(pg_temp.failure($$ INSERT INTO audit_logs (organization_id, action, resource_type, old_values) VALUES (pg_temp.id(1, 2), 'read', 'report', '{"a": 1}') $$), '0A000 an event has no old_values', 'audit_logs: nothing of an event is lost without a word');
INSERT INTO audit_logs (user_id, organization_id, action, resource_type, resource_id, new_values, ip_address, user_agent, session_id)
VALUES (pg_temp.id(2, 5), pg_temp.id(1, 2), 'export', 'report', pg_temp.id(4, 5), '{"format": "csv"}', '203.0.113.21', 'curl', pg_temp.id(7, 3));
SELECT is((SELECT (user_id, organization_id, action::text, resource_type::text, resource_id, new_values, ip_address, user_agent, session_id) FROM pg_temp.last_logged()),
  (pg_temp.id(2, 5), pg_temp.id(1, 2), 'export'::text, 'report'::text, pg_temp.id(4, 5), '{"format": "csv"}'::jsonb, '203.0.113.21'::inet, 'curl'::text, pg_temp.id(7, 3)), 'audit_logs: an event is there as it was inserted');
SELECT ok((SELECT timestamp FROM pg_temp.last_logged()) > now(), 'audit_logs: with the time at which it was recorded');
SELECT is(pg_temp.failure(format('%s', statement)), '55000 cannot ' || what, 'audit_logs: ' || name) FROM (VALUES
  ('nothing is updated', 'update view "audit_log"', 'UPDATE audit_logs SET user_agent = NULL'), ('nothing is deleted', 'delete from view "audit_log"', 'DELETE FROM audit_logs')) t (name, what, statement);
SELECT is(pg_temp.failure('DELETE FROM steward.audit_records'), 'QA002 audit log is append-only', 'the log is append-only');
SELECT ok(EXISTS (SELECT FROM organization_log(pg_temp.id(1, 9)) l WHERE l.resource_type = 'report' AND l.action = 'delete') AND NOT EXISTS (SELECT FROM organization_log(pg_temp.id(1, 9)) l WHERE l.resource_id = pg_temp.id(1, 2)),
  'organization_log: what happened in one organization');
CREATE FUNCTION pg_temp.log_indexes(rel text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT (SELECT string_agg(attname, ', ' ORDER BY n) FROM unnest(indkey) WITH ORDINALITY k (num, n) JOIN pg_attribute ON attrelid = indrelid AND attnum = num)
  FROM pg_index WHERE indrelid = to_regclass('steward.' || rel || to_char(now(), '"_y"YYYY"m"MM')) $$;
SELECT set_eq($$ SELECT pg_temp.log_indexes('audit_records') $$, '{"rel_id, row_key, id","tenant, at",at}'::text[], 'the log''s indexes: by resource and key, by organization, by time');
SELECT set_eq($$ SELECT pg_temp.log_indexes('audit_transactions') $$, '{tx,"actor, at",at}'::text[], 'the log''s indexes: by user');
