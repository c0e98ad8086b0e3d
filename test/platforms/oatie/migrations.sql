-- The ledger; migration 004, back and forth.

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
