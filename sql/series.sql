-- Keyed series: NIST's cipher, bijection, check characters.
-- With a key of one's own the codes are known: 0 as FF1 gives it for this key and tweak.
SELECT steward.create_series('reports', key => '\x2B7E151628AED2A6ABF7158809CF4F3C');
SELECT id, steward.code_of(id, 'reports') AS code, steward.id_of(steward.code_of(id, 'reports'), 'reports') = id AS returns
FROM unnest(ARRAY[0, 1, 2, 3, 62 ^ 8 - 1]::bigint[]) AS id;
SELECT steward.next_code('reports') = steward.code_of(0, 'reports') AS first,
       steward.next_code('reports') = steward.code_of(1, 'reports') AS second;
SELECT series, length, check_chars, next_id, capacity, share_used FROM steward.series;

-- One row by its code, through the primary key: no code stored, no second index.
CREATE TABLE reports (id bigint PRIMARY KEY, title text);
INSERT INTO reports SELECT i, 'report ' || i FROM generate_series(1, 1000) i;
ANALYZE reports;
SELECT title FROM reports WHERE id = steward.id_of(steward.code_of(77, 'reports'), 'reports');
EXPLAIN (COSTS OFF) SELECT title FROM reports WHERE id = steward.id_of('PudLA7HG', 'reports');
DROP TABLE reports;

-- In parallel workers, which come with cold caches.
CREATE TABLE many AS SELECT i::bigint AS id FROM generate_series(0, 9999) i;
\c
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET parallel_leader_participation = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM many WHERE steward.id_of(steward.code_of(id, 'reports'), 'reports') = id AND length(steward.random_code()) = 8;
SELECT count(*) FROM many WHERE steward.id_of(steward.code_of(id, 'reports'), 'reports') = id AND length(steward.random_code()) = 8;
\c
DROP TABLE many;

-- All shapes, all key sizes.
SELECT steward.create_series(format('s%s_%s_%s', l, c, k), l, c, decode(repeat('5A', k), 'hex'))
FROM generate_series(4, 10) l, generate_series(0, 2) c, unnest('{16,24,32}'::int[]) k \g /dev/null
SELECT count(*) AS shapes, bool_and(length(code) = length + check_chars) AS lengths, bool_and(steward.id_of(code, series) = id) AS returns,
       bool_and(steward.try_id_of(code, series) = id) AS tries
FROM steward.series, LATERAL (SELECT (random() * (capacity - 1)::numeric)::bigint % capacity AS id) i, LATERAL (SELECT steward.code_of(id, series) AS code) c
WHERE series LIKE 's%';
SELECT count(DISTINCT steward.code_of(id, 's4_0_16')) AS distinct_codes FROM generate_series(0, 99999) id;

-- A check character turns nearly every other code away, two nearly all.
SELECT checks, count(*) FILTER (WHERE steward.try_id_of(steward.random_code(8 + checks), format('s8_%s_32', checks)) IS NOT NULL)
         < 20000 / 62 ^ checks + 6 * sqrt(20000 / 62 ^ checks) + 3 AS turned_away
FROM generate_series(1, 2) checks, generate_series(1, 20000) GROUP BY checks ORDER BY checks;
-- Of one code, every change of one character.
SELECT checks, count(*) FILTER (WHERE steward.try_id_of(overlay(code PLACING substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', c, 1)
                                                          FROM p), series) IS NOT NULL) <= (CASE checks WHEN 1 THEN 20 ELSE 3 END) + 1 AS caught
FROM generate_series(1, 2) checks, LATERAL (SELECT format('s8_%s_32', checks) AS series) s, LATERAL (SELECT steward.code_of(4711, series) AS code) o,
     generate_series(1, 62) c, generate_series(1, 8) p
WHERE substr(code, p, 1) <> substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', c, 1) GROUP BY checks ORDER BY checks;

-- Declaring is repeatable; changing is not.
SELECT steward.create_series('reports');
SELECT steward.create_series('reports', 8, 0, '\x2B7E151628AED2A6ABF7158809CF4F3C');
\pset tuples_only on
\pset format unaligned
SELECT refusal($$SELECT steward.create_series('reports', 9)$$);
SELECT refusal($$SELECT steward.create_series('reports', 8, 1)$$);
SELECT refusal($$SELECT steward.create_series('reports', 8, 0, '\x00000000000000000000000000000000')$$);
\pset tuples_only off
\pset format aligned

-- Without a key the series makes its own: two are never alike.
SELECT steward.create_series('a'), steward.create_series('b');
SELECT count(DISTINCT steward.code_of(id, s)) FROM generate_series(0, 99) id, unnest('{a,b}'::text[]) s;

-- A rollback takes the series along, from every cache.
BEGIN;
SELECT steward.create_series('fleeting');
SELECT length(steward.next_code('fleeting'));
ROLLBACK;
SELECT steward.next_code('fleeting');
-- The same name again is another series: its key is gone.
SELECT steward.create_series('phoenix', key => '\x00000000000000000000000000000001');
SELECT steward.code_of(1, 'phoenix');
SELECT steward.drop_series('phoenix');
SELECT steward.create_series('phoenix', key => '\x00000000000000000000000000000002');
SELECT steward.code_of(1, 'phoenix'), steward.next_code('phoenix') = steward.code_of(0, 'phoenix') AS from_the_start;
-- Names are text, not identifiers.
SELECT steward.create_series('Żółw "x"; --', key => '\x00000000000000000000000000000003');
SELECT steward.next_code('Żółw "x"; --') = steward.code_of(0, 'Żółw "x"; --') AS works, steward.code_of(0, 'Żółw "x"; --');
SELECT steward.drop_series('Żółw "x"; --');

-- Codes that hold a blocked word are skipped, not renumbered.
SELECT steward.create_series('skipping', key => '\x00000000000000000000000000000004');
SELECT steward.code_of(0, 'skipping') AS code \gset
INSERT INTO steward.blocked_words (word) VALUES (:'code');
SELECT steward.next_code('skipping') = steward.code_of(1, 'skipping') AS skipped, steward.id_of(:'code', 'skipping') AS still_its_id;
DELETE FROM steward.blocked_words WHERE word = :'code';

-- Used up.
SELECT setval('steward._next_s4_0_16', (62 ^ 4)::bigint - 1);
\pset tuples_only on
\pset format unaligned
SELECT refusal($$SELECT steward.next_code('s4_0_16')$$);
\pset tuples_only off
\pset format aligned
SELECT next_id, capacity, share_used FROM steward.series WHERE series = 's4_0_16';
SELECT steward.drop_series(series) FROM steward.series \g /dev/null
SELECT count(*) FROM steward.series;
SELECT count(*) AS sequences FROM pg_class WHERE relnamespace = 'steward'::regnamespace AND relkind = 'S' AND relname LIKE '\_next\_%';
