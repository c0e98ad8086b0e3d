-- What rows may be, and what becomes of them: defaults, checks, keys, cascades.

INSERT INTO users (email, password_hash) SELECT 'defaults@example.org', password_hash FROM users LIMIT 1;
SELECT row_eq($$ SELECT tier::text, is_admin, created_at = updated_at, id IS NOT NULL FROM users WHERE email = 'defaults@example.org' $$, ROW ('free'::text, false, true, true),
  'a user is free, and no administrator');
INSERT INTO analyses (user_id, name) SELECT id, 'defaults' FROM users WHERE email = 'defaults@example.org';
SELECT is((SELECT status FROM analyses WHERE name = 'defaults'), 'draft', 'an analysis is a draft');
INSERT INTO reports (analysis_id) SELECT id FROM analyses WHERE name = 'defaults';
SELECT row_eq($$ SELECT is_public, view_count, password_hash IS NULL, expires_at IS NULL FROM reports r JOIN analyses a ON a.id = analysis_id WHERE a.name = 'defaults' $$,
  ROW (true, 0, true, true), 'a report is public, with no views, for ever');

SELECT is(pg_temp.refusal(s), r, n) FROM (VALUES
  ($$ INSERT INTO users (email, password_hash) SELECT email, password_hash FROM users LIMIT 1 $$,
    '23505: duplicate key value violates unique constraint "idx_users_email"', 'email addresses are unique'),
  ($$ UPDATE users SET email = NULL $$, '23502: null value in column "email" of relation "users" violates not-null constraint', 'users.email is not null'),
  ($$ UPDATE users SET password_hash = NULL $$, '23502: null value in column "password_hash" of relation "users" violates not-null constraint', 'users.password_hash is not null'),
  ($$ UPDATE users SET tier = NULL $$, '23502: null value in column "tier" of relation "users" violates not-null constraint', 'users.tier is not null'),
  ($$ UPDATE users SET tier = 'gold' $$, '23514: new row for relation "users" violates check constraint "users_tier_check"', 'tiers are free, pro, team, enterprise'),
  ($$ UPDATE users SET password_hash = 'correct horse' $$, '23514: new row for relation "users" violates check constraint "users_password_hash_check"', 'no password is stored as it is'),
  ($$ UPDATE users SET password_hash = crypt('x', gen_salt('bf', 9)) $$, '23514: new row for relation "users" violates check constraint "users_password_hash_check"', 'bcrypt has ten rounds or more'),
  ($$ UPDATE reports SET password_hash = 'open sesame' $$, '23514: new row for relation "reports" violates check constraint "reports_password_hash_check"', 'nor that of a report'),
  ($$ UPDATE analyses SET status = 'done' $$, '23514: new row for relation "analyses" violates check constraint "analyses_status_check"', 'analyses are draft, completed, failed'),
  ($$ UPDATE datasets SET name = NULL $$, '23502: null value in column "name" of relation "datasets" violates not-null constraint', 'datasets.name is not null'),
  ($$ UPDATE datasets SET user_id = NULL $$, '23502: null value in column "user_id" of relation "datasets" violates not-null constraint', 'datasets.user_id is not null'),
  ($$ UPDATE analyses SET name = NULL $$, '23502: null value in column "name" of relation "analyses" violates not-null constraint', 'analyses.name is not null'),
  ($$ UPDATE reports SET analysis_id = NULL $$, '23502: null value in column "analysis_id" of relation "reports" violates not-null constraint', 'reports.analysis_id is not null'),
  ($$ UPDATE reports SET short_code = NULL $$, '23502: null value in column "short_code" of relation "reports" violates not-null constraint', 'reports.short_code is not null'),
  ($$ INSERT INTO reports (analysis_id, short_code) VALUES ('00000000-0000-4000-8000-00000000aa02', (SELECT short_code FROM reports LIMIT 1)) $$,
    '23505: duplicate key value violates unique constraint "idx_reports_short_code"', 'short codes are unique'),
  ($$ INSERT INTO datasets (user_id, name) VALUES (gen_random_uuid(), 'x') $$,
    '23503: insert or update on table "datasets" violates foreign key constraint "datasets_user_id_fkey"', 'datasets are of users'),
  ($$ INSERT INTO analyses (user_id, name) VALUES (gen_random_uuid(), 'x') $$,
    '23503: insert or update on table "analyses" violates foreign key constraint "analyses_user_id_fkey"', 'analyses are of users'),
  ($$ INSERT INTO reports (analysis_id, user_id) VALUES (gen_random_uuid(), '00000000-0000-4000-8000-0000000000a2') $$,
    '23503: insert or update on table "reports" violates foreign key constraint "reports_analysis_id_user_id_fkey"', 'reports are of analyses'),
  ($$ INSERT INTO reports (analysis_id, user_id) VALUES ('00000000-0000-4000-8000-00000000aa01', '00000000-0000-4000-8000-0000000000a2') $$,
    '23503: insert or update on table "reports" violates foreign key constraint "reports_analysis_id_user_id_fkey"', 'nobody publishes what is another''s'),
  ($$ INSERT INTO analyses (user_id, name, dataset_id) VALUES ('00000000-0000-4000-8000-0000000000a2', 'x', md5('dataset 1')::uuid) $$,
    '23503: insert or update on table "analyses" violates foreign key constraint "analyses_dataset_id_user_id_fkey"', 'nobody analyses what is another''s')) v (s, r, n);
SELECT is((SELECT user_id FROM reports WHERE id = '00000000-0000-4000-8000-00000000bb01'), '00000000-0000-4000-8000-0000000000a1'::uuid, 'a report has the user of its analysis');

-- What goes with what.
SELECT pg_temp.new_user('goes@example.org', 'team') AS goes \gset
SELECT add_connection(:'goes', 'warehouse', 'postgresql', '{}') AS connection \gset
SELECT upload_dataset(:'goes', 'kept', 1, 10, 1) AS dataset \gset
UPDATE datasets SET connection_id = :'connection' WHERE id = :'dataset';
SELECT run_analysis(:'goes', :'dataset', 'kept') AS analysis \gset
SELECT publish_report(:'analysis') AS code \gset
SELECT is(pg_temp.refusal(format('UPDATE datasets SET connection_id = %L WHERE user_id <> %L', :'connection', :'goes')),
  '23503: insert or update on table "datasets" violates foreign key constraint "datasets_connection_id_user_id_fkey"', 'a dataset has a connection of the same user');
DELETE FROM data_connections WHERE id = :'connection';
SELECT row_eq(format('SELECT name::text, connection_id FROM datasets WHERE id = %L', :'dataset'), ROW ('kept'::text, NULL::uuid), 'a connection goes, its datasets stay');
DELETE FROM datasets WHERE id = :'dataset';
SELECT row_eq(format('SELECT name::text, dataset_id, user_id FROM analyses WHERE id = %L', :'analysis'), ROW ('kept'::text, NULL::uuid, :'goes'::uuid), 'a dataset goes, its analyses stay');
SELECT upload_dataset(:'goes', 'another', 1, 10, 1) AS dataset \gset
SELECT pg_temp.new_user('stays@example.org') AS stays \gset
INSERT INTO analytics_events (user_id, event, created_at) VALUES (:'goes', 'of one who goes', '2026-03-10 12:00+00');
BEGIN;
DELETE FROM analyses WHERE id = :'analysis';
SELECT is_empty(format('SELECT FROM reports WHERE analysis_id = %L', :'analysis'), 'an analysis goes, and its reports with it');
ROLLBACK;
SELECT delete_account(:'goes');
SELECT is_empty(format('SELECT FROM datasets WHERE user_id = %L', :'goes'), 'a user goes, and the datasets with it');
SELECT is_empty(format('SELECT FROM analyses WHERE user_id = %L', :'goes'), 'a user goes, and the analyses with it');
SELECT is_empty(format('SELECT FROM reports WHERE user_id = %L', :'goes'), 'a user goes, and the reports with it');
SELECT is_empty(format('SELECT FROM usage_tracking WHERE user_id = %L', :'goes'), 'a user goes, and the usage with it');
SELECT is_empty(format('SELECT FROM steward.usage_by_month WHERE subject = %L', :'goes'), 'and nothing is left of it in steward');
SELECT results_eq($$ SELECT user_id FROM analytics_events WHERE event = 'of one who goes' $$, 'SELECT NULL::uuid', 'a user goes, and what was done is nobody''s');
SELECT is((SELECT count(*) FROM analyses WHERE user_id = :'stays'), 1::bigint, 'and nothing of others goes');
SELECT is(pg_temp.refusal(format('SELECT delete_account(%L)', :'goes')), format('P0002: there is no user "%s"', :'goes'), 'nobody goes twice');

-- updated_at, by plain triggers.
SELECT updated_at AS before FROM users WHERE id = :'stays' \gset
UPDATE users SET full_name = full_name WHERE id = :'stays';
SELECT is((SELECT updated_at FROM users WHERE id = :'stays'), :'before'::timestamptz, 'what does not change leaves updated_at');
UPDATE users SET full_name = 'Stays' WHERE id = :'stays';
SELECT cmp_ok((SELECT updated_at FROM users WHERE id = :'stays'), '>', :'before'::timestamptz, 'a change sets updated_at');
SELECT set_eq($$ SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'touch_updated_at' $$,
  $$ SELECT rel::text FROM columns WHERE col ~ '\.updated_at$' AND rel <> 'usage_tracking' $$, 'each updated_at has its trigger');
