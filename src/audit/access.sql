INSERT INTO steward._access (level, privilege, object) VALUES
  ('app', 'EXECUTE', 'FUNCTION steward.set_actor(pg_catalog.text, pg_catalog.text, pg_catalog.inet, pg_catalog.text, pg_catalog.text, pg_catalog.text, boolean)'),
  ('app', 'EXECUTE', 'FUNCTION steward.clear_actor()'),
  ('app', 'EXECUTE', 'FUNCTION steward.record_event(pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.jsonb)'),
  ('auditor', 'SELECT', 'TABLE steward.audit_log'),
  ('auditor', 'SELECT', 'TABLE steward.audit_records'),
  ('auditor', 'SELECT', 'TABLE steward.audit_transactions'),
  ('auditor', 'SELECT', 'TABLE steward.audit_relations'),
  ('auditor', 'SELECT', 'TABLE steward._audit_versions');
