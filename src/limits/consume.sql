-- Consuming and giving back. A subject may be given as bigint, uuid or text: all mean the same row.

CREATE FUNCTION steward.consume(subject bigint, meter text, amount bigint DEFAULT 1, idempotency_key text DEFAULT NULL) RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_consume_bigint';
COMMENT ON FUNCTION steward.consume(bigint, text, bigint, text) IS 'use an amount of a limit when the transaction commits; gives what remains, NULL if unlimited; an error if there is not enough';
REVOKE EXECUTE ON FUNCTION steward.consume(bigint, text, bigint, text) FROM PUBLIC;

CREATE FUNCTION steward.consume(subject uuid, meter text, amount bigint DEFAULT 1, idempotency_key text DEFAULT NULL) RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_consume_uuid';
COMMENT ON FUNCTION steward.consume(uuid, text, bigint, text) IS 'use an amount of a limit when the transaction commits; gives what remains, NULL if unlimited; an error if there is not enough';
REVOKE EXECUTE ON FUNCTION steward.consume(uuid, text, bigint, text) FROM PUBLIC;

CREATE FUNCTION steward.consume(subject text, meter text, amount bigint DEFAULT 1, idempotency_key text DEFAULT NULL) RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_consume_text';
COMMENT ON FUNCTION steward.consume(text, text, bigint, text) IS 'use an amount of a limit when the transaction commits; gives what remains, NULL if unlimited; an error if there is not enough';
REVOKE EXECUTE ON FUNCTION steward.consume(text, text, bigint, text) FROM PUBLIC;

CREATE FUNCTION steward.try_consume(subject bigint, meter text, amount bigint DEFAULT 1, idempotency_key text DEFAULT NULL) RETURNS boolean
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_try_consume_bigint';
COMMENT ON FUNCTION steward.try_consume(bigint, text, bigint, text) IS 'as consume, but false if there is not enough';
REVOKE EXECUTE ON FUNCTION steward.try_consume(bigint, text, bigint, text) FROM PUBLIC;

CREATE FUNCTION steward.try_consume(subject uuid, meter text, amount bigint DEFAULT 1, idempotency_key text DEFAULT NULL) RETURNS boolean
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_try_consume_uuid';
COMMENT ON FUNCTION steward.try_consume(uuid, text, bigint, text) IS 'as consume, but false if there is not enough';
REVOKE EXECUTE ON FUNCTION steward.try_consume(uuid, text, bigint, text) FROM PUBLIC;

CREATE FUNCTION steward.try_consume(subject text, meter text, amount bigint DEFAULT 1, idempotency_key text DEFAULT NULL) RETURNS boolean
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_try_consume_text';
COMMENT ON FUNCTION steward.try_consume(text, text, bigint, text) IS 'as consume, but false if there is not enough';
REVOKE EXECUTE ON FUNCTION steward.try_consume(text, text, bigint, text) FROM PUBLIC;

CREATE FUNCTION steward.consume_all(subject bigint, meters text[], amounts bigint[], idempotency_key text DEFAULT NULL) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_consume_all_bigint';
COMMENT ON FUNCTION steward.consume_all(bigint, text[], bigint[], text) IS 'use amounts of several limits, all or nothing';
REVOKE EXECUTE ON FUNCTION steward.consume_all(bigint, text[], bigint[], text) FROM PUBLIC;

CREATE FUNCTION steward.consume_all(subject uuid, meters text[], amounts bigint[], idempotency_key text DEFAULT NULL) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_consume_all_uuid';
COMMENT ON FUNCTION steward.consume_all(uuid, text[], bigint[], text) IS 'use amounts of several limits, all or nothing';
REVOKE EXECUTE ON FUNCTION steward.consume_all(uuid, text[], bigint[], text) FROM PUBLIC;

CREATE FUNCTION steward.consume_all(subject text, meters text[], amounts bigint[], idempotency_key text DEFAULT NULL) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_consume_all_text';
COMMENT ON FUNCTION steward.consume_all(text, text[], bigint[], text) IS 'use amounts of several limits, all or nothing';
REVOKE EXECUTE ON FUNCTION steward.consume_all(text, text[], bigint[], text) FROM PUBLIC;

CREATE FUNCTION steward.release(subject bigint, meter text, amount bigint DEFAULT 1) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_release_bigint';
COMMENT ON FUNCTION steward.release(bigint, text, bigint) IS 'give back what was used, into the present period, when the transaction commits; never below 0';
REVOKE EXECUTE ON FUNCTION steward.release(bigint, text, bigint) FROM PUBLIC;

CREATE FUNCTION steward.release(subject uuid, meter text, amount bigint DEFAULT 1) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_release_uuid';
COMMENT ON FUNCTION steward.release(uuid, text, bigint) IS 'give back what was used, into the present period, when the transaction commits; never below 0';
REVOKE EXECUTE ON FUNCTION steward.release(uuid, text, bigint) FROM PUBLIC;

CREATE FUNCTION steward.release(subject text, meter text, amount bigint DEFAULT 1) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_release_text';
COMMENT ON FUNCTION steward.release(text, text, bigint) IS 'give back what was used, into the present period, when the transaction commits; never below 0';
REVOKE EXECUTE ON FUNCTION steward.release(text, text, bigint) FROM PUBLIC;

CREATE FUNCTION steward.check_limit(subject bigint, meter text, amount bigint DEFAULT 1) RETURNS boolean
  LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_check_limit_bigint';
COMMENT ON FUNCTION steward.check_limit(bigint, text, bigint) IS 'whether there is enough at this moment; changes nothing';
REVOKE EXECUTE ON FUNCTION steward.check_limit(bigint, text, bigint) FROM PUBLIC;

CREATE FUNCTION steward.check_limit(subject uuid, meter text, amount bigint DEFAULT 1) RETURNS boolean
  LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_check_limit_uuid';
COMMENT ON FUNCTION steward.check_limit(uuid, text, bigint) IS 'whether there is enough at this moment; changes nothing';
REVOKE EXECUTE ON FUNCTION steward.check_limit(uuid, text, bigint) FROM PUBLIC;

CREATE FUNCTION steward.check_limit(subject text, meter text, amount bigint DEFAULT 1) RETURNS boolean
  LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_check_limit_text';
COMMENT ON FUNCTION steward.check_limit(text, text, bigint) IS 'whether there is enough at this moment; changes nothing';
REVOKE EXECUTE ON FUNCTION steward.check_limit(text, text, bigint) FROM PUBLIC;
