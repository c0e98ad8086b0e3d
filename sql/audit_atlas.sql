-- Atlas2's "audit logging for all data changes", with its roles and its row level security: whoever writes, whichever rows he may see, and
-- nobody of them reads or changes the log.
SET client_min_messages = warning;
SET intervalstyle = postgres;
CREATE ROLE atlas2_app;
CREATE ROLE atlas2_readonly;
CREATE ROLE atlas2_officer;
CREATE SCHEMA atlas2;
GRANT USAGE ON SCHEMA atlas2 TO atlas2_app, atlas2_readonly, atlas2_officer;
CREATE TABLE atlas2.users (id uuid PRIMARY KEY, email text NOT NULL UNIQUE, password_hash text NOT NULL, role text NOT NULL DEFAULT 'user');
CREATE TABLE atlas2.processing_jobs (
  id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES atlas2.users ON DELETE CASCADE, file_name text NOT NULL, status text NOT NULL DEFAULT 'pending',
  progress int NOT NULL DEFAULT 0, updated_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE atlas2.system_settings (name text PRIMARY KEY, value jsonb NOT NULL);
ALTER TABLE atlas2.processing_jobs ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_jobs ON atlas2.processing_jobs USING (user_id = current_setting('app.current_user_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA atlas2 TO atlas2_app;
GRANT SELECT ON ALL TABLES IN SCHEMA atlas2 TO atlas2_readonly;
SELECT steward.grant_access('atlas2_app', 'app'), steward.grant_access('atlas2_officer', 'auditor') \g /dev/null

SELECT steward.audit_table('atlas2.users', redact_cols => '{password_hash}', tenant_col => 'id', resource => 'atlas2 user'),
  steward.audit_table('atlas2.processing_jobs', ignore_cols => '{updated_at,progress}', tenant_col => 'user_id', resource => 'atlas2 job'),
  steward.audit_table('atlas2.system_settings', resource => 'atlas2 setting') \g /dev/null

-- The application: no right on anything of the log, and it is all there.
SET ROLE atlas2_app;
\set ada '00000000-0000-4000-8000-0000000000ad'
\set bob '00000000-0000-4000-8000-0000000000b0'
BEGIN;
SELECT steward.set_actor(:'ada', ip => '198.51.100.7') \g /dev/null
SET LOCAL app.current_user_id = :'ada';
INSERT INTO atlas2.users VALUES (:'ada', 'ada@example.org', 'hash of ada'), (:'bob', 'bob@example.org', 'hash of bob');
INSERT INTO atlas2.processing_jobs (id, user_id, file_name) VALUES ('00000000-0000-4000-8000-000000000001', :'ada', 'sales.csv');
COMMIT;
BEGIN;
SELECT steward.set_actor(:'bob') \g /dev/null
SET LOCAL app.current_user_id = :'bob';
INSERT INTO atlas2.processing_jobs (id, user_id, file_name) VALUES ('00000000-0000-4000-8000-000000000002', :'bob', 'leads.csv');
-- A row that he may not see is not changed, and nothing is recorded of it.
UPDATE atlas2.processing_jobs SET status = 'failed';
UPDATE atlas2.processing_jobs SET progress = 50, updated_at = now();
COMMIT;
BEGIN;
-- Nor what a policy refuses.
SELECT steward.set_actor(:'bob') \g /dev/null
SET LOCAL app.current_user_id = :'bob';
INSERT INTO atlas2.processing_jobs (id, user_id, file_name) VALUES ('00000000-0000-4000-8000-000000000003', :'ada', 'forged.csv');
ROLLBACK;
INSERT INTO atlas2.system_settings VALUES ('max_file_size', '52428800'), ('audit_log_retention_days', '90');
UPDATE atlas2.system_settings SET value = '104857600' WHERE name = 'max_file_size';
-- A cascade reaches rows whatever policy there is, and so does the log.
DELETE FROM atlas2.users WHERE id = :'bob';
\set VERBOSITY terse
SELECT count(*) FROM steward.audit_log;
SELECT count(*) FROM steward.audit_records;
UPDATE steward.audit_records SET new_values = NULL;
DELETE FROM steward.audit_transactions;
SELECT steward.history('atlas2.users', :'ada'::uuid);
SELECT steward.unaudit_table('atlas2.users');
SET ROLE atlas2_readonly;
SELECT count(*) FROM steward.audit_log;
SELECT steward.set_actor('somebody');
\set VERBOSITY default
RESET ROLE;

-- The officer sees all of it, and no password.
SET ROLE atlas2_officer;
SELECT resource, action, right(row_key, 2) AS key, right(tenant, 2) AS tenant, CASE WHEN actor ~ '^0' THEN right(actor, 2) ELSE actor END AS actor, ip, role, changed,
  old_values - '{id,user_id,password_hash}'::text[] AS old_values, new_values - '{id,user_id,password_hash}'::text[] AS new_values
FROM steward.audit_log WHERE resource ~ '^atlas2' ORDER BY id;
-- By the view and the tables, not by a month's own name, where what is granted and what a policy says would not reach.
SELECT tableoid::regclass AS month FROM steward.audit_records ORDER BY id DESC LIMIT 1 \gset
\set VERBOSITY sqlstate
SELECT count(*) FROM :month;
\set VERBOSITY default
SELECT count(*) AS with_password FROM steward.audit_log WHERE concat(old_values, new_values) ~ 'hash of';
RESET ROLE;
-- What an officer for one user sees: a policy on the log holds in the readers, too.
CREATE ROLE atlas2_officer_of_bob;
SELECT steward.grant_access('atlas2_officer_of_bob', 'auditor') \g /dev/null
GRANT USAGE ON SCHEMA atlas2 TO atlas2_officer_of_bob;
ALTER TABLE steward.audit_records ENABLE ROW LEVEL SECURITY;
CREATE POLICY atlas2_all ON steward.audit_records FOR SELECT TO atlas2_officer USING (true);
CREATE POLICY atlas2_bob ON steward.audit_records FOR SELECT TO atlas2_officer_of_bob USING (tenant = '00000000-0000-4000-8000-0000000000b0');
SET ROLE atlas2_officer_of_bob;
SELECT resource, action FROM steward.audit_log ORDER BY id;
SELECT action FROM steward.history('atlas2.users', :'bob'::uuid) ORDER BY id;
SELECT count(*) FROM steward.history('atlas2.users', :'ada'::uuid);
RESET ROLE;
SELECT v.problem, v.detail FROM steward.partition_sets s, steward.verify_partitions(s.rel) v WHERE s.rel::text ~ '^steward.audit' AND v.problem !~ '^(gap|rows in default)$';
DROP POLICY atlas2_all ON steward.audit_records;
DROP POLICY atlas2_bob ON steward.audit_records;
ALTER TABLE steward.audit_records DISABLE ROW LEVEL SECURITY;
-- Its retention in days is that of the log's months.
BEGIN;
SELECT steward.manage_partitions(s.rel, retention => make_interval(days => (value #>> '{}')::int))
FROM steward.partition_sets s, atlas2.system_settings WHERE name = 'audit_log_retention_days' AND s.rel::text ~ '^steward.audit' \g /dev/null
SELECT rel, retention FROM steward.partition_sets WHERE rel::text ~ '^steward.audit' ORDER BY rel::text;
ROLLBACK;
SELECT steward.unaudit_table('atlas2.users'), steward.unaudit_table('atlas2.processing_jobs'), steward.unaudit_table('atlas2.system_settings') \g /dev/null
SELECT steward.revoke_access('atlas2_app', 'app'), steward.revoke_access('atlas2_officer', 'auditor'), steward.revoke_access('atlas2_officer_of_bob', 'auditor') \g /dev/null
DROP SCHEMA atlas2 CASCADE;
DROP ROLE atlas2_app, atlas2_readonly, atlas2_officer, atlas2_officer_of_bob;
