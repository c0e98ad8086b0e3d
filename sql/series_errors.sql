-- Keyed series: what is refused, and how.
SELECT steward.create_series('s', 8, 1, '\x2B7E151628AED2A6ABF7158809CF4F3C');
\pset tuples_only on
\pset format unaligned
SELECT refusal($$SELECT steward.create_series(NULL)$$);
SELECT refusal($$SELECT steward.create_series('')$$);
SELECT refusal($$SELECT steward.create_series(repeat('x', 49))$$);
SELECT refusal($$SELECT steward.create_series('t', 3)$$);
SELECT refusal($$SELECT steward.create_series('t', 11)$$);
SELECT refusal($$SELECT steward.create_series('t', 8, -1)$$);
SELECT refusal($$SELECT steward.create_series('t', 8, 3)$$);
SELECT refusal($$SELECT steward.create_series('t', key => '')$$);
SELECT refusal($$SELECT steward.create_series('t', key => '\x00')$$);
SELECT refusal($$SELECT steward.create_series('t', key => decode(repeat('00', 33), 'hex'))$$);
SELECT refusal($$SELECT steward.drop_series(NULL)$$);
SELECT refusal($$SELECT steward.drop_series('t')$$);
SELECT refusal($$SELECT steward.next_code(NULL)$$);
SELECT refusal($$SELECT steward.next_code('t')$$);
SELECT refusal($$SELECT steward.next_code(repeat('long ', 100))$$);
SELECT refusal($$SELECT steward.code_of(-1, 's')$$);
SELECT refusal($$SELECT steward.code_of((62 ^ 8)::bigint, 's')$$);
SELECT refusal($$SELECT steward.code_of(1, 't')$$);
SELECT refusal($$SELECT steward.id_of('1', 's')$$);
SELECT refusal($$SELECT steward.id_of('', 's')$$);
SELECT refusal($$SELECT steward.id_of(repeat('x', 1000), 's')$$);
SELECT refusal($$SELECT steward.id_of('12345678!', 's')$$);
SELECT refusal($$SELECT steward.id_of('1234567é', 's')$$);
SELECT refusal($$SELECT steward.id_of('123456789', 't')$$);
SELECT refusal($$SELECT steward.id_of(left(c, 8) || CASE right(c, 1) WHEN 'a' THEN 'b' ELSE 'a' END, 's') FROM steward.code_of(7, 's') c$$);
\pset tuples_only off
\pset format aligned
SELECT steward.code_of(NULL, 's') IS NULL AND steward.code_of(1, NULL) IS NULL AND steward.id_of(NULL, 's') IS NULL AND steward.id_of('1', NULL) IS NULL
   AND steward.try_id_of(NULL, 's') IS NULL AND steward.try_id_of('1', NULL) IS NULL AS strict;
SELECT code, steward.try_id_of(code, 's') FROM unnest('{"",1,"12345678!",é,123456789}'::text[]) code;
SELECT steward.try_id_of('123456789', 'no such series') IS NULL AS no_series_no_id;
BEGIN READ ONLY;
SELECT refusal($$SELECT steward.next_code('s')$$);
SELECT refusal($$SELECT steward.create_series('t')$$);
SELECT refusal($$SELECT steward.drop_series('s')$$);
ROLLBACK;
-- A lost sequence stops its series and nothing else.
SELECT steward.create_series('lost', 4);
DROP SEQUENCE steward._next_lost;
SELECT refusal($$SELECT steward.next_code('lost')$$);
SELECT series, next_id, share_used FROM steward.series ORDER BY series;
SELECT steward.code_of(0, 'lost') IS NOT NULL AS still_known;
CREATE SEQUENCE steward._next_lost MINVALUE 0 START 1000;
SELECT steward.next_code('lost') = steward.code_of(1000, 'lost') AS goes_on;
SELECT steward.drop_series('lost');
SELECT steward.drop_series('s');
