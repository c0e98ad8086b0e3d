CREATE PROCEDURE steward.fold_counters(rel regclass DEFAULT NULL)
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward_fold_counters';
COMMENT ON PROCEDURE steward.fold_counters(regclass) IS
  'write changed counts into their tables, in short transactions; of all tables when none is named';
REVOKE EXECUTE ON PROCEDURE steward.fold_counters(regclass) FROM PUBLIC;
