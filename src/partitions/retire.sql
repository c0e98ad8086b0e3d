-- What is done by hand about partitions that are old.

CREATE FUNCTION steward.hold_partition(part regclass, reason text DEFAULT NULL) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_hold_partition';
COMMENT ON FUNCTION steward.hold_partition(regclass, text) IS
  'keep a partition, however old, from being detached or dropped; a reason that is NULL stays as it is';
REVOKE EXECUTE ON FUNCTION steward.hold_partition(regclass, text) FROM PUBLIC;

CREATE FUNCTION steward.unhold_partition(part regclass) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_unhold_partition';
COMMENT ON FUNCTION steward.unhold_partition(regclass) IS 'let a partition go when it is old';
REVOKE EXECUTE ON FUNCTION steward.unhold_partition(regclass) FROM PUBLIC;

CREATE FUNCTION steward.restore_partition(part regclass) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_restore_partition';
COMMENT ON FUNCTION steward.restore_partition(regclass) IS
  'attach a partition again that was detached because of its age, with its foreign keys';
