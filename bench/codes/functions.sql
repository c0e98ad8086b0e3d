-- Time of a function a row: SELECT count(f(v)) over a table, less SELECT count(v) over the same table right before,
-- in the same session. Every case is measured once a round, the rounds follow one another.
-- Variables: rows, slow_rows, rounds.

SET max_parallel_workers_per_gather = 0;
SET jit = off;
SET synchronize_seqscans = off;
SET client_min_messages = warning;

-- One table a type of argument, of one column, so that the scan is the same for all functions of that type.
CREATE TABLE numbers AS SELECT (random() * 9.2e18)::bigint AS v FROM generate_series(1, :rows);
CREATE TABLE ids AS SELECT i::bigint AS v FROM generate_series(1, :rows) i;
CREATE TABLE number_texts AS SELECT v::text AS v FROM numbers;
CREATE TABLE number_codes AS SELECT steward.base62_encode(v) AS v FROM numbers;
CREATE TABLE uuids AS SELECT gen_random_uuid() AS v FROM generate_series(1, :rows);
CREATE TABLE uuid_texts AS SELECT v::text AS v FROM uuids;
CREATE TABLE uuid_codes AS SELECT steward.base62_encode_uuid(v) AS v FROM uuids;
CREATE TABLE numerics AS SELECT v::numeric * 1000000007 AS v FROM numbers;
CREATE TABLE numeric_codes AS SELECT steward.base62_encode_numeric(v) AS v FROM numerics;
CREATE TABLE bytes AS SELECT decode(md5(v::text), 'hex') || '\x01020304'::bytea AS v FROM numbers;
CREATE TABLE byte_codes AS SELECT steward.base62_encode_bytea(v) AS v FROM bytes;
CREATE TABLE few_ids AS SELECT v FROM ids LIMIT :slow_rows;
CREATE TABLE few_numbers AS SELECT v FROM numbers LIMIT :slow_rows;

SELECT steward.create_series('c' || c, 8, c) FROM generate_series(0, 2) c;
CREATE TABLE codes_0 AS SELECT steward.code_of(v, 'c0') AS v FROM ids;
CREATE TABLE codes_1 AS SELECT steward.code_of(v, 'c1') AS v FROM ids;
CREATE TABLE codes_2 AS SELECT steward.code_of(v, 'c2') AS v FROM ids;
CREATE SEQUENCE numbering;

CREATE TABLE cases (
  place int GENERATED ALWAYS AS IDENTITY,
  topic text, name text PRIMARY KEY, source text, expression text);
INSERT INTO cases (topic, name, source, expression) VALUES
  ('Numbers', 'base62_encode', 'numbers', 'steward.base62_encode(v)'),
  ('Numbers', 'int8 → text', 'numbers', 'v::text'),
  ('Numbers', 'Base62 in PL/pgSQL', 'few_numbers', 'plain.base62(v)'),
  ('Numbers', 'base62_decode', 'number_codes', 'steward.base62_decode(v)'),
  ('Numbers', 'text → int8', 'number_texts', 'v::bigint'),
  ('UUIDs', 'base62_encode_uuid', 'uuids', 'steward.base62_encode_uuid(v)'),
  ('UUIDs', 'uuid → text', 'uuids', 'v::text'),
  ('UUIDs', 'base62_decode_uuid', 'uuid_codes', 'steward.base62_decode_uuid(v)'),
  ('UUIDs', 'text → uuid', 'uuid_texts', 'v::uuid'),
  ('Long values', 'base62_encode_numeric', 'numerics', 'steward.base62_encode_numeric(v)'),
  ('Long values', 'numeric → text', 'numerics', 'v::text'),
  ('Long values', 'base62_decode_numeric', 'numeric_codes', 'steward.base62_decode_numeric(v)'),
  ('Long values', 'base62_encode_bytea', 'bytes', 'steward.base62_encode_bytea(v)'),
  ('Long values', 'bytea → hex', 'bytes', 'encode(v, ''hex'')'),
  ('Long values', 'base62_decode_bytea', 'byte_codes', 'steward.base62_decode_bytea(v)'),
  ('Random', 'random_code()', 'ids', 'steward.random_code()'),
  ('Random', 'substr(md5(random()::text), 1, 8)', 'ids', 'substr(md5(random()::text), 1, 8)'),
  ('Random', 'gen_random_uuid()', 'ids', 'gen_random_uuid()'),
  ('Random', 'nanoid in PL/pgSQL', 'few_ids', 'plain.nanoid()'),
  ('Series', 'code_of, no check', 'ids', 'steward.code_of(v, ''c0'')'),
  ('Series', 'code_of, 1 check', 'ids', 'steward.code_of(v, ''c1'')'),
  ('Series', 'code_of, 2 checks', 'ids', 'steward.code_of(v, ''c2'')'),
  ('Series', 'id_of, no check', 'codes_0', 'steward.id_of(v, ''c0'')'),
  ('Series', 'id_of, 1 check', 'codes_1', 'steward.id_of(v, ''c1'')'),
  ('Series', 'id_of, 2 checks', 'codes_2', 'steward.id_of(v, ''c2'')'),
  ('Series', 'next_code', 'ids', 'steward.next_code(''c0'')'),
  ('Series', 'nextval', 'ids', 'nextval(''numbering'')');

CREATE TABLE timings (name text, round int, ns float8);

-- Seconds that this process has waited for a core so far: what others do on the machine is not the functions' time.
CREATE FUNCTION seconds_waited() RETURNS float8 LANGUAGE sql AS $$
  SELECT COALESCE(split_part(pg_read_file('/proc/self/schedstat', 0, 100, true), ' ', 2)::float8 / 1e9, 0)
$$;

CREATE FUNCTION seconds_of(query text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
  waited float8 := seconds_waited();
  start timestamptz := clock_timestamp();
  result bigint;
BEGIN
  EXECUTE query INTO STRICT result;
  RETURN extract(epoch FROM clock_timestamp() - start) - (seconds_waited() - waited);
END $$;

CREATE PROCEDURE measure(rounds int) LANGUAGE plpgsql AS $$
DECLARE
  it cases;
  bare float8;
  full_time float8;
  row_count float8;
BEGIN
  FOR round IN 0..rounds LOOP
    FOR it IN SELECT * FROM cases ORDER BY place LOOP
      EXECUTE format('SELECT count(*) FROM %I', it.source) INTO row_count;
      bare := seconds_of(format('SELECT count(v) FROM %I', it.source));
      full_time := seconds_of(format('SELECT count(%s) FROM %I', it.expression, it.source));
      -- Round 0 warms caches.
      IF round > 0 THEN INSERT INTO timings VALUES (it.name, round, (full_time - bare) * 1e9 / row_count); END IF;
    END LOOP;
    COMMIT;
  END LOOP;
END $$;

VACUUM ANALYZE;
CALL measure(:rounds);

CREATE VIEW medians AS
  SELECT place, topic, name, percentile_cont(0.5) WITHIN GROUP (ORDER BY ns) AS ns,
         percentile_cont(0.25) WITHIN GROUP (ORDER BY ns) AS q1, percentile_cont(0.75) WITHIN GROUP (ORDER BY ns) AS q3
  FROM cases JOIN timings USING (name) GROUP BY place, topic, name;

-- A ratio is the median of the rounds' ratios: noise that lasts longer than two cases falls out of it.
CREATE FUNCTION ratio(ours text, rival text) RETURNS float8 LANGUAGE sql STABLE AS $$
  SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a.ns / b.ns)
  FROM timings a JOIN timings b USING (round) WHERE a.name = ours AND b.name = rival
$$;
