-- What the application calls.

SELECT is(pg_temp.failure($$ CREATE TEMP TABLE acme AS SELECT * FROM sign_up('Acme', 'acme', 'ann@acme.example', 'ann', 'a password', 'Ann', 'Archer') $$), 'done', 'sign_up: an organization and its first user');
SELECT results_eq('SELECT o.subscription_tier::text, u.role::text FROM acme JOIN organizations o ON o.id = organization_id JOIN users u ON u.id = user_id', $$ VALUES ('free', 'org_admin') $$,
  'sign_up: free, and who signs up administers');
SELECT results_eq('SELECT password_hash ~ ''^\$2a\$10\$'', password_hash = crypt(''a password'', password_hash), password_hash = crypt(''another'', password_hash) FROM users JOIN acme ON id = user_id',
  'VALUES (true, true, false)', 'passwords are bcrypt, of cost 10');
SELECT results_eq($$ SELECT l.actor FROM steward.audit_log l, acme WHERE l.tenant = organization_id::text $$, 'SELECT user_id::text FROM acme, generate_series(1, 2)', 'sign_up: it is who signs up that acts');
SELECT is(log_in('nora@northwind.example', 'wrong'), NULL, 'log_in: not with another password');
SELECT is(log_in('finn@northwind.example', 'correct horse'), NULL, 'log_in: not by somebody who is not there');
SELECT is(log_in('former@northwind.example', 'correct horse'), NULL, 'log_in: not by somebody who is not active');
SELECT isnt(log_in('Nora@Northwind.example', 'correct horse', '198.51.100.7', 'Firefox'), NULL, 'log_in: by email, however it is written');
SELECT is((SELECT (user_id, action::text, ip_address) FROM pg_temp.last_logged()), (pg_temp.id(2, 1), 'login'::text, '198.51.100.7'::inet), 'log_in: is in the log');
SELECT is((SELECT last_login FROM users WHERE username = 'nora'), now(), 'log_in: sets last_login');
SELECT is(log_in('nora@northwind.example', NULL), NULL, 'log_in: not without a password');
-- An address in another case is another address: whose password it is logs in.
INSERT INTO users (email, username, password_hash, first_name, last_name, organization_id) VALUES ('HANA@harbor.example', 'hana2', hash_of('another horse'), 'Hana', 'Two', pg_temp.id(1, 2));
CREATE TEMP TABLE logged_in AS SELECT log_in('hana@harbor.example', 'another horse') AS two, log_in('HANA@harbor.example', 'correct horse') AS one;
SELECT results_eq($$ SELECT u.username::text FROM logged_in l JOIN user_sessions s ON s.id IN (l.one, l.two) JOIN users u ON u.id = s.user_id ORDER BY s.id = l.one $$,
  $$ VALUES ('hana2'), ('hana') $$, 'log_in: of two addresses that differ in case, whose password it is');
CREATE FUNCTION pg_temp.seconds(statement text) RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE
  begun timestamptz := clock_timestamp();
BEGIN
  FOR n IN 1 .. 3 LOOP EXECUTE statement; END LOOP;
  RETURN extract(epoch FROM clock_timestamp() - begun);
END $$;
SELECT cmp_ok(pg_temp.seconds($$ SELECT log_in('nobody@northwind.example', 'wrong') $$), '>', pg_temp.seconds($$ SELECT log_in('nora@northwind.example', 'wrong') $$) / 4,
  'log_in: an address that nobody has takes as long as a wrong password');
SELECT cmp_ok(pg_temp.seconds($$ SELECT log_in('nora@northwind.example', 'wrong') $$), '<', pg_temp.seconds($$ SELECT hash_of('wrong') $$) * 4, 'log_in: a password is tried on one user, and not on all');
SELECT ok(log_out(id), 'log_out: ends a session') FROM user_sessions WHERE user_id = pg_temp.id(2, 1) AND created_at = now();
SELECT is((SELECT action::text FROM pg_temp.last_logged()), 'logout', 'log_out: is in the log');
SELECT is(pg_temp.failure(format($$ SELECT add_user(pg_temp.id(1, 2), pg_temp.id(2, 4), 'w@harbor.example', 'wanda', %L, 'W', 'W') $$, password)), '22023 password must have 1 to 72 bytes', 'passwords: ' || name)
FROM (VALUES ('', 'an empty one is none'), (repeat('x', 73), 'nor is one of which bcrypt would see a part')) p (password, name);

-- Ids and codes of another organization. By a user of Northwind, as Harbor's and for Harbor; by one who is not active; by nobody.
SELECT is(pg_temp.failure(format(statement, by_user), 'oatie_app'), 'P0002 ' || format(answer, by_user), format('another''s: %s, by %s', name, who))
FROM (VALUES (pg_temp.id(2, 1), 'a user of another organization'), (pg_temp.id(2, 3), 'a former user'), (NULL, 'nobody')) w (by_user, who),
  (VALUES ('run_report', format('SELECT run_report(%L, %%L)', pg_temp.id(4, 4)), format('there is no report "%s"', pg_temp.id(4, 4))),
    ('delete_report', format('SELECT delete_report(%L, %%L)', pg_temp.id(4, 4)), format('there is no report "%s"', pg_temp.id(4, 4))),
    ('share_report', format('SELECT share_report(%L, %%L)', pg_temp.id(4, 4)), format('there is no report "%s"', pg_temp.id(4, 4))),
    ('expire_share', 'SELECT expire_share(''Fleet4Board'', %L)', 'there is no share "Fleet4Board"'),
    ('create_report', format('SELECT create_report(%L, %%L, %L, ''x'')', pg_temp.id(1, 2), pg_temp.id(3, 4)), format('organization "%s" has no user "%%s"', pg_temp.id(1, 2))),
    ('create_template', format('SELECT create_template(%L, %%L, ''x'', ''chart'')', pg_temp.id(1, 2)), format('organization "%s" has no user "%%s"', pg_temp.id(1, 2))),
    ('add_user', format('SELECT add_user(%L, %%L, ''w@harbor.example'', ''wanda'', ''x'', ''W'', ''W'')', pg_temp.id(1, 2)), format('organization "%s" has no user "%%s"', pg_temp.id(1, 2))),
    ('renew_subscription', format('SELECT renew_subscription(%L, %%L, ''infinity'')', pg_temp.id(1, 2)), format('organization "%s" has no user "%%s"', pg_temp.id(1, 2))),
    ('expire_subscription', format('SELECT expire_subscription(%L, %%L)', pg_temp.id(1, 2)), format('organization "%s" has no user "%%s"', pg_temp.id(1, 2)))) f (name, statement, answer);
SELECT is(pg_temp.failure(format('SELECT run_report(%L, %L)', pg_temp.id(4, 0), pg_temp.id(2, 1))), format('P0002 there is no report "%s"', pg_temp.id(4, 0)), 'and what there is not is answered alike');

SELECT is(pg_temp.failure($$ SELECT create_template(pg_temp.id(1, 1), pg_temp.id(2, 1), 'Monthly revenue', 'tabular') $$, 'oatie_app'), 'done', 'create_template: by the application');
SELECT results_eq($$ SELECT version, parent_template_id FROM templates WHERE organization_id = pg_temp.id(1, 1) ORDER BY version DESC LIMIT 1 $$, 'VALUES (3, pg_temp.id(3, 2))',
  'create_template: the same name is the next version');
SELECT is(pg_temp.failure($$ SELECT create_report(pg_temp.id(1, 1), pg_temp.id(2, 1), pg_temp.id(3, 3), 'x') $$),
  format('P0002 organization "%s" has no template "%s"', pg_temp.id(1, 1), pg_temp.id(3, 3)), 'create_report: not from another organization''s template');
SELECT is(pg_temp.failure($$ SELECT create_report(pg_temp.id(1, 1), pg_temp.id(2, 1), pg_temp.id(3, 4), 'x') $$), 'done', 'create_report: but from a public one');

TRUNCATE run;
INSERT INTO run SELECT run_report(pg_temp.id(4, 5), pg_temp.id(2, 5), 'csv');
SELECT results_eq('SELECT status::text, started_at, organization_id, output_format::text FROM report_executions JOIN run USING (id)', $$ VALUES ('running', now(), pg_temp.id(1, 2), 'csv') $$, 'run_report: an execution is running');
SELECT results_eq('SELECT status::text, last_executed, execution_count FROM reports WHERE id = pg_temp.id(4, 5)', $$ VALUES ('processing', now(), 1) $$, 'run_report: execution_count and last_executed of the report');
SELECT ok(has_processing_reports(pg_temp.id(3, 4)), 'has_processing_reports: while one is running');
SELECT is(pg_temp.failure('SELECT finish_execution(id, 1000, 250) FROM run', 'oatie_app'), 'done', 'finish_execution: by the application');
SELECT results_eq('SELECT e.status::text, completed_at, execution_time_ms, result_size_bytes, r.status::text FROM report_executions e JOIN run USING (id) JOIN reports r ON r.id = report_id',
  $$ VALUES ('completed', now(), 250, 1000::bigint, 'completed') $$, 'finish_execution: what came of it');
SELECT is(pg_temp.failure('SELECT finish_execution(id, 1000, 250) FROM run'), format('P0002 execution "%s" is not running', (SELECT id FROM run)), 'finish_execution: once');
SELECT ok(NOT has_processing_reports(pg_temp.id(3, 4)), 'has_processing_reports: none is left');
UPDATE run SET id = run_report(pg_temp.id(4, 5), pg_temp.id(2, 5));
SELECT is(pg_temp.failure('SELECT fail_execution(id, ''the source did not answer'') FROM run', 'oatie_app'), 'done', 'fail_execution: by the application');
SELECT results_eq('SELECT status::text, error_message, result_size_bytes FROM report_executions JOIN run USING (id)', $$ VALUES ('failed', 'the source did not answer', NULL::bigint) $$, 'fail_execution: takes no storage');
SELECT is_empty('SELECT r.id FROM reports r LEFT JOIN report_executions e ON e.report_id = r.id GROUP BY r.id HAVING execution_count <> count(e.id) AND r.id <> pg_temp.id(4, 3)',
  'execution_count is the number of executions');

CREATE TEMP TABLE share AS SELECT share_report(pg_temp.id(4, 4), pg_temp.id(2, 4)) AS code, share_report(pg_temp.id(4, 4), pg_temp.id(2, 4), 'swordfish', now() + interval '1 day') AS locked;
GRANT SELECT ON share TO oatie_app;
SELECT matches(code, '^[0-9A-Za-z]{11}$', 'share_report: a code in Base62') FROM share;
SELECT results_eq('SELECT o.* FROM share, open_share(code) o', $$ VALUES (200, pg_temp.id(4, 4), 'Fleet, number 4', 1::bigint) $$, 'open_share: 200, the report, and the view is counted');
SELECT is((SELECT views FROM share, open_share(code)), 2::bigint, 'open_share: each view is counted once');
SELECT is((SELECT status FROM open_share('Nowhere1234')), 404, 'open_share: 404, there is no such code');
SELECT is((SELECT status FROM share, open_share(locked)), 401, 'open_share: 401, it wants the password');
SELECT is((SELECT status FROM share, open_share(locked, 'haddock')), 401, 'open_share: 401, with another password');
SELECT results_eq($$ SELECT status, views FROM share, open_share(locked, 'swordfish') $$, 'VALUES (200, 1::bigint)', 'open_share: 200, with the password; what was refused has not counted');
SELECT is((SELECT status FROM open_share('Delays5Port')), 410, 'open_share: 410, it has expired');
SELECT is(pg_temp.failure('SELECT expire_share(code, pg_temp.id(2, 4)) FROM share', 'oatie_app'), 'done', 'expire_share: by the application');
SELECT is((SELECT status FROM share, open_share(code)), 410, 'expire_share: 410 from then on');
SELECT results_eq($$ SELECT views FROM open_share('Fleet4Board', 'open sesame') $$, 'VALUES (5::bigint)', 'open_share: goes on from the views that there were');
SELECT is(pg_temp.failure($$ INSERT INTO report_shares (report_id, created_by, short_code) VALUES (pg_temp.id(4, 4), pg_temp.id(2, 4), 'admin') $$), 'QC004 code "admin" is not allowed in column "short_code"', 'short codes: not every word');
SELECT is_empty($$ SELECT id FROM steward.audit_log, share WHERE concat(old_values, new_values) LIKE '%' || code || '%' $$, 'audit: no code of a share');

-- Each says who acts, and whose it is: of what is recorded meanwhile, every record.
CREATE FUNCTION pg_temp.acted(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  mark bigint := (SELECT max(id) FROM steward.audit_log);
BEGIN
  PERFORM steward.set_actor('somebody else', tenant => 'another');
  EXECUTE statement;
  PERFORM pg_temp.last_logged();
  RETURN (SELECT string_agg(DISTINCT l.actor || ' in ' || l.tenant, ', ') FROM steward.audit_log l WHERE l.id > mark);
END $$;
CREATE TEMP TABLE acting AS SELECT create_report(pg_temp.id(1, 2), pg_temp.id(2, 4), pg_temp.id(3, 4), 'of Leo') AS report, NULL::text AS code;
SELECT is(pg_temp.acted(statement), format('%s in %s', pg_temp.id(2, 5), pg_temp.id(1, 2)), name || ': says who acts') FROM (VALUES
  ('add_user', $$ SELECT add_user(pg_temp.id(1, 2), pg_temp.id(2, 5), 'w@harbor.example', 'wanda', 'a password', 'W', 'W') $$),
  ('create_template', $$ SELECT create_template(pg_temp.id(1, 2), pg_temp.id(2, 5), 'of Leo', 'chart') $$),
  ('create_report', $$ SELECT create_report(pg_temp.id(1, 2), pg_temp.id(2, 5), pg_temp.id(3, 4), 'another of Leo') $$),
  ('run_report', $$ SELECT run_report(report, pg_temp.id(2, 5)) FROM acting $$),
  ('finish_execution', $$ SELECT finish_execution(e.id, 1, 1) FROM report_executions e JOIN acting ON report_id = report $$),
  ('share_report', $$ UPDATE acting SET code = share_report(report, pg_temp.id(2, 5)) $$),
  ('expire_share', $$ SELECT expire_share(code, pg_temp.id(2, 5)) FROM acting $$),
  ('renew_subscription', $$ SELECT renew_subscription(pg_temp.id(1, 2), pg_temp.id(2, 5), '2098-12-31') $$),
  ('expire_subscription', $$ SELECT expire_subscription(pg_temp.id(1, 2), pg_temp.id(2, 5)) $$),
  ('delete_report', $$ SELECT delete_report(report, pg_temp.id(2, 5)) FROM acting $$)) f (name, statement);
