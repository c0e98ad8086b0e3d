CREATE PROCEDURE steward.maintain()
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward_maintain';
COMMENT ON PROCEDURE steward.maintain() IS
  'do what is due of every part, in short transactions: partitions, counters, limits; a part that fails is told of, and stops no other';
REVOKE EXECUTE ON PROCEDURE steward.maintain() FROM PUBLIC;
