INSERT INTO steward._access (level, privilege, object) VALUES
  ('monitor', 'SELECT', 'TABLE steward.partition_sets'),
  ('monitor', 'SELECT', 'TABLE steward.recycled_partitions'),
  ('monitor', 'SELECT', 'TABLE steward.held_partitions'),
  ('monitor', 'SELECT', 'TABLE steward.partitions'),
  ('monitor', 'SELECT', 'TABLE steward.partition_health'),
  ('monitor', 'EXECUTE', 'FUNCTION steward._partitions()'),
  ('monitor', 'EXECUTE', 'FUNCTION steward._partition_bytes(pg_catalog.regclass)'),
  ('monitor', 'EXECUTE', 'FUNCTION steward._partition_health()'),
  ('monitor', 'EXECUTE', 'FUNCTION steward.verify_partitions(pg_catalog.regclass)'),
  ('monitor', 'EXECUTE', 'FUNCTION steward.plan_partitions(pg_catalog.regclass)'),
  ('admin', 'EXECUTE', 'FUNCTION steward.hold_partition(pg_catalog.regclass, pg_catalog.text)'),
  ('admin', 'EXECUTE', 'FUNCTION steward.unhold_partition(pg_catalog.regclass)'),
  ('admin', 'EXECUTE', 'PROCEDURE steward.maintain_partitions(pg_catalog.regclass)');
