-- Random codes: alphabet, length, spread.
SELECT length(steward.random_code()) AS standard, bool_and(length(steward.random_code(n)) = n) AS as_asked
FROM generate_series(1, 256) n;
SELECT bool_and(steward.random_code(64) ~ '^[0-9A-Za-z]{64}$') AS alphabet FROM generate_series(1, 1000);
SELECT count(DISTINCT code) AS distinct_codes FROM (SELECT steward.random_code(12) AS code FROM generate_series(1, 10000)) t;
-- Each of the 62 characters about as often as the others: 620,000 draws, 10,000 each, six sigma apart.
SELECT count(*) AS characters, bool_and(abs(times - 10000) < 600) AS evenly
FROM (SELECT c, count(*) AS times
      FROM (SELECT steward.random_code(200) AS code FROM generate_series(1, 3100)) t, regexp_split_to_table(code, '') c GROUP BY c) u;
-- Every row of a statement gets its own.
SELECT count(DISTINCT steward.random_code(10)) FROM generate_series(1, 1000);
SELECT steward.random_code(NULL) IS NULL AS strict;

\pset tuples_only on
\pset format unaligned
SELECT refusal($$SELECT steward.random_code(0)$$);
SELECT refusal($$SELECT steward.random_code(-1)$$);
SELECT refusal($$SELECT steward.random_code(257)$$);
\pset tuples_only off
\pset format aligned

-- A list that blocks every code does not hold the session.
BEGIN;
INSERT INTO steward.blocked_words (word) SELECT chr(a) || chr(b) FROM generate_series(97, 122) a, generate_series(97, 122) b;
INSERT INTO steward.blocked_words (word) SELECT a || chr(b) FROM generate_series(0, 9) a, generate_series(97, 122) b;
INSERT INTO steward.blocked_words (word) SELECT chr(b) || a FROM generate_series(0, 9) a, generate_series(97, 122) b;
INSERT INTO steward.blocked_words (word) SELECT a::text || b FROM generate_series(0, 9) a, generate_series(0, 9) b;
\pset tuples_only on
\pset format unaligned
SELECT refusal($$SELECT steward.random_code(4)$$);
\pset tuples_only off
\pset format aligned
ROLLBACK;
SELECT length(steward.random_code(4));
