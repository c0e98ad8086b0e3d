-- Counts of many rows, and of buckets of time.

CREATE FUNCTION steward.count_series(
    rel regclass, key bigint, since timestamptz, until timestamptz, col name DEFAULT NULL,
    OUT bucket_start timestamptz, OUT value bigint)
  RETURNS SETOF record LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_count_series_bigint';
COMMENT ON FUNCTION steward.count_series(regclass, bigint, timestamptz, timestamptz, name) IS
  'what was counted for a row in each bucket that begins in [since, until); buckets without a hit are left out';
REVOKE EXECUTE ON FUNCTION steward.count_series(regclass, bigint, timestamptz, timestamptz, name) FROM PUBLIC;

CREATE FUNCTION steward.count_series(
    rel regclass, key uuid, since timestamptz, until timestamptz, col name DEFAULT NULL,
    OUT bucket_start timestamptz, OUT value bigint)
  RETURNS SETOF record LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_count_series_uuid';
COMMENT ON FUNCTION steward.count_series(regclass, uuid, timestamptz, timestamptz, name) IS
  'what was counted for a row in each bucket that begins in [since, until); buckets without a hit are left out';
REVOKE EXECUTE ON FUNCTION steward.count_series(regclass, uuid, timestamptz, timestamptz, name) FROM PUBLIC;

CREATE FUNCTION steward.count_series(
    rel regclass, key text, since timestamptz, until timestamptz, col name DEFAULT NULL,
    OUT bucket_start timestamptz, OUT value bigint)
  RETURNS SETOF record LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_count_series_text';
COMMENT ON FUNCTION steward.count_series(regclass, text, timestamptz, timestamptz, name) IS
  'what was counted for a row in each bucket that begins in [since, until); buckets without a hit are left out';
REVOKE EXECUTE ON FUNCTION steward.count_series(regclass, text, timestamptz, timestamptz, name) FROM PUBLIC;

CREATE FUNCTION steward.counts(rel regclass, col name DEFAULT NULL, OUT key text, OUT value bigint)
  RETURNS SETOF record LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_counts';
COMMENT ON FUNCTION steward.counts(regclass, name) IS 'the current count of every row of a table that the caller may read';
REVOKE EXECUTE ON FUNCTION steward.counts(regclass, name) FROM PUBLIC;

CREATE FUNCTION steward.top_counts(
    rel regclass, since timestamptz DEFAULT NULL, k int DEFAULT 10, col name DEFAULT NULL,
    OUT key text, OUT value bigint)
  RETURNS SETOF record LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_top_counts';
COMMENT ON FUNCTION steward.top_counts(regclass, timestamptz, int, name) IS
  'the k rows that have been counted most: in all, or in the buckets that begin at or after a time';
REVOKE EXECUTE ON FUNCTION steward.top_counts(regclass, timestamptz, int, name) FROM PUBLIC;
