-- Indexes: the document's, and those that serve in the place of some.

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
