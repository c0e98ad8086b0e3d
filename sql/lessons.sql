-- Faults of other tools, each shown absent here.
-- Operators that are not strict (NULL = 0 true): NULL stays NULL, for every function that is not said to refuse it.
SELECT count(*) AS functions, bool_and(p.proisstrict) AS strict FROM pg_proc p
WHERE p.pronamespace = 'steward'::regnamespace AND p.proname ~ '^(base62_|random_code|code_of|id_of|try_id_of)';
-- 128-bit output cut to 32 bits.
SELECT steward.base62_decode_numeric(steward.base62_encode_numeric(2::numeric ^ 127 + 1)) = 2::numeric ^ 127 + 1 AS whole;
-- Minimum integers that print garbage; a lone minus sign that is 0.
SELECT refusal($$SELECT steward.base62_encode('-9223372036854775808')$$);
SELECT refusal($$SELECT steward.base62_encode((-2147483648)::int)$$);
SELECT refusal($$SELECT steward.base62_encode((-32768)::smallint)$$);
SELECT refusal($$SELECT steward.base62_decode('-')$$);
-- Several numbers decoded as one, the rest dropped; two codes for one number: what is no code of the series is refused.
SELECT steward.create_series('lessons', 4, 0, '\x2B7E151628AED2A6ABF7158809CF4F3C');
SELECT count(*) = count(DISTINCT id) AS one_id_a_code, bool_and(steward.code_of(id, 'lessons') = code) AS one_code_an_id
FROM (SELECT code, steward.id_of(code, 'lessons') AS id
      FROM (SELECT DISTINCT steward.random_code(4) AS code FROM generate_series(1, 50000)) c) t;
-- A permutation that is none over its full range: the ends included, nothing twice.
SELECT count(DISTINCT steward.code_of(id, 'lessons')) AS codes
FROM (SELECT generate_series(0, 999)::bigint UNION SELECT generate_series(14776336 - 1000, 14776335)::bigint) AS t(id);
SELECT steward.drop_series('lessons');
SELECT steward.create_series('lessons', 10, 0, '\x2B7E151628AED2A6ABF7158809CF4F3C');
SELECT count(DISTINCT steward.code_of(id, 'lessons')) AS codes, bool_and(steward.id_of(steward.code_of(id, 'lessons'), 'lessons') = id) AS returns
FROM (SELECT generate_series(0, 499) UNION SELECT generate_series((62::numeric ^ 10)::bigint - 500, (62::numeric ^ 10)::bigint - 1)) AS t(id);
SELECT steward.drop_series('lessons');
-- Functions that cannot run in parallel workers.
SELECT string_agg(p.proname, ', ' ORDER BY p.proname) AS not_parallel_safe FROM pg_proc p
WHERE p.pronamespace = 'steward'::regnamespace AND p.proparallel <> 's' AND p.proname !~ '^_' AND p.prorettype NOT IN ('void'::regtype, 'trigger'::regtype);
