-- audit: every change of a table, who made it, and what was there before

CREATE TABLE users (
  id uuid PRIMARY KEY, organization_id uuid NOT NULL, email text NOT NULL, password_hash text NOT NULL, role text NOT NULL DEFAULT 'user',
  updated_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE saved_reports (
  id uuid PRIMARY KEY, organization_id uuid NOT NULL, title text NOT NULL, status text NOT NULL DEFAULT 'draft', created_by uuid REFERENCES users,
  updated_at timestamptz NOT NULL DEFAULT now());

\echo
\echo '-- One line a table. updated_at is noise, the password is nobody''s business, and rows belong to organizations.'
SELECT steward.audit_table('users', ignore_cols => '{updated_at}', redact_cols => '{password_hash}', tenant_col => 'organization_id', resource => 'user');
SELECT steward.audit_table('saved_reports', ignore_cols => '{updated_at}', tenant_col => 'organization_id', resource => 'report');
SELECT rel, ignore_cols, redact_cols, redact_as, tenant_col, resource FROM steward.audited_tables;

\echo
\echo '-- The application says who acts, in each transaction: through a pooler it is the same few roles for everybody.'
BEGIN;
SELECT steward.set_actor('00000000-0000-4000-8000-0000000000ad', ip => '198.51.100.7', user_agent => 'Firefox', request => 'POST /users');
INSERT INTO users VALUES ('00000000-0000-4000-8000-0000000000ad', '00000000-0000-4000-8000-000000000001', 'ada@example.org', 'a secret hash');
INSERT INTO saved_reports VALUES ('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-000000000001', 'Revenue', 'draft', '00000000-0000-4000-8000-0000000000ad');
COMMIT;
SELECT clock_timestamp() AS before \gset

BEGIN;
SELECT steward.set_actor('00000000-0000-4000-8000-0000000000bb', request => 'PATCH /reports/a') \g /dev/null
UPDATE saved_reports SET title = 'Revenue, third quarter', status = 'published';
UPDATE saved_reports SET updated_at = now();
SAVEPOINT typing_error;
UPDATE saved_reports SET title = 'Reveneu';
ROLLBACK TO typing_error;
COMMIT;
UPDATE users SET password_hash = 'another one';

\echo
\echo '-- What the log has of it: what was changed and nothing else, nothing of what was taken back, and no password.'
SELECT id, resource, action, left(actor, 8) || '...' AS actor, request, changed, left(old_values::text, 60) AS old_values, left(new_values::text, 60) AS new_values
FROM steward.audit_log ORDER BY id;

\echo
\echo '-- One row: its history, what it was, and who set what.'
SELECT at::date = current_date AS today, action, right(actor, 2) AS actor, ip, old_values, new_values FROM steward.history('saved_reports', '00000000-0000-4000-8000-00000000000a'::uuid)
WHERE action = 'update';
SELECT jsonb_pretty(steward.row_as_of('saved_reports', '00000000-0000-4000-8000-00000000000a'::uuid, :'before')) AS as_it_was;
SELECT col, value, right(actor, 2) AS actor, tx FROM steward.blame('saved_reports', '00000000-0000-4000-8000-00000000000a'::uuid);
DELETE FROM saved_reports;
SELECT title, status FROM steward.table_as_of(NULL::saved_reports, :'before');

\echo
\echo '-- Nobody changes what is written there, its owner and superusers included.'
UPDATE steward.audit_records SET new_values = '{}';
SET session_replication_role = replica;
DELETE FROM steward.audit_records;
RESET session_replication_role;
TRUNCATE steward.audit_transactions;

\echo
\echo '-- Events that are no changes of rows. A change of an audited table cannot be invented.'
BEGIN;
SELECT steward.set_actor('00000000-0000-4000-8000-0000000000ad', session => '00000000-0000-4000-8000-000000005e55') \g /dev/null
SELECT steward.record_event('export', 'report', '00000000-0000-4000-8000-00000000000a', '{"format": "pdf", "pages": 12}');
COMMIT;
SELECT resource, action, row_key, new_values FROM steward.audit_log ORDER BY id DESC LIMIT 1;
SELECT steward.record_event('delete', 'report', '00000000-0000-4000-8000-00000000000a');

\echo
\echo '-- A platform''s own audit_logs, with its columns and its sets of values: a view, and what is inserted there becomes an event.'
CREATE FUNCTION uuid_of(text) RETURNS uuid IMMUTABLE LANGUAGE sql
  RETURN CASE WHEN $1 ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN $1::uuid END;
CREATE VIEW audit_logs WITH (security_invoker) AS
  SELECT id, uuid_of(actor) AS user_id, uuid_of(tenant) AS organization_id, action, resource AS resource_type, uuid_of(row_key) AS resource_id,
         old_values, new_values, ip AS ip_address, user_agent, at AS timestamp, uuid_of(session) AS session_id
  FROM steward.audit_log WHERE resource IN ('user', 'organization', 'template', 'report', 'execution');
CREATE FUNCTION insert_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.action IS NULL OR NEW.action NOT IN ('create', 'read', 'update', 'delete', 'login', 'logout', 'export') THEN
    RAISE check_violation USING MESSAGE = format('action "%s" is not a valid action', NEW.action);
  ELSIF NEW.resource_type IS NULL OR NEW.resource_type NOT IN ('user', 'organization', 'template', 'report', 'execution') THEN
    RAISE check_violation USING MESSAGE = format('resource_type "%s" is not a valid resource_type', NEW.resource_type);
  ELSIF NEW.organization_id IS NULL THEN
    RAISE not_null_violation USING MESSAGE = 'organization_id must not be null';
  END IF;
  -- From here on in this transaction, for changes of rows as well.
  PERFORM steward.set_actor(COALESCE(NEW.user_id::text, session_user), tenant => NEW.organization_id::text, ip => NEW.ip_address, user_agent => NEW.user_agent,
                            session => NEW.session_id::text);
  PERFORM steward.record_event(NEW.action, NEW.resource_type, NEW.resource_id::text, NEW.new_values);
  RETURN NEW;
END $$;
CREATE TRIGGER insert_audit_log INSTEAD OF INSERT ON audit_logs FOR EACH ROW EXECUTE FUNCTION insert_audit_log();

INSERT INTO audit_logs (user_id, organization_id, action, resource_type, resource_id, ip_address, session_id)
VALUES ('00000000-0000-4000-8000-0000000000ad', '00000000-0000-4000-8000-000000000001', 'login', 'user', '00000000-0000-4000-8000-0000000000ad',
        '198.51.100.7', '00000000-0000-4000-8000-000000005e55');
INSERT INTO audit_logs (organization_id, action, resource_type) VALUES ('00000000-0000-4000-8000-000000000001', 'download', 'report');
INSERT INTO audit_logs (organization_id, action, resource_type) VALUES ('00000000-0000-4000-8000-000000000001', 'update', 'report');
SELECT right(user_id::text, 2) AS user_id, action, resource_type, right(resource_id::text, 2) AS resource_id, ip_address, right(session_id::text, 4) AS session_id
FROM audit_logs ORDER BY id;

\echo
\echo '-- No change without somebody who acts, if that is the rule. And the log is kept for seven years, a month at a time.'
SET steward.audit_require_actor = on;
UPDATE users SET role = 'org_admin';
RESET steward.audit_require_actor;
SELECT steward.manage_partitions('steward.audit_records', retention => '7 years'), steward.manage_partitions('steward.audit_transactions', retention => '7 years') \g /dev/null
SELECT rel, every, retention, retention_action FROM steward.partition_sets ORDER BY rel::text;
