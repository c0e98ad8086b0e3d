CREATE PROCEDURE steward.fold_limits()
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward_fold_limits';
COMMENT ON PROCEDURE steward.fold_limits() IS
  'add up what was used, in short transactions, and remove idempotency keys that have run out';
REVOKE EXECUTE ON PROCEDURE steward.fold_limits() FROM PUBLIC;
