-- The log: each change of the six tables, who made it, before and after, and no secret in it.

SELECT set_eq('SELECT rel::text, resource, ignore_cols::text, redact_cols::text, tenant_col::text FROM steward.audited_tables', $$ VALUES
  ('analyses', 'analysis', '{updated_at}', NULL, 'user_id'), ('collaborations', 'collaboration', '{updated_at}', NULL, 'user_id'),
  ('data_connections', 'data_connection', '{updated_at}', '{credentials}', 'user_id'), ('datasets', 'dataset', '{updated_at}', NULL, 'user_id'),
  ('reports', 'report', '{updated_at}', '{password_hash}', 'user_id'), ('users', 'user', '{updated_at}', '{password_hash}', 'id') $$, 'six tables are audited');

SELECT COALESCE(max(id), 0) AS mark FROM steward.audit_log \gset
SELECT sign_up('log@example.org', 'a secret password', 'Log') AS log \gset
SELECT change_tier(:'log', 'pro');
SELECT upload_dataset(:'log', 'numbers', 100, 10, 2) AS dataset \gset
SELECT run_analysis(:'log', :'dataset', 'sums', '{"by": "day"}') AS analysis \gset
SELECT publish_report(:'analysis', 'another secret') AS code \gset
SELECT invite_collaborator(:'log', 'friend@example.org') AS friend \gset
SELECT add_connection(:'log', 'warehouse', 'snowflake', '{"password": "third secret"}') AS connection \gset
SELECT expire_report(:'code');
UPDATE users SET password_hash = crypt('fourth secret', gen_salt('bf', 10)), updated_at = '2001-01-01' WHERE id = :'log';
UPDATE users SET updated_at = '2001-01-01' WHERE id = :'log';
SELECT open_report(:'code');
SELECT delete_account(:'log');

CREATE TEMP TABLE logged AS SELECT * FROM steward.audit_log WHERE id > :mark;
SELECT results_eq($$ SELECT resource COLLATE "default", action COLLATE "default" FROM logged ORDER BY id LIMIT 9 $$, $$ VALUES ('user', 'create'), ('user', 'update'), ('dataset', 'create'), ('analysis', 'create'), ('report', 'create'),
  ('collaboration', 'create'), ('data_connection', 'create'), ('report', 'update'), ('user', 'update') $$, 'each change has a record, in order');
SELECT set_eq($$ SELECT resource FROM logged WHERE action = 'delete' $$, '{user,dataset,analysis,report,collaboration,data_connection}'::text[], 'what goes with a user is on record, table by table');
SELECT is((SELECT count(*) FROM logged WHERE tenant IS DISTINCT FROM :'log'), 0::bigint, 'each record is of that user''s account');
SELECT results_eq($$ SELECT DISTINCT actor COLLATE "default" FROM logged WHERE resource <> 'user' $$, format('SELECT %L', :'log'), 'who acts is the user');
SELECT row_eq($$ SELECT actor, old_values, new_values FROM logged WHERE resource = 'user' AND action = 'update' ORDER BY id LIMIT 1 $$,
  ROW ('stripe'::text, '{"tier": "free"}'::jsonb, '{"tier": "pro"}'::jsonb), 'users: who changed the tier, from what, to what');
SELECT is((SELECT new_values->>'email' FROM logged WHERE resource = 'user' AND action = 'create'), 'log@example.org', 'users: a record of the new row');
SELECT is((SELECT old_values->>'full_name' FROM logged WHERE resource = 'user' AND action = 'delete'), 'Log', 'users: a record of the row that was');
SELECT row_eq($$ SELECT new_values->>'name', new_values->>'row_count' FROM logged WHERE resource = 'dataset' AND action = 'create' $$, ROW ('numbers'::text, '10'::text), 'datasets: a record of the new row');
SELECT row_eq($$ SELECT new_values->'config', new_values->'results' FROM logged WHERE resource = 'analysis' AND action = 'create' $$,
  ROW ('{"by": "day"}'::jsonb, '{"rows": 10, "columns": 2}'::jsonb), 'analyses: a record of the new row');
SELECT row_eq($$ SELECT changed::text, old_values, new_values FROM logged WHERE resource = 'report' AND action = 'update' $$,
  ROW ('{expires_at}'::text, '{"expires_at": null}'::jsonb, '{"expires_at": "2026-03-10T12:00:00+00:00"}'::jsonb), 'reports: what differs, before and after');
SELECT is((SELECT new_values->>'email' FROM logged WHERE resource = 'collaboration' AND action = 'create'), 'friend@example.org', 'collaborations: a record of the new row');
SELECT row_eq($$ SELECT new_values->>'kind', new_values->>'credentials' FROM logged WHERE resource = 'data_connection' AND action = 'create' $$, ROW ('snowflake'::text, '***'::text), 'data_connections: a record, and *** for the credentials');
SELECT results_eq($$ SELECT old_values, new_values FROM logged WHERE 'password_hash' = ANY (changed) $$,
  $$ VALUES ('{"password_hash": "***"}'::jsonb, '{"password_hash": "***"}'::jsonb) $$, 'a new password is on record as such');
SELECT is_empty($$ SELECT FROM logged WHERE logged::text ~ 'secret|\$2a\$' $$, 'no password and no hash is in the log');
SELECT is_empty($$ SELECT FROM steward.audit_log WHERE audit_log::text ~ '\$2a\$' $$, 'nor of the sample');
SELECT is_empty($$ SELECT FROM logged WHERE old_values ? 'updated_at' OR new_values ? 'updated_at' OR old_values ? 'view_count' OR new_values ? 'view_count' $$, 'updated_at and view_count are no changes');

SELECT isnt_empty($$ SELECT FROM activity_log WHERE user_id = '00000000-0000-4000-8000-0000000000a1' AND resource = 'dataset' AND action = 'create' $$, 'activity_log has what was done in an account');
SELECT is_empty(format('SELECT FROM activity_log WHERE user_id = %L', :'log'), 'activity_log is of users that are there');
SELECT is((SELECT steward.row_as_of('users', :'log'::uuid, at)->>'tier' FROM logged WHERE resource = 'user' AND action = 'update' ORDER BY id LIMIT 1), 'pro', 'what an account was, is told after it has gone');
SELECT row_eq($$ SELECT tenant, new_values->>'ai_messages' FROM steward.audit_log WHERE resource = 'contract' AND row_key = 'contract 2026-017' ORDER BY id LIMIT 1 $$,
  ROW ('00000000-0000-4000-8000-0000000000a4'::text, '10000'::text), 'contracts are on record');
SELECT is(pg_temp.refusal('DELETE FROM steward.audit_records'), 'QA002: audit log is append-only', 'nobody edits the log');
