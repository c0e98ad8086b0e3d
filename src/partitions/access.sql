INSERT INTO steward._access (level, privilege, object) VALUES
  ('monitor', 'SELECT', 'TABLE steward.partition_sets'),
  ('monitor', 'EXECUTE', 'FUNCTION steward.plan_partitions(pg_catalog.regclass)'),
  ('admin', 'EXECUTE', 'PROCEDURE steward.maintain_partitions(pg_catalog.regclass)');
