-- Passwords, credentials, and who may do what.

SELECT sign_up('secure@example.org', 'correct horse') AS secure \gset
SELECT is((SELECT substr(password_hash, 1, 7) FROM users WHERE id = :'secure'), '$2a$10$', 'passwords are bcrypt, ten rounds');
SELECT ok((SELECT password_hash = crypt('correct horse', password_hash) AND password_hash <> crypt('Correct horse', password_hash) FROM users WHERE id = :'secure'), 'and tell right from wrong');

SELECT add_connection(:'secure', 'warehouse', 'postgresql', '{"user": "ro", "password": "hunter2"}') AS connection \gset
-- An OpenPGP message begins with a packet that names the cipher: 9 is AES with 256 bits.
SELECT is((SELECT get_byte(credentials, 3) FROM data_connections WHERE id = :'connection'), 9, 'credentials are encrypted with AES-256');
SELECT is((SELECT position('hunter2'::bytea IN credentials) FROM data_connections WHERE id = :'connection'), 0, 'and cannot be read in the table');
SELECT is(credentials_of(:'connection')->>'password', 'hunter2', 'who has the key reads them');
SELECT is(credentials_of(:'connection', :'secure')->>'password', 'hunter2', 'whose they are, for whom they are asked');
SELECT is(credentials_of(:'connection', '00000000-0000-4000-8000-0000000000a1'), NULL, 'and nobody else has any there');
SET iops.credentials_key = 'another key';
SELECT is(pg_temp.refusal(format('SELECT credentials_of(%L)', :'connection')), '39000: Wrong key or corrupt data', 'who has another does not');
SET iops.credentials_key = '';
SELECT is(pg_temp.refusal(format('SELECT add_connection(%L, %L, %L, %L)', :'secure', 'x', 'api', '{}')), '55000: setting "iops.credentials_key" is not set', 'without a key nothing is stored');
SET iops.credentials_key = 'a key for tests';

SELECT is(sign_up($$'); DROP TABLE users; --$$, 'x', $$Robert'); DROP TABLE users; --$$) IS NOT NULL, true, 'what looks like SQL is text');
SELECT is_empty($$ SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'iops'::regnamespace AND NOT COALESCE(proconfig::text ~ 'search_path=(iops|pg_catalog), pg_temp', false) $$, 'each function has a search_path of its own');
SELECT is_empty($$ SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'iops'::regnamespace AND prosecdef $$, 'no function has more rights than who calls it');

-- The application's role does all that the application does, and no more.
GRANT USAGE ON SCHEMA public TO iops_app;
SET ROLE iops_app;
SELECT sign_up('by_app@example.org', 'a password') AS by_app \gset
SELECT upload_dataset(:'by_app', 'x', 1, 10, 1) AS dataset \gset
SELECT run_analysis(:'by_app', :'dataset', 'x') AS analysis \gset
SELECT publish_report(:'analysis') AS code \gset
SELECT send_ai_message(:'by_app'), invite_collaborator(:'by_app', 'x@example.org'), add_connection(:'by_app', 'x', 'api', '{}'), change_tier(:'by_app', 'team');
SELECT is((SELECT status || ' ' || view_count FROM open_report(:'code')), '200 1', 'the application does what it has to');
SELECT is((SELECT count(*) FROM activity_log WHERE user_id = :'by_app'), 7::bigint, 'and shows users their activity');
SELECT is((SELECT datasets_count + ai_messages_count + reports_count FROM usage_tracking WHERE user_id = :'by_app'), 3, 'and their usage');
INSERT INTO analytics_events (user_id, event, created_at) VALUES (:'by_app', 'x', '2026-03-10 12:00+00');
SELECT is(pg_temp.refusal(s), r, n) FROM (VALUES
  (format('INSERT INTO reports (analysis_id, short_code) VALUES (%L, %L)', :'analysis', 'mine'), '42501: permission denied for table reports', 'it chooses no codes'),
  ('SELECT count(*) FROM steward.audit_log', '42501: permission denied for view audit_log', 'it does not read the log'),
  (format('SELECT agree_terms(%L, 1, 1, 1, 1, 1, NULL, NULL)', :'by_app'), '42501: permission denied for function override_limit', 'it agrees no terms'),
  ('SELECT key FROM steward._series', '42501: permission denied for table _series', 'it does not see the key of codes'),
  ($$ SELECT steward.set_limit('free', 'datasets', NULL) $$, '42501: permission denied for function set_limit', 'it sets no limits')) v (s, r, n);
SELECT delete_account(:'by_app');
RESET ROLE;
GRANT USAGE ON SCHEMA public TO iops_auditor, iops_monitor, iops_admin;
SET ROLE iops_auditor;
SELECT isnt_empty('SELECT FROM steward.audit_log', 'auditors read the log');
SELECT is(pg_temp.refusal('SELECT password_hash FROM users'), '42501: permission denied for table users', 'and no table');
SET ROLE iops_monitor;
SELECT isnt_empty('SELECT FROM usage_tracking', 'monitors see usage');
SELECT ok(bool_and(bytes > 0), 'and the size of each month') FROM steward.partitions WHERE rel::text ~ '(analytics_events|embed_analytics)$';
SELECT is_empty($$ SELECT rel, col, last_error FROM steward.counter_stats WHERE last_error IS NOT NULL OR NOT bound $$, 'and that counters are well');
SELECT is(pg_temp.refusal('SELECT email FROM users'), '42501: permission denied for table users', 'and nobody''s address');
SET ROLE iops_admin;
SELECT lives_ok($$ SELECT agree_terms('00000000-0000-4000-8000-0000000000a4', 100, 10000, NULL, 50, 25, '2027-03-01 00:00+00', 'contract 2026-017') $$, 'administrators agree terms');
SELECT is(pg_temp.refusal('SELECT password_hash FROM users'), '42501: permission denied for table users', 'and see no hashes');
RESET ROLE;
