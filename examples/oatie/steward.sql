-- What steward takes over from the platform: limits, partitions, short codes, view counts, the audit log, rights.
-- Meters, tiers, series and resources are the database's: those that another platform might have as well begin with "oatie".

-- ---- Roles, and what they may do with the tables. First, because a partition gets the rights that its table has when it is made.
-- Roles are the cluster's, and may be there from another database.

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY '{oatie_app,oatie_auditor,oatie_monitor}'::text[] LOOP
    IF to_regrole(name) IS NULL THEN EXECUTE format('CREATE ROLE %I', name); END IF;
  END LOOP;
END $$;
SELECT steward.grant_access('oatie_app', 'app'), steward.grant_access('oatie_auditor', 'auditor'), steward.grant_access('oatie_monitor', 'monitor') \g /dev/null
GRANT USAGE ON SCHEMA oatie TO oatie_app, oatie_auditor, oatie_monitor;
GRANT SELECT, INSERT, UPDATE, DELETE ON organizations, users, user_sessions, templates, template_fields, reports, report_executions, execution_logs, report_shares TO oatie_app;
GRANT SELECT ON index_usage, unused_indexes TO oatie_monitor;
-- usage() and usage_by_month show subjects to those who may read their keys.
GRANT SELECT (id, name) ON organizations TO oatie_monitor;

-- ---- Limits: each organization has its own in its row, and those of tier "free" when its subscription has run out.

SELECT steward.define_tier('free', 0), steward.define_tier('pro', 1), steward.define_tier('enterprise', 3) \g /dev/null
SELECT steward.bind_subjects('organizations', tier_col => 'subscription_tier', expires_col => 'subscription_expires_at', fallback => 'free') \g /dev/null
SELECT steward.define_meter('oatie_users', 'organizations', 'standing', max_col => 'max_users'),
       steward.define_meter('oatie_reports', 'organizations', 'standing', max_col => 'max_reports'),
       -- The column says gigabytes, and the meter counts bytes.
       steward.define_meter('oatie_storage', 'organizations', 'standing', unit => 'bytes', max_col => 'storage_limit_gb', max_unit => 1073741824) \g /dev/null
-- Where the row says NULL: the defaults of the columns for those who do not pay, and no limit for those who do.
SELECT steward.set_limit(tier, meter, max) FROM (VALUES
  ('free', 'oatie_users', 10), ('free', 'oatie_reports', 100), ('free', 'oatie_storage', 5 * 1073741824::bigint),
  ('pro', 'oatie_users', NULL), ('pro', 'oatie_reports', NULL), ('pro', 'oatie_storage', NULL),
  ('enterprise', 'oatie_users', NULL), ('enterprise', 'oatie_reports', NULL), ('enterprise', 'oatie_storage', NULL)) l (tier, meter, max) \g /dev/null
-- The tables themselves keep the limits, whoever writes them.
SELECT steward.limit_rows('users', 'organization_id', 'oatie_users', condition => 'is_active'),
       steward.limit_rows('reports', 'organization_id', 'oatie_reports'),
       steward.limit_rows('report_executions', 'organization_id', 'oatie_storage', measure_col => 'result_size_bytes') \g /dev/null

-- ---- Partitions: the document's first month, report_executions_y2024m01, and all since; CALL steward.maintain() makes those to come.

SELECT steward.manage_partitions('report_executions', every => '1 month', since => '2024-01-01', time_zone => 'UTC') \g /dev/null

-- ---- Short codes and view counts of shares. A link opens a report, so its code has 10 characters that nobody guesses, and one more
-- that finds typing errors. steward makes the series' key, which is in no file.

SELECT steward.create_series('oatie_shares', length => 10, check_chars => 1) \g /dev/null
SELECT steward.assign_codes('report_shares', 'short_code', series => 'oatie_shares') \g /dev/null
SELECT steward.create_counter('report_shares', 'view_count', bucket => '1 day', time_zone => 'UTC', last_col => 'last_viewed_at') \g /dev/null
-- execution_count of reports is no counter of steward's. A run writes the report's row anyway (status, last_executed), under its
-- lock; counting in the same UPDATE costs nothing and is right at once, where a counter's column waits for the next fold.

-- ---- Audit. A resource is what the document calls resource_type. Of what would be noise nothing is recorded: stamps, and what
-- executions tell better. Passwords are seen to have changed, and nothing else.

SELECT steward.audit_table('organizations', ignore_cols => '{updated_at}', tenant_col => 'id', resource => 'oatie.organization'),
       steward.audit_table('users', ignore_cols => '{updated_at,last_login}', redact_cols => '{password_hash}', redact_as => 'mask',
                           tenant_col => 'organization_id', resource => 'oatie.user'),
       steward.audit_table('templates', ignore_cols => '{updated_at}', tenant_col => 'organization_id', resource => 'oatie.template'),
       steward.audit_table('reports', ignore_cols => '{updated_at,last_executed,execution_count}', tenant_col => 'organization_id', resource => 'oatie.report'),
       steward.audit_table('report_executions', tenant_col => 'organization_id', resource => 'oatie.execution'),
       -- Not a resource of the document's, so not in its audit_logs; but who opens a report to the world is worth a record.
       steward.audit_table('report_shares', ignore_cols => '{last_viewed_at}', redact_cols => '{short_code,password_hash}', redact_as => 'mask', resource => 'oatie.share') \g /dev/null

-- What of an actor, a tenant, a session or a key is a uuid. An execution's key is its id and the time at which it started.
CREATE FUNCTION uuid_of(text) RETURNS uuid IMMUTABLE PARALLEL SAFE LANGUAGE sql
  RETURN substring($1 FROM '^(?:\[")?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(?:"|$)')::uuid;
COMMENT ON FUNCTION uuid_of(text) IS 'the uuid that a text is, or that a composite key begins with; else NULL';

-- The document's table, with its columns and types. Its months, its protection and its indexes are those of steward's log.
-- Corrected: nothing goes when a user or an organization goes (ON DELETE SET NULL, CASCADE): a log is what is left of them.
CREATE VIEW audit_logs WITH (security_invoker) AS
  SELECT ('00000000-0000-8000-8000-' || lpad(to_hex(id), 12, '0'))::uuid AS id,
         uuid_of(actor) AS user_id, uuid_of(tenant) AS organization_id, action::varchar(100), substring(resource FROM 7)::varchar(50) AS resource_type,
         uuid_of(row_key) AS resource_id, old_values, new_values, ip AS ip_address, user_agent, at AS timestamp, uuid_of(session) AS session_id
  FROM steward.audit_log
  WHERE resource IN ('oatie.user', 'oatie.organization', 'oatie.template', 'oatie.report', 'oatie.execution');
COMMENT ON VIEW audit_logs IS 'who did what; changes of rows come by themselves, and what is inserted is an event';

-- The document's sets of values. Changes need no INSERT, and steward refuses to record them twice.
CREATE FUNCTION insert_audit_log() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.action IS NULL OR NEW.action NOT IN ('create', 'read', 'update', 'delete', 'login', 'logout', 'export') THEN
    RAISE check_violation USING MESSAGE = format('action "%s" is not a valid action', NEW.action), CONSTRAINT = 'valid_action';
  ELSIF NEW.resource_type IS NULL OR NEW.resource_type NOT IN ('user', 'organization', 'template', 'report', 'execution') THEN
    RAISE check_violation USING MESSAGE = format('resource_type "%s" is not a valid resource_type', NEW.resource_type), CONSTRAINT = 'valid_resource_type';
  ELSIF NEW.organization_id IS NULL THEN
    RAISE not_null_violation USING MESSAGE = 'organization_id must not be null', COLUMN = 'organization_id';
  ELSIF NEW.old_values IS NOT NULL THEN
    RAISE feature_not_supported USING MESSAGE = 'an event has no old_values', HINT = 'Changes are recorded as they are made; what an event has to tell is its new_values.';
  END IF;
  PERFORM steward.set_actor(COALESCE(NEW.user_id::text, session_user), tenant => NEW.organization_id::text, ip => NEW.ip_address,
                            user_agent => NEW.user_agent, session => NEW.session_id::text);
  PERFORM steward.record_event(NEW.action, 'oatie.' || NEW.resource_type, NEW.resource_id::text, NEW.new_values);
  RETURN NEW;
END $$;
COMMENT ON FUNCTION insert_audit_log() IS 'record an event, with the time and number that the log gives it';
CREATE TRIGGER insert_audit_log INSTEAD OF INSERT ON audit_logs FOR EACH ROW EXECUTE FUNCTION insert_audit_log();

-- The application writes events; it does not read the log.
GRANT INSERT ON audit_logs TO oatie_app;
GRANT SELECT ON audit_logs TO oatie_auditor;
