-- Values: what the document refuses, and what it takes.

SELECT is(pg_temp.failure(statement), '23514 ' || constraint_name, rel || ': ' || constraint_name || COALESCE(', ' || detail, '')) FROM (VALUES
  ('organizations', 'valid_subscription_tier', NULL, $$ UPDATE organizations SET subscription_tier = 'team' $$),
  ('organizations', 'valid_slug', 'too short', $$ UPDATE organizations SET slug = 'ab' $$),
  ('organizations', 'valid_slug', 'a character', $$ UPDATE organizations SET slug = 'north_wind' WHERE slug = 'northwind' $$),
  ('organizations', 'valid_slug', 'too long', $$ UPDATE organizations SET slug = repeat('a', 51) WHERE slug = 'northwind' $$),
  ('organizations', 'valid_domain', NULL, $$ UPDATE organizations SET domain = 'localhost' $$),
  ('users', 'valid_role', NULL, $$ UPDATE users SET role = 'owner' $$),
  ('users', 'valid_email', NULL, $$ UPDATE users SET email = 'nora at northwind' WHERE username = 'nora' $$),
  ('users', 'valid_username', 'too short', $$ UPDATE users SET username = 'no' WHERE username = 'nora' $$),
  ('users', 'valid_username', 'too long', $$ UPDATE users SET username = repeat('a', 31) WHERE username = 'nora' $$),
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
-- The edges of lengths, and no domain at all.
SELECT is(pg_temp.failure(statement), 'done', name) FROM (VALUES
  ('valid_slug: three and fifty characters', $$ UPDATE organizations SET slug = 'abc' WHERE slug = 'northwind'; UPDATE organizations SET slug = repeat('a', 50) WHERE slug = 'abc'; UPDATE organizations SET slug = 'northwind' WHERE slug = repeat('a', 50) $$),
  ('valid_username: three and thirty characters', $$ UPDATE users SET username = 'abc' WHERE username = 'nora'; UPDATE users SET username = repeat('a', 30) WHERE username = 'abc'; UPDATE users SET username = 'nora' WHERE username = repeat('a', 30) $$),
  ('valid_domain: none', $$ UPDATE organizations SET domain = NULL WHERE slug = 'meridian' $$),
  ('valid_priority: one and ten', $$ UPDATE reports SET priority = 1 WHERE id = pg_temp.id(4, 1); UPDATE reports SET priority = 10 WHERE id = pg_temp.id(4, 1) $$),
  ('completed_at_after_started: at once', $$ UPDATE report_executions SET completed_at = started_at, execution_time_ms = 0 WHERE id = pg_temp.id(5, 102) $$)) r (name, statement);
-- And that each of the document's values is taken.
SELECT is(pg_temp.failure(format('UPDATE %I SET %I = %L WHERE id = pg_temp.id(%s, 1)', rel, col, value, kind)), 'done', format('%s.%s: %s', rel, col, value))
FROM (VALUES ('organizations', 'subscription_tier', 1, '{pro,enterprise,free}'::text[]), ('users', 'role', 2, '{super_admin,report_manager,report_viewer,user,org_admin}'),
  ('templates', 'template_type', 3, '{chart,dashboard,custom,tabular}'), ('reports', 'status', 4, '{draft,processing,completed,failed,cancelled,scheduled}'),
  ('report_executions', 'status', 5, '{running,failed,cancelled,completed}'), ('report_executions', 'output_format', 5, '{pdf,excel,csv,json,html}')) v (rel, col, kind, list), unnest(list) value;
SELECT is(pg_temp.failure($$ INSERT INTO organizations (slug) VALUES ('xxx') $$), '23502 null value in column "name" of relation "organizations" violates not-null constraint', 'organizations: a name is not null');
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
