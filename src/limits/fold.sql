CREATE PROCEDURE steward.fold_limits()
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward_fold_limits';
COMMENT ON PROCEDURE steward.fold_limits() IS
  'add up what was used, in short transactions, and remove what has become useless: old idempotency keys and cells, rows of subjects that are gone';
REVOKE EXECUTE ON PROCEDURE steward.fold_limits() FROM PUBLIC;
