-- What the library costs a fresh backend: its anonymous memory (heap and written pages of the library; shared buffers
-- do not count), read before and after. Each step is one statement, so its own memory is gone when it is measured.

CREATE FUNCTION pg_temp.kb() RETURNS int LANGUAGE sql AS $$
  SELECT substring(pg_read_file('/proc/self/smaps_rollup') FROM 'Anonymous: +(\d+)')::int
$$;
-- The measuring itself, and what any first statement leaves in the caches.
SELECT pg_temp.kb(), count(*), max(proname) FROM pg_proc \g /dev/null
SELECT pg_temp.kb(), 'x'::text || 1, 12::bigint::text, gen_random_uuid()::text \g /dev/null
SELECT pg_temp.kb() AS before \gset

LOAD 'steward';
SELECT pg_temp.kb() AS after \gset
\echo LOAD of the library|:before|:after
SELECT pg_temp.kb() AS before \gset

SELECT steward.base62_encode(1), steward.base62_decode('1'), steward.base62_encode_uuid(gen_random_uuid()) \g /dev/null
SELECT pg_temp.kb() AS after \gset
\echo first Base62|:before|:after
SELECT pg_temp.kb() AS before \gset

SELECT steward.random_code() \g /dev/null
SELECT pg_temp.kb() AS after \gset
\echo first random code: word lists compiled|:before|:after
SELECT pg_temp.kb() AS before \gset

SELECT steward.code_of(1, 'c0') \g /dev/null
SELECT pg_temp.kb() AS after \gset
\echo first code of a series|:before|:after
SELECT pg_temp.kb() AS before \gset

INSERT INTO with_random (title) VALUES ('x');
SELECT pg_temp.kb() AS after \gset
\echo first row of a table with codes|:before|:after
