-- Counting, and the count of one row. A key may be given as bigint, uuid or text: all mean the same row.

CREATE FUNCTION steward.hit(rel regclass, key bigint, n bigint DEFAULT 1, col name DEFAULT NULL) RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_hit_bigint';
COMMENT ON FUNCTION steward.hit(regclass, bigint, bigint, name) IS 'count n for a row when the transaction commits; gives the count as this transaction sees it';
REVOKE EXECUTE ON FUNCTION steward.hit(regclass, bigint, bigint, name) FROM PUBLIC;

CREATE FUNCTION steward.hit(rel regclass, key uuid, n bigint DEFAULT 1, col name DEFAULT NULL) RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_hit_uuid';
COMMENT ON FUNCTION steward.hit(regclass, uuid, bigint, name) IS 'count n for a row when the transaction commits; gives the count as this transaction sees it';
REVOKE EXECUTE ON FUNCTION steward.hit(regclass, uuid, bigint, name) FROM PUBLIC;

CREATE FUNCTION steward.hit(rel regclass, key text, n bigint DEFAULT 1, col name DEFAULT NULL) RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_hit_text';
COMMENT ON FUNCTION steward.hit(regclass, text, bigint, name) IS 'count n for a row when the transaction commits; gives the count as this transaction sees it';
REVOKE EXECUTE ON FUNCTION steward.hit(regclass, text, bigint, name) FROM PUBLIC;

CREATE FUNCTION steward.try_hit(rel regclass, key bigint, n bigint DEFAULT 1, col name DEFAULT NULL) RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_try_hit_bigint';
COMMENT ON FUNCTION steward.try_hit(regclass, bigint, bigint, name) IS 'as hit, but NULL when there is no such row';
REVOKE EXECUTE ON FUNCTION steward.try_hit(regclass, bigint, bigint, name) FROM PUBLIC;

CREATE FUNCTION steward.try_hit(rel regclass, key uuid, n bigint DEFAULT 1, col name DEFAULT NULL) RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_try_hit_uuid';
COMMENT ON FUNCTION steward.try_hit(regclass, uuid, bigint, name) IS 'as hit, but NULL when there is no such row';
REVOKE EXECUTE ON FUNCTION steward.try_hit(regclass, uuid, bigint, name) FROM PUBLIC;

CREATE FUNCTION steward.try_hit(rel regclass, key text, n bigint DEFAULT 1, col name DEFAULT NULL) RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_try_hit_text';
COMMENT ON FUNCTION steward.try_hit(regclass, text, bigint, name) IS 'as hit, but NULL when there is no such row';
REVOKE EXECUTE ON FUNCTION steward.try_hit(regclass, text, bigint, name) FROM PUBLIC;

CREATE FUNCTION steward.count_of(rel regclass, key bigint, col name DEFAULT NULL) RETURNS bigint
  LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_count_of_bigint';
COMMENT ON FUNCTION steward.count_of(regclass, bigint, name) IS 'the current count of a row';
REVOKE EXECUTE ON FUNCTION steward.count_of(regclass, bigint, name) FROM PUBLIC;

CREATE FUNCTION steward.count_of(rel regclass, key uuid, col name DEFAULT NULL) RETURNS bigint
  LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_count_of_uuid';
COMMENT ON FUNCTION steward.count_of(regclass, uuid, name) IS 'the current count of a row';
REVOKE EXECUTE ON FUNCTION steward.count_of(regclass, uuid, name) FROM PUBLIC;

CREATE FUNCTION steward.count_of(rel regclass, key text, col name DEFAULT NULL) RETURNS bigint
  LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_count_of_text';
COMMENT ON FUNCTION steward.count_of(regclass, text, name) IS 'the current count of a row';
REVOKE EXECUTE ON FUNCTION steward.count_of(regclass, text, name) FROM PUBLIC;

CREATE FUNCTION steward.set_count(rel regclass, key bigint, value bigint, col name DEFAULT NULL) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_set_count_bigint';
COMMENT ON FUNCTION steward.set_count(regclass, bigint, bigint, name) IS 'make the count of a row this value when the transaction commits';
REVOKE EXECUTE ON FUNCTION steward.set_count(regclass, bigint, bigint, name) FROM PUBLIC;

CREATE FUNCTION steward.set_count(rel regclass, key uuid, value bigint, col name DEFAULT NULL) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_set_count_uuid';
COMMENT ON FUNCTION steward.set_count(regclass, uuid, bigint, name) IS 'make the count of a row this value when the transaction commits';
REVOKE EXECUTE ON FUNCTION steward.set_count(regclass, uuid, bigint, name) FROM PUBLIC;

CREATE FUNCTION steward.set_count(rel regclass, key text, value bigint, col name DEFAULT NULL) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_set_count_text';
COMMENT ON FUNCTION steward.set_count(regclass, text, bigint, name) IS 'make the count of a row this value when the transaction commits';
REVOKE EXECUTE ON FUNCTION steward.set_count(regclass, text, bigint, name) FROM PUBLIC;
