INSERT INTO steward._access (level, privilege, object) VALUES
  ('admin', 'EXECUTE', 'PROCEDURE steward.maintain()'),
  ('admin', 'EXECUTE', 'FUNCTION steward.schedule_maintenance(pg_catalog.text)'),
  ('admin', 'EXECUTE', 'FUNCTION steward.unschedule_maintenance()');
