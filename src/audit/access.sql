INSERT INTO steward._access (level, privilege, object) VALUES
  ('auditor', 'EXECUTE', 'FUNCTION steward.history(pg_catalog.regclass, pg_catalog.text)'),
  ('auditor', 'EXECUTE', 'FUNCTION steward.history(pg_catalog.regclass, bigint)'),
  ('auditor', 'EXECUTE', 'FUNCTION steward.history(pg_catalog.regclass, pg_catalog.uuid)'),
  ('auditor', 'EXECUTE', 'FUNCTION steward.row_as_of(pg_catalog.regclass, pg_catalog.text, pg_catalog.timestamptz)'),
  ('auditor', 'EXECUTE', 'FUNCTION steward.row_as_of(pg_catalog.regclass, bigint, pg_catalog.timestamptz)'),
  ('auditor', 'EXECUTE', 'FUNCTION steward.row_as_of(pg_catalog.regclass, pg_catalog.uuid, pg_catalog.timestamptz)'),
  ('auditor', 'EXECUTE', 'FUNCTION steward.blame(pg_catalog.regclass, pg_catalog.text)'),
  ('auditor', 'EXECUTE', 'FUNCTION steward.blame(pg_catalog.regclass, bigint)'),
  ('auditor', 'EXECUTE', 'FUNCTION steward.blame(pg_catalog.regclass, pg_catalog.uuid)'),
  ('auditor', 'EXECUTE', 'FUNCTION steward.table_as_of(pg_catalog.anyelement, pg_catalog.timestamptz)');
