CREATE TABLE steward._series (
  series text PRIMARY KEY,
  length int NOT NULL CHECK (length BETWEEN 4 AND 10),
  check_chars int NOT NULL CHECK (check_chars BETWEEN 0 AND 2),
  key bytea NOT NULL CHECK (pg_catalog.octet_length(key) IN (16, 24, 32)),
  created_at timestamptz NOT NULL DEFAULT pg_catalog.now()
);
COMMENT ON TABLE steward._series IS 'keyed series with their keys; readable by the extension''s owner only';
SELECT pg_catalog.pg_extension_config_dump('steward._series', '');

-- A dump leaves out that a series' sequence is owned by this table, because the table belongs to an extension; without
-- it DROP EXTENSION would be refused for the sequence's sake. So the restored row takes its sequence back.
CREATE FUNCTION steward._adopt_sequence() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward__adopt_sequence';
COMMENT ON FUNCTION steward._adopt_sequence() IS 'makes the sequence of a restored series go with the extension';
REVOKE EXECUTE ON FUNCTION steward._adopt_sequence() FROM PUBLIC;

CREATE TRIGGER adopt_sequence AFTER INSERT ON steward._series
  FOR EACH ROW EXECUTE FUNCTION steward._adopt_sequence();
ALTER TABLE steward._series ENABLE ALWAYS TRIGGER adopt_sequence;  -- also in a session of replication

CREATE FUNCTION steward.create_series(series text, length int DEFAULT 8, check_chars int DEFAULT 0, key bytea DEFAULT NULL)
  RETURNS void LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_create_series';
COMMENT ON FUNCTION steward.create_series(text, int, int, bytea) IS
  'make a keyed series: 0, 1, 2 ... as unique codes of one length in an order that nobody can guess';
REVOKE EXECUTE ON FUNCTION steward.create_series(text, int, int, bytea) FROM PUBLIC;

CREATE FUNCTION steward.drop_series(series text) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_drop_series';
COMMENT ON FUNCTION steward.drop_series(text) IS 'drop a keyed series and its key: its codes can no longer be decoded';
REVOKE EXECUTE ON FUNCTION steward.drop_series(text) FROM PUBLIC;

CREATE FUNCTION steward.next_code(series text) RETURNS text
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_next_code';
COMMENT ON FUNCTION steward.next_code(text) IS 'the next code of a keyed series; codes with blocked words are skipped';
REVOKE EXECUTE ON FUNCTION steward.next_code(text) FROM PUBLIC;

CREATE FUNCTION steward.code_of(id bigint, series text) RETURNS text
  LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'steward_code_of';
COMMENT ON FUNCTION steward.code_of(bigint, text) IS 'code of an id in a keyed series';
REVOKE EXECUTE ON FUNCTION steward.code_of(bigint, text) FROM PUBLIC;

CREATE FUNCTION steward.id_of(code text, series text) RETURNS bigint
  LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'steward_id_of';
COMMENT ON FUNCTION steward.id_of(text, text) IS 'id of a code in a keyed series, without touching a table';
REVOKE EXECUTE ON FUNCTION steward.id_of(text, text) FROM PUBLIC;

CREATE FUNCTION steward.try_id_of(code text, series text) RETURNS bigint
  LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'steward_try_id_of';
COMMENT ON FUNCTION steward.try_id_of(text, text) IS 'id of a code in a keyed series; NULL for what is no code of it';
REVOKE EXECUTE ON FUNCTION steward.try_id_of(text, text) FROM PUBLIC;

CREATE FUNCTION steward._next_id(series text) RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward__next_id';
COMMENT ON FUNCTION steward._next_id(text) IS 'the id that a keyed series will give out next; NULL when its sequence is lost';
REVOKE EXECUTE ON FUNCTION steward._next_id(text) FROM PUBLIC;

CREATE VIEW steward.series AS
  SELECT s.series, s.length, s.check_chars, s.created_at, n.next_id,
         pg_catalog.power(62::numeric, s.length)::bigint AS capacity,
         pg_catalog.round(n.next_id / pg_catalog.power(62::numeric, s.length), 6) AS share_used
  FROM steward._series s, LATERAL (SELECT steward._next_id(s.series) AS next_id) n;
COMMENT ON VIEW steward.series IS 'keyed series: their shape and how much of them is used; never their keys';
COMMENT ON COLUMN steward.series.series IS 'its name';
COMMENT ON COLUMN steward.series.length IS 'characters of a code, without check characters';
COMMENT ON COLUMN steward.series.check_chars IS 'characters that follow them and tell a mistyped code';
COMMENT ON COLUMN steward.series.created_at IS 'when it was made';
COMMENT ON COLUMN steward.series.next_id IS 'the id that it will give out next; NULL when its sequence is lost';
COMMENT ON COLUMN steward.series.capacity IS 'how many codes it has';
COMMENT ON COLUMN steward.series.share_used IS 'share of them that is given out';
