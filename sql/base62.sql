-- Base62 of values: known answers and round trips.
SELECT n, steward.base62_encode(n) AS code, steward.base62_decode(steward.base62_encode(n)) = n AS returns
FROM unnest('{0,1,9,10,35,36,61,62,3843,3844,1234567890,2147483647,9223372036854775807}'::bigint[]) AS n;
-- As applications call it: an untyped literal, int, smallint.
SELECT steward.base62_encode('62') AS literal, steward.base62_encode(62::int) AS int,
       steward.base62_encode(62::smallint) AS smallint;
PREPARE untyped AS SELECT steward.base62_encode($1), steward.base62_decode($2);
EXECUTE untyped(62, '10');
DEALLOCATE untyped;
SELECT steward.base62_decode('0000000000000000000000001LY7VK') AS leading_zeros;
SELECT steward.base62_encode(NULL) IS NULL AND steward.base62_decode(NULL) IS NULL AS strict;

-- Numeric: no limit of 64 or 128 bits.
SELECT steward.base62_encode_numeric(18446744073709551615) AS u64_max,
       steward.base62_encode_numeric(18446744073709551616) AS one_more,
       steward.base62_decode_numeric('LygHa16AHYG') AS back;
SELECT steward.base62_encode_numeric(340282366920938463463374607431768211455) AS u128_max,
       steward.base62_encode_numeric(340282366920938463463374607431768211456) AS one_more;
SELECT steward.base62_encode_numeric(0), steward.base62_encode_numeric(7.00), steward.base62_decode_numeric('0007');
SELECT bool_and(steward.base62_decode_numeric(steward.base62_encode_numeric(v)) = v) AS round_trips
FROM (SELECT trunc(random()::numeric * 10 ^ (i % 999)::numeric) FROM generate_series(1, 2000) i) AS t(v);
SELECT length(steward.base62_encode_numeric(repeat('9', 1000)::numeric)) AS longest,
       steward.base62_decode_numeric(steward.base62_encode_numeric(repeat('9', 1000)::numeric)) = repeat('9', 1000)::numeric AS returns;

-- UUIDs: always 22 characters, in the order of the UUIDs.
SELECT u, steward.base62_encode_uuid(u) AS code, steward.base62_decode_uuid(steward.base62_encode_uuid(u)) = u AS returns
FROM unnest('{00000000-0000-0000-0000-000000000000,00000000-0000-0000-0000-000000000001,
  01234567-89ab-cdef-0123-456789abcdef,FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF}'::uuid[]) AS u;
SELECT bool_and(steward.base62_decode_uuid(steward.base62_encode_uuid(u)) = u AND length(steward.base62_encode_uuid(u)) = 22)
FROM (SELECT gen_random_uuid() AS u FROM generate_series(1, 5000)) AS t;

-- Bytes: KSUID's vectors, and the length tells the number of bytes.
SELECT steward.base62_encode_bytea('\x0669F7EFB5A1CD34B5F99D1154FB6853345C9735') AS ksuid,
       steward.base62_encode_bytea(decode(repeat('FF', 20), 'hex')) AS greatest;
SELECT steward.base62_decode_bytea('0ujtsYcgvSTl8PAuAdqWYSMnLOv');
SELECT bool_and(steward.base62_decode_bytea(steward.base62_encode_bytea(b)) = b) AS round_trips
FROM (SELECT substr(sha512(i::text::bytea), 1, i % 65) AS b FROM generate_series(1, 3000) i) AS t WHERE length(b) > 0;
SELECT steward.base62_decode_bytea(steward.base62_encode_bytea('\x000000')) AS zeros,
       length(steward.base62_encode_bytea(decode(repeat('00', 1024), 'hex'))) AS longest,
       steward.base62_encode_bytea('') = '' AS nothing;

-- Toasted and short arguments are one.
CREATE TEMP TABLE toasted (code text, bytes bytea);
ALTER TABLE toasted ALTER code SET STORAGE EXTERNAL, ALTER bytes SET STORAGE EXTERNAL;
INSERT INTO toasted VALUES (repeat('0', 100000) || 'AzL8n0Y58m7', decode(repeat('AB', 1024), 'hex'));
SELECT steward.base62_decode(code), steward.base62_decode_bytea(steward.base62_encode_bytea(bytes)) = bytes FROM toasted;

-- In parallel workers, in an index, in a generated column.
CREATE TABLE links (id bigint PRIMARY KEY, code text GENERATED ALWAYS AS (steward.base62_encode(id)) STORED);
INSERT INTO links SELECT generate_series(0, 20000);
CREATE INDEX ON links (steward.base62_encode(id));
ANALYZE links;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT count(*) FILTER (WHERE steward.base62_decode(code) = id) FROM links;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
DROP TABLE links;
