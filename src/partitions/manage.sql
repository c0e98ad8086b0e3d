CREATE FUNCTION steward.manage_partitions(
    rel regclass, every interval DEFAULT NULL, premake int DEFAULT NULL, retention interval DEFAULT NULL,
    retention_action text DEFAULT NULL, archive_schema name DEFAULT NULL, key_step bigint DEFAULT NULL,
    since timestamptz DEFAULT NULL, time_zone text DEFAULT NULL, default_partition boolean DEFAULT NULL,
    keep_detached interval DEFAULT NULL, lock_budget interval DEFAULT NULL) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_manage_partitions';
COMMENT ON FUNCTION steward.manage_partitions(regclass, interval, int, interval, text, name, bigint, timestamptz, text, boolean, interval, interval) IS
  'make and retire the partitions of a table from now on, and make what is missing; what is NULL stays as it is';

CREATE FUNCTION steward.unmanage_partitions(rel regclass) RETURNS void
  LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'steward_unmanage_partitions';
COMMENT ON FUNCTION steward.unmanage_partitions(regclass) IS 'leave a table''s partitions alone from now on; they stay';

CREATE FUNCTION steward.plan_partitions(rel regclass DEFAULT NULL,
    OUT rel regclass, OUT action text, OUT partition_name text, OUT lower_bound text, OUT upper_bound text, OUT statement text,
    OUT reason text, OUT newest_row timestamptz) RETURNS SETOF record
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_plan_partitions';
COMMENT ON FUNCTION steward.plan_partitions(regclass) IS 'what maintenance would do, of one set or of all, and why';
REVOKE EXECUTE ON FUNCTION steward.plan_partitions(regclass) FROM PUBLIC;

CREATE PROCEDURE steward.maintain_partitions(rel regclass DEFAULT NULL)
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward_maintain_partitions';
COMMENT ON PROCEDURE steward.maintain_partitions(regclass) IS
  'make and retire the partitions that are due, each in a short transaction; of all sets when none is named';
REVOKE EXECUTE ON PROCEDURE steward.maintain_partitions(regclass) FROM PUBLIC;
