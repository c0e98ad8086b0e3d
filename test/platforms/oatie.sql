-- Every rule of the document, in the platform as it is installed. COVERAGE.md says which test proves which rule.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap SCHEMA public;
SET search_path = oatie, public;
SET TimeZone = 'UTC';
-- As anywhere where it is scheduled.
CALL steward.maintain();
BEGIN;
SELECT no_plan();

-- The keys of the seed data: 1 organizations, 2 users, 3 templates, 4 reports, 5 executions, 6 shares.
CREATE FUNCTION pg_temp.id(kind integer, n integer) RETURNS uuid LANGUAGE sql AS $$
  SELECT format('%s0000000-0000-4000-8000-%s', kind, lpad(n::text, 12, '0'))::uuid $$;
-- How a statement fails, by role if one is named: its SQLSTATE, and the constraint or else the message. "done" if it does not.
CREATE FUNCTION pg_temp.failure(statement text, role text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  of_constraint text;
BEGIN
  IF role IS NOT NULL THEN PERFORM set_config('role', role, true); END IF;
  EXECUTE statement;
  RESET ROLE;
  RETURN 'done';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS of_constraint = CONSTRAINT_NAME;
  RETURN SQLSTATE || ' ' || COALESCE(NULLIF(of_constraint, ''), SQLERRM);
END $$;
-- The columns of a relation: name, type, NOT NULL, default.
CREATE FUNCTION pg_temp.columns(rel regclass) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(concat_ws(' ', attname, replace(replace(format_type(atttypid, atttypmod), 'character varying', 'varchar'), 'timestamp with time zone', 'timestamptz'),
    CASE WHEN attnotnull THEN 'not null' END, 'default ' || regexp_replace(pg_get_expr(adbin, adrelid), '::[a-z ]+$', '')), ', ' ORDER BY attnum)
  FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid = rel AND attnum > 0 AND NOT attisdropped $$;
-- Its keys, and what they refer to.
CREATE FUNCTION pg_temp.keys(rel regclass) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(pg_get_constraintdef(oid), ', ' ORDER BY strpos('puf', contype::text), pg_get_constraintdef(oid)) FROM pg_constraint WHERE conrelid = rel AND contype IN ('p', 'u', 'f') $$;
CREATE FUNCTION pg_temp.index_on(index_name text) RETURNS text LANGUAGE sql AS $$
  SELECT regexp_replace(pg_get_indexdef(to_regclass(index_name)), '^CREATE (UNIQUE )?INDEX \S+ ON (ONLY )?oatie\.', '') $$;

-- ---- Tables as the document has them

SELECT is(pg_temp.columns('organizations'), 'id uuid not null default gen_random_uuid(), name varchar(255) not null, domain varchar(255), slug varchar(100) not null, description text, '
  'settings jsonb default ''{}'', created_at timestamptz default now(), updated_at timestamptz default now(), is_active boolean default true, '
  'subscription_tier varchar(50) default ''free'', subscription_expires_at timestamptz, max_users integer default 10, max_reports integer default 100, storage_limit_gb integer default 5',
  'organizations: columns');
SELECT is(pg_temp.keys('organizations'), 'PRIMARY KEY (id), UNIQUE (name), UNIQUE (slug)', 'organizations: keys');
SELECT is(pg_temp.columns('users'), 'id uuid not null default gen_random_uuid(), email varchar(255) not null, username varchar(100) not null, password_hash varchar(255) not null, '
  'first_name varchar(100) not null, last_name varchar(100) not null, organization_id uuid not null, role varchar(50) not null default ''user'', preferences jsonb default ''{}'', '
  'created_at timestamptz default now(), updated_at timestamptz default now(), is_active boolean default true, last_login timestamptz, email_verified boolean default false, '
  'phone varchar(20), timezone varchar(50) default ''UTC'', language varchar(10) default ''en''', 'users: columns');
SELECT is(pg_temp.keys('users'), 'PRIMARY KEY (id), UNIQUE (email), UNIQUE (username), FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE', 'users: keys');
SELECT is(pg_temp.columns('templates'), 'id uuid not null default gen_random_uuid(), name varchar(255) not null, description text, organization_id uuid not null, created_by uuid not null, '
  'template_type varchar(50) not null, structure jsonb not null default ''{}'', parameters jsonb default ''{}'', configuration jsonb default ''{}'', is_active boolean default true, '
  'is_public boolean default false, created_at timestamptz default now(), updated_at timestamptz default now(), version integer not null default 1, parent_template_id uuid', 'templates: columns');
SELECT is(pg_temp.keys('templates'), 'PRIMARY KEY (id), UNIQUE (organization_id, name, version), FOREIGN KEY (created_by) REFERENCES users(id) ON DELETE RESTRICT, '
  'FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE, FOREIGN KEY (parent_template_id) REFERENCES templates(id)', 'templates: keys');
SELECT is(pg_temp.columns('reports'), 'id uuid not null default gen_random_uuid(), name varchar(255) not null, description text, template_id uuid not null, organization_id uuid not null, '
  'created_by uuid not null, parameters jsonb default ''{}'', configuration jsonb default ''{}'', status varchar(50) default ''draft'', priority integer default 5, scheduled_at timestamptz, '
  'created_at timestamptz default now(), updated_at timestamptz default now(), last_executed timestamptz, execution_count integer default 0', 'reports: columns');
SELECT is(pg_temp.keys('reports'), 'PRIMARY KEY (id), UNIQUE (id, organization_id), FOREIGN KEY (created_by) REFERENCES users(id) ON DELETE RESTRICT, '
  'FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE, FOREIGN KEY (template_id) REFERENCES templates(id) ON DELETE RESTRICT', 'reports: keys');
SELECT is(pg_temp.columns('report_executions'), 'id uuid not null default gen_random_uuid(), report_id uuid not null, organization_id uuid not null, executed_by uuid not null, '
  'status varchar(50) default ''running'', started_at timestamptz not null default now(), completed_at timestamptz, execution_time_ms integer, result_size_bytes bigint, '
  'output_format varchar(20), output_url text, error_message text, metadata jsonb default ''{}''', 'report_executions: columns');
SELECT is(pg_temp.keys('report_executions'), 'PRIMARY KEY (id, started_at), FOREIGN KEY (executed_by) REFERENCES users(id) ON DELETE RESTRICT, '
  'FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE, FOREIGN KEY (report_id, organization_id) REFERENCES reports(id, organization_id) ON DELETE CASCADE',
  'report_executions: keys');
SELECT is(pg_temp.columns('audit_logs'), 'id uuid, user_id uuid, organization_id uuid, action varchar(100), resource_type varchar(50), resource_id uuid, old_values jsonb, new_values jsonb, '
  'ip_address inet, user_agent text, timestamp timestamptz, session_id uuid', 'audit_logs: columns');
SELECT is(pg_temp.columns('schema_migrations'), 'version varchar(255) not null, applied_at timestamptz default now(), rollback_sql text, checksum varchar(64), '
  'applied_by varchar(255) default CURRENT_USER', 'schema_migrations: columns');
SELECT is(pg_temp.keys('schema_migrations'), 'PRIMARY KEY (version)', 'schema_migrations: keys');
SELECT has_table('oatie', rel, rel || ': is there') FROM unnest('{user_sessions,template_fields,report_shares,execution_logs}'::name[]) rel;
SELECT results_eq($$ SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND confdeltype = 'c'
    AND conrelid IN ('user_sessions'::regclass, 'template_fields'::regclass, 'report_shares'::regclass, 'execution_logs'::regclass) AND conparentid = 0 ORDER BY 1, 2 $$,
  $$ VALUES ('execution_logs', 'report_executions'), ('report_shares', 'reports'), ('report_shares', 'users'), ('template_fields', 'templates'), ('user_sessions', 'users') $$,
  'the relationships of the diagram that the document does not define');

-- ---- Indexes

SELECT is(pg_temp.index_on(index_name), expected, 'index ' || index_name) FROM (VALUES
  ('idx_organizations_domain', 'organizations USING btree (domain)'),
  ('idx_organizations_is_active', 'organizations USING btree (is_active)'),
  ('idx_organizations_subscription_tier', 'organizations USING btree (subscription_tier)'),
  ('idx_users_organization_id', 'users USING btree (organization_id)'),
  ('idx_users_role', 'users USING btree (role)'),
  ('idx_users_is_active', 'users USING btree (is_active)'),
  ('idx_users_last_login', 'users USING btree (last_login DESC)'),
  ('idx_users_email_lower', 'users USING btree (lower((email)::text))'),
  ('idx_templates_organization_id', 'templates USING btree (organization_id)'),
  ('idx_templates_created_by', 'templates USING btree (created_by)'),
  ('idx_templates_template_type', 'templates USING btree (template_type)'),
  ('idx_templates_is_active', 'templates USING btree (is_active)'),
  ('idx_templates_is_public', 'templates USING btree (is_public)'),
  ('idx_templates_created_at', 'templates USING btree (created_at DESC)'),
  ('idx_templates_active_org', 'templates USING btree (organization_id, name) WHERE (is_active = true)'),
  ('idx_templates_version', 'templates USING btree (version)'),
  ('idx_templates_parent_template_id', 'templates USING btree (parent_template_id)'),
  ('idx_reports_organization_id', 'reports USING btree (organization_id)'),
  ('idx_reports_template_id', 'reports USING btree (template_id)'),
  ('idx_reports_created_by', 'reports USING btree (created_by)'),
  ('idx_reports_status', 'reports USING btree (status)'),
  ('idx_reports_scheduled_at', 'reports USING btree (scheduled_at) WHERE (scheduled_at IS NOT NULL)'),
  ('idx_reports_created_at', 'reports USING btree (created_at DESC)'),
  ('idx_reports_last_executed', 'reports USING btree (last_executed DESC)'),
  ('idx_reports_org_status_created', 'reports USING btree (organization_id, status, created_at DESC)'),
  ('idx_reports_parameters_gin', 'reports USING gin (parameters)'),
  ('idx_report_executions_report_id', 'report_executions USING btree (report_id)'),
  ('idx_report_executions_executed_by', 'report_executions USING btree (executed_by)'),
  ('idx_report_executions_status', 'report_executions USING btree (status)'),
  ('idx_report_executions_started_at', 'report_executions USING btree (started_at DESC)'),
  ('idx_report_executions_completed_at', 'report_executions USING btree (completed_at DESC)')) i (index_name, expected);
SELECT index_is_unique('oatie', rel, index_name, index_name || ' serves in place of ' || left_out)
FROM (VALUES ('users'::name, 'users_email_key'::name, 'idx_users_email'), ('users', 'users_username_key', 'idx_users_username'),
  ('organizations', 'organizations_slug_key', 'idx_organizations_slug')) i (rel, index_name, left_out);
SELECT is_empty($$ SELECT indrelid::regclass, count(*) FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE c.relnamespace = 'oatie'::regnamespace
  GROUP BY indrelid, indkey::text, indexprs::text, indpred::text, indoption::text, indclass::text HAVING count(*) > 1 $$, 'no index is there twice');
SELECT is_empty($$ SELECT part, problem, detail FROM (SELECT partition_name AS part, * FROM steward.verify_partitions('report_executions')) v $$, 'each partition has the indexes of its table');

-- ---- Values that are refused

SELECT is(pg_temp.failure(statement), '23514 ' || constraint_name, rel || ': ' || constraint_name || COALESCE(', ' || detail, '')) FROM (VALUES
  ('organizations', 'valid_subscription_tier', NULL, $$ UPDATE organizations SET subscription_tier = 'team' $$),
  ('organizations', 'valid_slug', 'too short', $$ UPDATE organizations SET slug = 'ab' $$),
  ('organizations', 'valid_slug', 'a character', $$ UPDATE organizations SET slug = 'north_wind' WHERE slug = 'northwind' $$),
  ('organizations', 'valid_slug', 'too long', $$ UPDATE organizations SET slug = repeat('a', 51) WHERE slug = 'northwind' $$),
  ('organizations', 'valid_domain', NULL, $$ UPDATE organizations SET domain = 'localhost' $$),
  ('users', 'valid_role', NULL, $$ UPDATE users SET role = 'owner' $$),
  ('users', 'valid_email', NULL, $$ UPDATE users SET email = 'nora at northwind' WHERE username = 'nora' $$),
  ('users', 'valid_username', 'too short', $$ UPDATE users SET username = 'no' WHERE username = 'nora' $$),
  ('users', 'valid_username', 'a character', $$ UPDATE users SET username = 'nora l' WHERE username = 'nora' $$),
  ('templates', 'valid_template_type', NULL, $$ UPDATE templates SET template_type = 'pie' $$),
  ('templates', 'valid_version', NULL, $$ UPDATE templates SET version = 0 WHERE id = pg_temp.id(3, 5) $$),
  ('reports', 'valid_status', NULL, $$ UPDATE reports SET status = 'lost' $$),
  ('reports', 'valid_priority', 'below', $$ UPDATE reports SET priority = 0 $$),
  ('reports', 'valid_priority', 'above', $$ UPDATE reports SET priority = 11 $$),
  ('report_executions', 'valid_execution_status', NULL, $$ UPDATE report_executions SET status = 'lost' $$),
  ('report_executions', 'valid_output_format', NULL, $$ UPDATE report_executions SET output_format = 'docx' $$),
  ('report_executions', 'valid_execution_time', NULL, $$ UPDATE report_executions SET execution_time_ms = -1 $$),
  ('report_executions', 'completed_at_after_started', NULL, $$ UPDATE report_executions SET completed_at = started_at - interval '1 second' $$)) r (rel, constraint_name, detail, statement);
-- And that each of the document's values is taken.
SELECT is(pg_temp.failure(format('UPDATE %I SET %I = %L WHERE id = pg_temp.id(%s, 1)', rel, col, value, kind)), 'done', format('%s.%s: %s', rel, col, value))
FROM (VALUES ('organizations', 'subscription_tier', 1, '{pro,enterprise,free}'::text[]), ('users', 'role', 2, '{super_admin,report_manager,report_viewer,user,org_admin}'),
  ('templates', 'template_type', 3, '{chart,dashboard,custom,tabular}'), ('reports', 'status', 4, '{draft,processing,completed,failed,cancelled,scheduled}'),
  ('report_executions', 'status', 5, '{running,failed,cancelled,completed}'), ('report_executions', 'output_format', 5, '{pdf,excel,csv,json,html}')) v (rel, col, kind, list), unnest(list) value;
SELECT is(pg_temp.failure($$ INSERT INTO organizations (name) VALUES ('x') $$), '23502 null value in column "slug" of relation "organizations" violates not-null constraint', 'organizations: a slug is not null');
SELECT matches(pg_temp.failure($$ UPDATE report_executions SET started_at = NULL $$), '^(23502|23514) ', 'report_executions: started_at is not null');

-- ---- Keys

SELECT is(pg_temp.failure(statement), '23505 ' || name, 'unique: ' || name) FROM (VALUES
  ('organizations_name_key', $$ UPDATE organizations SET name = 'Harbor Logistics' WHERE slug = 'northwind' $$),
  ('organizations_slug_key', $$ UPDATE organizations SET slug = 'harbor' WHERE slug = 'northwind' $$),
  ('users_email_key', $$ UPDATE users SET email = 'nora@northwind.example' WHERE username = 'sam' $$),
  ('users_username_key', $$ UPDATE users SET username = 'nora' WHERE username = 'sam' $$),
  ('unique_template_name_version', $$ UPDATE templates SET version = 1 WHERE id = pg_temp.id(3, 2) $$),
  ('report_shares_short_code_key', $$ UPDATE report_shares SET short_code = 'Revenue3All' WHERE id = pg_temp.id(6, 2) $$)) r (name, statement);
SELECT is(pg_temp.failure($$ INSERT INTO templates (organization_id, created_by, name, template_type) VALUES (pg_temp.id(1, 2), pg_temp.id(2, 4), 'Monthly revenue', 'custom') $$), 'done',
  'another organization may have a template of the same name');
-- 23001 from PostgreSQL 18 on.
SELECT matches(pg_temp.failure(statement), '^(23503|23001) ' || name || '$', 'restrict: ' || name) FROM (VALUES
  ('templates_created_by_fkey', $$ UPDATE reports SET created_by = pg_temp.id(2, 4) WHERE created_by = pg_temp.id(2, 5); UPDATE report_executions SET executed_by = pg_temp.id(2, 4)
     WHERE executed_by = pg_temp.id(2, 5); DELETE FROM users WHERE username = 'leo' $$),
  ('reports_created_by_fkey', $$ UPDATE report_executions SET executed_by = pg_temp.id(2, 1) WHERE executed_by = pg_temp.id(2, 2); DELETE FROM users WHERE username = 'sam' $$),
  ('report_executions_executed_by_fkey', $$ UPDATE reports SET created_by = pg_temp.id(2, 1) WHERE created_by = pg_temp.id(2, 2); DELETE FROM users WHERE username = 'sam' $$),
  ('reports_template_id_fkey', $$ DELETE FROM templates WHERE id = pg_temp.id(3, 4) $$)) r (name, statement);
SELECT is(pg_temp.failure(statement), '23503 ' || name, 'refers to: ' || name) FROM (VALUES
  ('users_organization_id_fkey', $$ UPDATE users SET organization_id = gen_random_uuid(), is_active = false WHERE username = 'sam' $$),
  ('templates_parent_template_id_fkey', $$ UPDATE templates SET parent_template_id = gen_random_uuid() $$),
  ('report_executions_report_id_organization_id_fkey', $$ INSERT INTO report_executions (report_id, organization_id, executed_by) VALUES (pg_temp.id(4, 1), pg_temp.id(1, 2), pg_temp.id(2, 1)) $$)) r (name, statement);

-- ---- Stamps

UPDATE organizations SET updated_at = '2000-01-01', description = 'x' WHERE slug = 'harbor';
UPDATE users SET updated_at = '2000-01-01' WHERE username = 'hana';
UPDATE templates SET updated_at = '2000-01-01' WHERE id = pg_temp.id(3, 3);
UPDATE reports SET updated_at = '2000-01-01' WHERE id = pg_temp.id(4, 4);
SELECT is((SELECT updated_at FROM organizations WHERE slug = 'harbor'), now(), 'organizations: updated_at is the time of the change');
SELECT is((SELECT updated_at FROM users WHERE username = 'hana'), now(), 'users: updated_at is the time of the change');
SELECT is((SELECT updated_at FROM templates WHERE id = pg_temp.id(3, 3)), now(), 'templates: updated_at is the time of the change');
SELECT is((SELECT updated_at FROM reports WHERE id = pg_temp.id(4, 4)), now(), 'reports: updated_at is the time of the change');
SELECT has_trigger('oatie', rel, ('update_' || rel || '_updated_at')::name, rel || ': the document''s trigger') FROM unnest('{organizations,users,templates,reports}'::name[]) rel;

-- ---- Limits

CREATE FUNCTION pg_temp.stands(org uuid) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(concat_ws(' ', meter, used, 'of', COALESCE(max::text, 'any'), tier, source), ', ' ORDER BY meter) FROM steward.usage(org, 'oatie.organizations') $$;
SELECT is(pg_temp.stands(pg_temp.id(1, 1)), 'oatie_reports 3 of 4 free column, oatie_storage 707788800 of 1073741824 free column, oatie_users 2 of 3 free column',
  'limits are those of the organization''s own row, and gigabytes are bytes');
SELECT is(pg_temp.failure($$ SELECT add_user(pg_temp.id(1, 1), pg_temp.id(2, 1), 'x@northwind.example', 'xena', 'a password', 'Xena', 'W') $$, 'oatie_app'), 'done', 'max_users: up to the limit');
SELECT is(pg_temp.failure($$ SELECT add_user(pg_temp.id(1, 1), pg_temp.id(2, 1), 'y@northwind.example', 'yves', 'a password', 'Yves', 'W') $$, 'oatie_app'),
  'QL002 "oatie_users" limit reached: 3 of 3 in use', 'max_users: and no further');
SELECT is(pg_temp.failure($$ UPDATE users SET is_active = true WHERE username = 'former' $$), 'QL002 "oatie_users" limit reached: 3 of 3 in use', 'max_users: nor by making somebody active again');
UPDATE users SET is_active = false WHERE username = 'xena';
SELECT is(pg_temp.failure($$ UPDATE users SET is_active = true WHERE username = 'former' $$), 'done', 'max_users: who is made inactive makes room');
UPDATE users SET is_active = false WHERE username = 'former';
SELECT is(pg_temp.failure($$ SELECT create_report(pg_temp.id(1, 1), pg_temp.id(2, 1), pg_temp.id(3, 2), 'Fourth') $$, 'oatie_app'), 'done', 'max_reports: up to the limit');
SELECT is(pg_temp.failure($$ SELECT create_report(pg_temp.id(1, 1), pg_temp.id(2, 1), pg_temp.id(3, 2), 'Fifth') $$, 'oatie_app'),
  'QL002 "oatie_reports" limit reached: 4 of 4 in use', 'max_reports: and no further');
SELECT is(pg_temp.failure($$ UPDATE reports SET organization_id = pg_temp.id(1, 1) WHERE id = pg_temp.id(4, 10) $$),
  'QL002 "oatie_reports" limit reached: 4 of 4 in use', 'max_reports: nor from another organization');
SELECT is(pg_temp.failure($$ SELECT delete_report(id, pg_temp.id(2, 1)) FROM reports WHERE name = 'Fourth' $$, 'oatie_app'), 'done', 'max_reports: what is deleted makes room');
CREATE TEMP TABLE run AS SELECT run_report(pg_temp.id(4, 3), pg_temp.id(2, 2)) AS id;
GRANT SELECT ON run TO oatie_app;
SELECT is(pg_temp.failure($$ SELECT finish_execution(id, 400 * 1048576, 1200) FROM run $$, 'oatie_app'),
  'QL002 "oatie_storage" limit: 419430400 requested, 365953024 left', 'storage_limit_gb: a result that is too large is refused');
SELECT is((SELECT status FROM report_executions JOIN run USING (id)), 'running', 'storage_limit_gb: and its execution goes on running');
SELECT is(pg_temp.failure($$ SELECT finish_execution(id, 365953024, 1200) FROM run $$, 'oatie_app'), 'done', 'storage_limit_gb: up to the last byte');
SELECT is(pg_temp.failure($$ INSERT INTO report_executions (report_id, organization_id, executed_by, result_size_bytes, started_at)
  VALUES (pg_temp.id(4, 3), pg_temp.id(1, 1), pg_temp.id(2, 1), 1, '2024-02-02') $$), 'QL002 "oatie_storage" limit reached: 1073741824 of 1073741824 in use', 'storage_limit_gb: in each partition');
SELECT is(pg_temp.failure($$ UPDATE report_executions SET result_size_bytes = -1 FROM run WHERE run.id = report_executions.id $$),
  '22003 column "result_size_bytes" is negative: -1', 'storage_limit_gb: no result has less than nothing');
DELETE FROM report_executions USING run WHERE run.id = report_executions.id;
SELECT is((SELECT used FROM steward.usage(pg_temp.id(1, 1), 'organizations') WHERE meter = 'oatie_storage'), 707788800::bigint, 'storage_limit_gb: what is deleted makes room');
SELECT is((SELECT used FROM steward.usage(pg_temp.id(1, 2), 'organizations') WHERE meter = 'oatie_storage'),
  (SELECT sum(result_size_bytes)::bigint FROM report_executions e JOIN reports r ON r.id = e.report_id WHERE r.organization_id = pg_temp.id(1, 2)), 'storage is that of the executions of the organization''s reports');

SELECT is(pg_temp.stands(pg_temp.id(1, 3)), 'oatie_reports 12 of 100 free tier, oatie_storage 46137344 of 5368709120 free tier, oatie_users 2 of 10 free tier',
  'subscription_expires_at: who has not renewed has the limits of tier free');
SELECT is(pg_temp.failure($$ SELECT renew_subscription(pg_temp.id(1, 3), pg_temp.id(2, 7), '2099-01-01') $$, 'oatie_app'), 'done', 'subscription_expires_at: renewed');
SELECT is(pg_temp.stands(pg_temp.id(1, 3)), 'oatie_reports 12 of 5000 enterprise column, oatie_storage 46137344 of 536870912000 enterprise column, oatie_users 2 of 200 enterprise column',
  'subscription_expires_at: who has renewed has his own limits again');
SELECT is(pg_temp.failure($$ SELECT expire_subscription(pg_temp.id(1, 2), pg_temp.id(2, 4)) $$, 'oatie_app'), 'done', 'subscription_expires_at: ended');
SELECT is(pg_temp.stands(pg_temp.id(1, 2)), 'oatie_reports 45 of 100 free tier, oatie_storage 189792256 of 5368709120 free tier, oatie_users 3 of 10 free tier',
  'subscription_expires_at: whose subscription ends has the limits of tier free at once');
SELECT is(pg_temp.failure($$ SELECT renew_subscription(pg_temp.id(1, 2), pg_temp.id(2, 4), '2099-12-31', users => 3) $$, 'oatie_app'), 'done', 'a subscription may come with another limit');
SELECT is(pg_temp.failure($$ SELECT add_user(pg_temp.id(1, 2), pg_temp.id(2, 4), 'z@harbor.example', 'zora', 'a password', 'Zora', 'Z') $$, 'oatie_app'),
  'QL002 "oatie_users" limit reached: 3 of 3 in use', 'which holds at once');
UPDATE organizations SET max_users = NULL, max_reports = NULL, storage_limit_gb = NULL WHERE slug IN ('harbor', 'northwind');
SELECT is(pg_temp.stands(pg_temp.id(1, 2)), 'oatie_reports 45 of any pro tier, oatie_storage 189792256 of any pro tier, oatie_users 3 of any pro tier', 'a row without limits: any number for who pays');
SELECT is(pg_temp.stands(pg_temp.id(1, 1)), 'oatie_reports 3 of 100 free tier, oatie_storage 707788800 of 5368709120 free tier, oatie_users 2 of 10 free tier', 'a row without limits: the defaults of the columns for who does not');
SELECT is_empty('SELECT * FROM steward.verify_limits()', 'what limits have recorded is what is there');

-- ---- Partitions

SELECT is_empty($$ SELECT month FROM generate_series('2024-01-01', now() + interval '3 months', interval '1 month') month
  WHERE to_regclass(to_char(month, '"oatie.report_executions_y"YYYY"m"MM')) IS NULL $$, 'report_executions: a partition for each month from January 2024 on, and three ahead');
SELECT is((SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = 'report_executions_y2024m01'::regclass),
  $$FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2024-02-01 00:00:00+00')$$, 'report_executions_y2024m01: as in the document');
SELECT is((SELECT count(DISTINCT date_trunc('month', lower_bound::timestamptz)) FROM steward.partitions WHERE rel = 'report_executions'::regclass AND lower_bound LIKE '2024%'), 12::bigint,
  'report_executions: all months of 2024');
SELECT is((SELECT count(*) FROM report_executions WHERE tableoid <> to_regclass(to_char(started_at AT TIME ZONE 'UTC', '"oatie.report_executions_y"YYYY"m"MM'))), 0::bigint,
  'report_executions: each row is in its month');
SELECT is_empty($$ SELECT month FROM generate_series(date_trunc('month', now()), now() + interval '3 months', interval '1 month') month
  WHERE to_regclass(to_char(month, '"steward.audit_records_y"YYYY"m"MM')) IS NULL $$, 'audit_logs: the log has a partition for each month');
SELECT results_eq($$ SELECT rel::text, state FROM steward.partition_health WHERE rel = 'report_executions'::regclass OR rel::text LIKE 'steward.%' ORDER BY rel::text $$,
  $$ VALUES ('report_executions', 'ok'), ('steward.audit_records', 'ok'), ('steward.audit_transactions', 'ok') $$, 'partitions: nothing is wrong');

-- ---- The log

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

-- ---- What the application calls

SELECT is(pg_temp.failure($$ CREATE TEMP TABLE acme AS SELECT * FROM sign_up('Acme', 'acme', 'ann@acme.example', 'ann', 'a password', 'Ann', 'Archer') $$), 'done', 'sign_up: an organization and its first user');
SELECT results_eq('SELECT o.subscription_tier::text, u.role::text FROM acme JOIN organizations o ON o.id = organization_id JOIN users u ON u.id = user_id', $$ VALUES ('free', 'org_admin') $$,
  'sign_up: free, and who signs up administers');
SELECT results_eq('SELECT password_hash ~ ''^\$2a\$10\$'', password_hash = crypt(''a password'', password_hash), password_hash = crypt(''another'', password_hash) FROM users JOIN acme ON id = user_id',
  'VALUES (true, true, false)', 'passwords are bcrypt, of cost 10');
SELECT results_eq($$ SELECT l.actor FROM steward.audit_log l, acme WHERE l.tenant = organization_id::text $$, 'SELECT user_id::text FROM acme, generate_series(1, 2)', 'sign_up: it is who signs up that acts');
SELECT is(log_in('nora@northwind.example', 'wrong'), NULL, 'log_in: not with another password');
SELECT isnt(log_in('Nora@Northwind.example', 'correct horse', '198.51.100.7', 'Firefox'), NULL, 'log_in: by email, however it is written');
SELECT is((SELECT (user_id, action::text, ip_address) FROM pg_temp.last_logged()), (pg_temp.id(2, 1), 'login'::text, '198.51.100.7'::inet), 'log_in: is in the log');
SELECT is((SELECT last_login FROM users WHERE username = 'nora'), now(), 'log_in: sets last_login');
SELECT ok(log_out(id), 'log_out: ends a session') FROM user_sessions WHERE user_id = pg_temp.id(2, 1) AND created_at = now();
SELECT is((SELECT action::text FROM pg_temp.last_logged()), 'logout', 'log_out: is in the log');

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

-- ---- The document's queries

SELECT results_eq('SELECT id FROM list_reports(pg_temp.id(1, 2))', 'SELECT id FROM reports WHERE organization_id = pg_temp.id(1, 2) ORDER BY created_at DESC, id DESC LIMIT 20', 'list_reports: the latest twenty');
SELECT results_eq($$ WITH RECURSIVE page AS (
    SELECT 1 AS n, array_agg(id) AS ids, min(created_at) AS last FROM list_reports(pg_temp.id(1, 2), page_size => 9)
    UNION ALL SELECT n + 1, next.ids, next.last FROM page, LATERAL (SELECT array_agg(l.id) AS ids, min(l.created_at) AS last FROM list_reports(pg_temp.id(1, 2), page.last, page.ids[9], 9) l) next WHERE next.ids IS NOT NULL)
  SELECT unnest(ids) FROM page ORDER BY 1 $$, 'SELECT id FROM reports WHERE organization_id = pg_temp.id(1, 2) ORDER BY 1', 'list_reports: page by page, each report once, also those of the same second');
SELECT results_eq($$ SELECT * FROM execution_statistics(pg_temp.id(1, 2), '2024-05-15') $$,
  $$ SELECT status::text, count(*), round(avg(execution_time_ms), 1) FROM report_executions WHERE organization_id = pg_temp.id(1, 2) AND started_at BETWEEN '2024-04-15' AND '2024-05-15' GROUP BY 1 ORDER BY 1 $$,
  'execution_statistics: thirty days, by status');
SET LOCAL enable_seqscan = off;
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query; END $$;
SELECT ok(EXISTS (SELECT FROM pg_temp.plan_of($$ SELECT id, name, created_at FROM reports r WHERE organization_id = pg_temp.id(1, 2) AND (created_at, id) < ('2024-06-01', pg_temp.id(4, 1)) ORDER BY created_at DESC, id DESC LIMIT 20 $$) line
  WHERE line ~ 'Index Scan using idx_reports_org_created'), 'list_reports: by an index, in its order');
SELECT ok(EXISTS (SELECT FROM pg_temp.plan_of($$ SELECT id FROM users WHERE lower(email) = 'nora@northwind.example' $$) line WHERE line ~ 'idx_users_email_lower'), 'users are found by email in any case, by an index');
SELECT ok(EXISTS (SELECT FROM pg_temp.plan_of($$ SELECT id FROM reports WHERE parameters @> '{"region": "north"}' $$) line WHERE line ~ 'idx_reports_parameters_gin'), 'reports are found by parameters, by an index');
RESET enable_seqscan;
SELECT ok(count(*) > 30, 'index_usage: tells of the indexes') FROM index_usage;
SELECT lives_ok('SELECT schemaname, tablename, indexname, idx_scan, size FROM unused_indexes', 'unused_indexes: tells of those that hardly anybody uses');

-- ---- Rights

SELECT is(pg_temp.failure(statement, role), '42501 permission denied for ' || what, name) FROM (VALUES
  ('app: does not read the log', 'oatie_app', 'view audit_logs', 'SELECT count(*) FROM audit_logs'),
  ('app: does not read the log behind it', 'oatie_app', 'view audit_log', 'SELECT count(*) FROM steward.audit_log'),
  ('app: changes no limits', 'oatie_app', 'function set_limit', $$ SELECT steward.set_limit('free', 'oatie_users', NULL) $$),
  ('app: applies no migrations', 'oatie_app', 'function apply_migration', $$ SELECT apply_migration('005', 'SELECT 1') $$),
  ('auditor: reads no passwords', 'oatie_auditor', 'table users', 'SELECT password_hash FROM users'),
  ('auditor: calls nothing of the application', 'oatie_auditor', 'function expire_share', $$ SELECT expire_share('x', NULL) $$),
  ('monitor: does not read the log', 'oatie_monitor', 'view audit_logs', 'SELECT count(*) FROM audit_logs'),
  ('monitor: reads no reports', 'oatie_monitor', 'table reports', 'SELECT count(*) FROM reports')) r (name, role, what, statement);
SELECT is(pg_temp.failure('SELECT count(*) FROM audit_logs; SELECT count(*) FROM organization_log(pg_temp.id(1, 1))', 'oatie_auditor'), 'done', 'auditor: reads the log');
SELECT is(pg_temp.failure('SELECT count(*) FROM steward.limit_denials; SELECT count(*) FROM steward.partition_health; SELECT count(*) FROM unused_indexes', 'oatie_monitor'), 'done', 'monitor: sees how things stand');
SELECT is_empty($$ SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'oatie'::regnamespace AND has_function_privilege('public', oid, 'EXECUTE') $$, 'nothing of the platform is for everybody');
SELECT is_empty($$ SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'oatie'::regnamespace AND prokind = 'f' AND prorettype <> 'trigger'::regtype AND prosqlbody IS NULL AND proconfig IS NULL $$,
  'each function has a search_path of its own');
SELECT is_empty($$ SELECT c.oid FROM pg_class c WHERE relnamespace = 'oatie'::regnamespace AND relkind IN ('r', 'p', 'v') AND NOT relispartition AND obj_description(c.oid) IS NULL
  UNION ALL SELECT oid FROM pg_proc WHERE pronamespace = 'oatie'::regnamespace AND obj_description(oid) IS NULL $$, 'everything has a comment');

-- ---- Migrations

SELECT results_eq('SELECT version::text FROM schema_migrations ORDER BY 1', $$ VALUES ('001_initial_schema'), ('002_add_user_preferences'), ('003_create_audit_logs'), ('004_add_template_versioning') $$, 'ledger: the document''s four migrations');
SELECT matches(checksum::text, '^[0-9a-f]{64}$', 'ledger: a checksum') FROM schema_migrations WHERE version ~ '^004';
SELECT ok(applied_at IS NOT NULL AND applied_by = current_user, 'ledger: when and by whom') FROM schema_migrations WHERE version ~ '^004';
CREATE TEMP TABLE before_rollback AS SELECT t.*, clock_timestamp() AS at FROM templates t WHERE id = pg_temp.id(3, 1);
CREATE TEMP TABLE migration AS SELECT rollback_sql FROM schema_migrations WHERE version ~ '^004';
SELECT is(pg_temp.failure($$ SELECT rollback_migration('004_add_template_versioning') $$), 'done', 'migration 004: rolled back');
SELECT hasnt_column('oatie', 'templates', col, 'migration 004: rolled back, without ' || col) FROM unnest('{version,parent_template_id}'::name[]) col;
SELECT is(to_regclass('idx_templates_version'), NULL, 'migration 004: rolled back, without its indexes');
SELECT is((SELECT count(*) FROM schema_migrations WHERE version ~ '^004'), 0::bigint, 'migration 004: rolled back, out of the ledger');
UPDATE templates SET description = 'changed without a version' WHERE id = pg_temp.id(3, 1);
SELECT is((SELECT new_values FROM steward.history('templates', pg_temp.id(3, 1)) WHERE action = 'update' ORDER BY id DESC LIMIT 1), '{"description": "changed without a version"}', 'migration 004: rolled back, and audited on');
SELECT is((SELECT steward.row_as_of('templates', pg_temp.id(3, 1), at)->>'version' FROM before_rollback), '1', 'migration 004: rolled back, and the log knows the version that there was');
SELECT is(pg_temp.failure($$ SELECT apply_migration('004_add_template_versioning', 'ALTER TABLE templates ADD COLUMN version integer DEFAULT 1; ALTER TABLE templates ADD CONSTRAINT unique_template_name_version UNIQUE (organization_id, name, version)') $$),
  '23505 unique_template_name_version', 'migration 004: cannot be applied again while templates share a name');
SELECT hasnt_column('oatie', 'templates', 'version', 'migration 004: what fails leaves nothing behind');
SELECT is(pg_temp.failure($$ SELECT rollback_migration('004_add_template_versioning') $$), 'P0002 migration "004_add_template_versioning" has not been applied', 'ledger: what has not been applied is not rolled back');
DELETE FROM templates t USING templates o WHERE o.organization_id = t.organization_id AND o.name = t.name AND o.id <> t.id AND NOT EXISTS (SELECT FROM reports WHERE template_id = t.id);
SELECT is(pg_temp.failure($$ SELECT apply_migration('004_add_template_versioning', 'ALTER TABLE templates ADD COLUMN version integer DEFAULT 1; ALTER TABLE templates ADD CONSTRAINT unique_template_name_version UNIQUE (organization_id, name, version)',
  'ALTER TABLE templates DROP COLUMN version') $$), 'done', 'migration 004: applied again');
SELECT is((SELECT count(*) FROM templates WHERE version IS DISTINCT FROM 1), 0::bigint, 'migration 004: templates are of version 1');
SELECT is(apply_migration('005_nothing', 'SELECT 1'), true, 'ledger: applied now');
SELECT is(apply_migration('005_nothing', 'SELECT 1'), false, 'ledger: applied before');
SELECT is(pg_temp.failure($$ SELECT apply_migration('005_nothing', 'SELECT 2') $$), '55000 migration "005_nothing" has been applied with another text', 'ledger: what has been applied is not edited');
SELECT is(pg_temp.failure($$ SELECT rollback_migration('005_nothing') $$), '55000 migration "005_nothing" cannot be rolled back', 'ledger: what has no way back stays');

SELECT finish();
ROLLBACK;
