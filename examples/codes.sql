-- codes: short links that never collide, and say nothing about order or number

\echo '-- Base62 of numbers, UUIDs and bytes, and back.'
SELECT steward.base62_encode(1234567890) AS number, steward.base62_decode('1LY7VK') AS back;
SELECT steward.base62_encode_uuid('01234567-89ab-cdef-0123-456789abcdef') AS uuid;
SELECT steward.base62_decode('1LY-VK');

\echo
\echo '-- A table whose rows get a short code: random, looked up in the unique index, drawn again if taken.'
CREATE TABLE reports (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text, short_code text UNIQUE);
SELECT steward.assign_codes('reports', 'short_code', prefix => 'rpt_');
INSERT INTO reports (title) VALUES ('Revenue, third quarter'), ('Churn by cohort') RETURNING *;

\echo
\echo '-- Vanity codes are welcome, within the rules.'
INSERT INTO reports (title, short_code) VALUES ('Spring campaign', 'rpt_spring26') RETURNING *;
INSERT INTO reports (title, short_code) VALUES ('Mine', 'rpt_admin');
INSERT INTO reports (title, short_code) VALUES ('Rude', 'rpt_sh1tposts');

\echo
\echo '-- A small space fills up: codes grow by a character when draws collide too often.'
CREATE TABLE coupons (code text UNIQUE);
SELECT steward.assign_codes('coupons', 'code', length => 2);
INSERT INTO coupons SELECT FROM generate_series(1, 5000);
SELECT length(code), count(*) FROM coupons GROUP BY 1 ORDER BY 1;

\echo
\echo '-- A keyed series: 0, 1, 2 … as codes in an order that nobody can guess, with a check character.'
SELECT steward.create_series('invoices', length => 6, check_chars => 1);
SELECT n, steward.next_code('invoices') AS code FROM generate_series(0, 3) n;
SELECT steward.id_of(steward.code_of(2, 'invoices'), 'invoices') AS id;
SELECT steward.try_id_of('guessed', 'invoices') AS a_guess;

\echo
\echo '-- How full is each column, and how easily is a code guessed?'
ANALYZE reports, coupons;
SELECT rel, col, length, max_length, drawing_length, live_codes, share_used, guesses_to_hit, suggested_length FROM steward.code_capacity;
SELECT series, length, check_chars, next_id, capacity FROM steward.series;
