CREATE FUNCTION steward.random_code(length int DEFAULT 8) RETURNS text
  LANGUAGE c VOLATILE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'steward_random_code';
COMMENT ON FUNCTION steward.random_code(int) IS 'random Base62 code of 1 to 256 characters, without blocked words';
