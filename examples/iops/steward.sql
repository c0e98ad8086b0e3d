-- iOps: what steward takes over.

SET search_path = iops;

-- ---- roles: a login role of yours is made a member of one. They are the cluster's, and so may be there already.

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY '{iops_app,iops_admin,iops_auditor,iops_monitor}'::text[] LOOP
    IF to_regrole(name) IS NULL THEN EXECUTE format('CREATE ROLE %I NOLOGIN', name); END IF;
  END LOOP;
END $$;
SELECT steward.grant_access('iops_app', 'app'), steward.grant_access('iops_admin', 'admin'), steward.grant_access('iops_auditor', 'auditor'),
  steward.grant_access('iops_monitor', 'monitor') \g /dev/null
-- usage_tracking shows what level monitor may see, through a view as well; and administrators tell the log of contracts.
SELECT steward.grant_access('iops_app', 'monitor'), steward.grant_access('iops_admin', 'monitor'), steward.grant_access('iops_admin', 'app') \g /dev/null

-- ---- tier limits: the document's table, line by line

SELECT steward.define_tier('free', 0), steward.define_tier('pro', 1), steward.define_tier('team', 2), steward.define_tier('enterprise', 3) \g /dev/null
SELECT steward.bind_subjects('users', tier_col => 'tier') \g /dev/null

-- "… per month" is used up and begins anew; the other two say how many there may be at a time.
SELECT steward.define_meter('datasets', 'users', 'metered', 'month'), steward.define_meter('ai_messages', 'users', 'metered', 'month'),
  steward.define_meter('reports', 'users', 'metered', 'month'), steward.define_meter('collaborators', 'users', 'standing'),
  steward.define_meter('data_connections', 'users', 'standing') \g /dev/null

-- NULL is unlimited. Enterprise is "custom": nothing until somebody has said what the contract says, see agree_terms in app.sql.
SELECT steward.set_limit(tier, meter, max)
FROM (VALUES
  ('free',       5,           50,             3,          3,                5),
  ('pro',        NULL,        NULL,           NULL,       3,                5),
  ('team',       NULL,        NULL,           NULL,       NULL,             10),
  ('enterprise', 0,           0,              0,          0,                0)
) AS t (tier,    datasets,    ai_messages,    reports,    collaborators,    data_connections)
CROSS JOIN LATERAL (VALUES ('datasets', datasets), ('ai_messages', ai_messages), ('reports', reports), ('collaborators', collaborators),
  ('data_connections', data_connections)) AS m (meter, max) \g /dev/null

-- Rows that count by themselves, whoever writes them. AI messages are no rows here: send_ai_message in app.sql consumes them.
SELECT steward.limit_rows('datasets', 'user_id', 'datasets') \g /dev/null
SELECT steward.limit_rows('reports', 'user_id', 'reports', condition => 'is_public') \g /dev/null
SELECT steward.limit_rows('collaborations', 'user_id', 'collaborators', condition => $$status <> 'revoked'$$) \g /dev/null
SELECT steward.limit_rows('data_connections', 'user_id', 'data_connections') \g /dev/null

-- ---- usage_tracking, in the document's shape. One row a user and month, by construction: UNIQUE (user_id, month_year).

-- It adds up whatever was used, of everybody: for lists and reports. A page of one user's asks steward.usage(id), or
-- steward.usage_by_month WHERE subject = id::text.
CREATE VIEW usage_tracking AS
SELECT md5(subject || month)::uuid AS id, subject::uuid AS user_id, month::varchar(7) COLLATE "default" AS month_year,
  COALESCE(sum(used) FILTER (WHERE meter = 'datasets'), 0)::int AS datasets_count, COALESCE(sum(used) FILTER (WHERE meter = 'ai_messages'), 0)::int AS ai_messages_count,
  COALESCE(sum(used) FILTER (WHERE meter = 'reports'), 0)::int AS reports_count, min(first_at) AS created_at, max(last_at) AS updated_at
FROM steward.usage_by_month WHERE rel = 'iops.users'::regclass AND meter IN ('datasets', 'ai_messages', 'reports')
GROUP BY subject, month;
COMMENT ON VIEW usage_tracking IS 'what each user has used, by month';

-- ---- short codes: keyed, so that most of what somebody makes up is known to be no code before a table is touched

-- Without a key steward makes one that nobody knows. Only the sample data has a given one, for codes that are the same each time.
\if :{?report_code_key}
\else
  \set report_code_key ''
\endif
SELECT steward.create_series('iops_reports', length => 8, check_chars => 2, key => NULLIF(:'report_code_key', '')::bytea) \g /dev/null
SELECT steward.assign_codes('reports', 'short_code', series => 'iops_reports') \g /dev/null

-- ---- view counts

SELECT steward.create_counter('reports', 'view_count', bucket => '1 day', time_zone => 'UTC', keep => '400 days') \g /dev/null

-- ---- who changed what. Rows are their user's; passwords and credentials are nobody's business.

SELECT steward.audit_table('users', resource => 'user', tenant_col => 'id', ignore_cols => '{updated_at}', redact_cols => '{password_hash}', redact_as => 'mask'),
  steward.audit_table('datasets', resource => 'dataset', tenant_col => 'user_id', ignore_cols => '{updated_at}'),
  steward.audit_table('analyses', resource => 'analysis', tenant_col => 'user_id', ignore_cols => '{updated_at}'),
  steward.audit_table('reports', resource => 'report', tenant_col => 'user_id', ignore_cols => '{updated_at}', redact_cols => '{password_hash}', redact_as => 'mask'),
  steward.audit_table('collaborations', resource => 'collaboration', tenant_col => 'user_id', ignore_cols => '{updated_at}'),
  steward.audit_table('data_connections', resource => 'data_connection', tenant_col => 'user_id', ignore_cols => '{updated_at}', redact_cols => '{credentials}', redact_as => 'mask') \g /dev/null

-- For the users themselves: their own part of the log, as long as they are there. Auditors read steward.audit_log, which forgets nobody.
CREATE VIEW activity_log WITH (security_barrier) AS
SELECT r.id, u.id AS user_id, t.actor, r.action, e.resource, r.row_key AS resource_id, r.changed, r.old_values, r.new_values, r.at AS created_at
FROM users u JOIN steward.audit_records r ON r.tenant = u.id::text JOIN steward.audit_transactions t USING (tx) JOIN steward.audit_relations e USING (rel_id)
WHERE e.resource IN ('user', 'dataset', 'analysis', 'report', 'collaboration', 'data_connection');
COMMENT ON VIEW activity_log IS 'what was done in each user''s account';

-- ---- grants

GRANT USAGE ON SCHEMA iops TO iops_app, iops_admin, iops_auditor, iops_monitor;
GRANT SELECT, INSERT, UPDATE, DELETE ON users, data_connections, datasets, analyses, charts, embed_analytics, templates, template_purchases, template_ratings,
  collaborations, comments, analytics_events TO iops_app;
-- Nobody chooses a code: open_report would take it for a forged one. UPDATE of view_count is what counting needs.
GRANT SELECT, INSERT (id, analysis_id, user_id, is_public, password_hash, expires_at), UPDATE (is_public, password_hash, expires_at, view_count), DELETE ON reports TO iops_app;
GRANT SELECT ON usage_tracking, activity_log TO iops_app;
GRANT SELECT (id, email, full_name, tier, stripe_customer_id, stripe_subscription_id, is_admin, created_at, updated_at) ON users TO iops_admin;
GRANT SELECT (id) ON users TO iops_monitor;
GRANT SELECT ON usage_tracking TO iops_admin, iops_monitor;

-- ---- tables that grow by time: months made a year ahead, and kept for two. After the grants, which partitions take over as they are made

SELECT steward.manage_partitions('analytics_events', every => '1 month', premake => 12, since => '2026-01-01 00:00+00', time_zone => 'UTC', retention => '25 months'),
  steward.manage_partitions('embed_analytics', every => '1 month', premake => 12, since => '2026-01-01 00:00+00', time_zone => 'UTC', retention => '25 months') \g /dev/null
