-- Base62 of values. Named by type: an overload on the type does not resolve for smallint, string literals or
-- undeclared parameters.

CREATE FUNCTION steward.base62_encode(value bigint) RETURNS text
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'steward_base62_encode';
COMMENT ON FUNCTION steward.base62_encode(bigint) IS 'Base62 of a non-negative number, without padding';

CREATE FUNCTION steward.base62_decode(code text) RETURNS bigint
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'steward_base62_decode';
COMMENT ON FUNCTION steward.base62_decode(text) IS 'number of a Base62 code; leading zeros are allowed';

CREATE FUNCTION steward.base62_encode_numeric(value numeric) RETURNS text
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'steward_base62_encode_numeric';
COMMENT ON FUNCTION steward.base62_encode_numeric(numeric) IS 'Base62 of a non-negative integer of up to 1,000 digits';

CREATE FUNCTION steward.base62_decode_numeric(code text) RETURNS numeric
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'steward_base62_decode_numeric';
COMMENT ON FUNCTION steward.base62_decode_numeric(text) IS 'integer of up to 1,000 digits of a Base62 code';

CREATE FUNCTION steward.base62_encode_uuid(value uuid) RETURNS text
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'steward_base62_encode_uuid';
COMMENT ON FUNCTION steward.base62_encode_uuid(uuid) IS 'Base62 of a UUID, always 22 characters';

CREATE FUNCTION steward.base62_decode_uuid(code text) RETURNS uuid
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'steward_base62_decode_uuid';
COMMENT ON FUNCTION steward.base62_decode_uuid(text) IS 'UUID of a Base62 code of exactly 22 characters';

CREATE FUNCTION steward.base62_encode_bytea(value bytea) RETURNS text
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'steward_base62_encode_bytea';
COMMENT ON FUNCTION steward.base62_encode_bytea(bytea) IS 'Base62 of up to 1 kB, padded to the length that so many bytes need';

CREATE FUNCTION steward.base62_decode_bytea(code text) RETURNS bytea
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'steward_base62_decode_bytea';
COMMENT ON FUNCTION steward.base62_decode_bytea(text) IS 'bytes of a Base62 code; the number of bytes follows from its length';
