-- Values of all types as they are in the log, whatever the session says and whoever has made casts and functions.
SET client_min_messages = warning;
\pset null NULL
CREATE SCHEMA aty;
CREATE TEMP TABLE seen AS SELECT COALESCE(max(id), 0) AS id FROM steward.audit_records;
-- Members of the last record of a table, one a line.
CREATE FUNCTION aty.last(name text, OUT col text, OUT type text, OUT value text) RETURNS SETOF record LANGUAGE sql AS $$
  SELECT m.key, jsonb_typeof(m.value), m.value::text FROM (
    SELECT * FROM steward.audit_log WHERE rel_name = $1 ORDER BY id DESC LIMIT 1) l, jsonb_each(COALESCE(l.new_values, l.old_values)) m
$$;

CREATE TYPE aty.mood AS ENUM ('sad', 'so "so"', 'ünhappy');
CREATE TYPE aty.point3 AS (x int, y numeric, label text);
CREATE TYPE aty.nested AS (a aty.point3, list aty.point3[], m aty.mood, gone int, j json, "Ä ""q""" text);
ALTER TYPE aty.nested DROP ATTRIBUTE gone;
CREATE DOMAIN aty.positive AS numeric(10, 2) CHECK (VALUE > 0);
CREATE DOMAIN aty.more_positive AS aty.positive;
CREATE DOMAIN aty.words AS text[];
CREATE DOMAIN aty.pair AS aty.point3;
CREATE TYPE aty.floats AS RANGE (subtype = float8);

-- Numbers.
CREATE TABLE aty.numbers (
  id int PRIMARY KEY, b boolean, i2 smallint, i4 int, i8 bigint, f4 real, f8 double precision, n numeric, n2 numeric(12, 4), o oid, c money, p aty.more_positive);
SELECT steward.audit_table('aty.numbers');
INSERT INTO aty.numbers VALUES (1, true, -32768, -2147483648, -9223372036854775808, 0.1, 0.1, 0.1, 0.1, 4294967295, '1234.56', 0.01);
SELECT * FROM aty.last('numbers');
INSERT INTO aty.numbers VALUES (2, false, 32767, 2147483647, 9223372036854775807, 'NaN', 'NaN', 'NaN', 'NaN', 0, '-92233720368547758.08', 99999999.99);
SELECT * FROM aty.last('numbers');
INSERT INTO aty.numbers VALUES (3, NULL, 0, 0, 0, '-Infinity', 'Infinity', '-Infinity', NULL, NULL, NULL, NULL);
SELECT * FROM aty.last('numbers');
INSERT INTO aty.numbers (id, f4, f8, n, n2) VALUES (4, '-0', '-0', '0.000', '-0'), (5, 1e-45, 5e-324, 1e-100, 1e-4), (6, 3.4028235e38, 1.7976931348623157e308, 1e200, 12345678.9),
  (7, 16777216, 0.1::float8 + 0.2::float8, 123456789012345678901234567890.12345678901234567890, 100), (8, 1e15, 1e15, 10000, 10000), (9, 1.1754944e-38, 2.2250738585072014e-308, -1, -1);
SELECT l.row_key, m.key, m.value FROM steward.audit_log l, jsonb_each(l.new_values) m WHERE l.rel_name = 'numbers' AND m.key ~ '^(f|n)' AND l.row_key::int > 3 ORDER BY 1, 2;
SELECT count(*) FROM aty.numbers t JOIN steward.audit_log l ON l.rel_name = 'numbers' AND l.row_key = t.id::text
  WHERE (l.new_values ->> 'f4')::float4 IS DISTINCT FROM t.f4 OR (l.new_values ->> 'f8')::float8 IS DISTINCT FROM t.f8 OR (l.new_values ->> 'n')::numeric IS DISTINCT FROM t.n
    OR (l.new_values ->> 'i8')::bigint IS DISTINCT FROM t.i8 OR (l.new_values ->> 'n2')::numeric IS DISTINCT FROM t.n2;
-- What is equal to the eye, or to =, may be another value.
UPDATE aty.numbers SET n = '0.0', f8 = 0 WHERE id = 4;
SELECT changed, old_values, new_values FROM steward.audit_log WHERE rel_name = 'numbers' AND action = 'update';

-- Times.
CREATE TABLE aty.times (id int PRIMARY KEY, d date, ts timestamp, tz timestamptz, ts0 timestamp(0), t time, tt timetz, i interval);
SELECT steward.audit_table('aty.times');
SET TimeZone = 'Europe/Berlin';
INSERT INTO aty.times VALUES
  (1, '2026-03-04', '2026-03-04 05:06:07.891234', '2026-03-04 05:06:07.891234', '2026-03-04 05:06:07.6', '05:06:07.1', '05:06:07.1+05:30', '1 year 2 months -3 days 04:05:06.789'),
  (2, '4713-01-01 BC', '4713-01-01 00:00:00 BC', '4713-01-02 00:00:00 BC', '0044-03-15 BC', '00:00', '24:00:00-15:59', '-178000000 years'),
  (3, '5874897-12-31', '294276-12-31 23:59:59.999999', '294276-12-30 23:59:59', 'infinity', '24:00', '00:00+15:59', '0'),
  (4, 'infinity', 'infinity', '-infinity', '-infinity', NULL, NULL, '-1 mon +2 days -00:00:00.000001'),
  (5, '-infinity', '-infinity', 'infinity', NULL, '23:59:59.999999', '23:59:59.999999+00', '178000000 years'),
  (6, '0001-01-01', '1582-10-10', '1890-01-01 12:00:00', '2026-02-28 23:59:59.7', '12:00', '12:00 CET', 'P1Y2M3DT4H5M6S');
RESET TimeZone;
SELECT l.row_key, m.key, m.value FROM steward.audit_log l, jsonb_each(l.new_values) m WHERE l.rel_name = 'times' ORDER BY 1, 2;
SELECT count(*) FROM aty.times t JOIN steward.audit_log l ON l.rel_name = 'times' AND l.row_key = t.id::text
  WHERE ((l.new_values ->> 'd')::date, (l.new_values ->> 'ts')::timestamp, (l.new_values ->> 'tz')::timestamptz, (l.new_values ->> 'i')::interval, (l.new_values ->> 'tt')::timetz)
    IS DISTINCT FROM (t.d, t.ts, t.tz, t.i, t.tt);

-- Text, bytes, and what else has a text.
CREATE TABLE aty.texts (
  id int PRIMARY KEY, t text, v varchar(5), c char(5), "char" "char", n name, b bytea, u uuid, ip inet, cd cidr, m macaddr, m8 macaddr8, bi bit(3), vb varbit,
  tv tsvector, tq tsquery, p point, bx box, path path, l pg_lsn, x xid, x8 xid8, tid tid, rc regclass, rp regprocedure, rt regtype, rr regrole, iv int2vector, ov oidvector, acl aclitem, jp jsonpath);
SELECT steward.audit_table('aty.texts');
INSERT INTO aty.texts VALUES (1, E'\\ " \b\f\n\r\t\x01\x1f\x7f / ünï \U0001F600 </script>', 'ab', 'ab', 'x', 'Name', '\x00ff5c22', '01234567-89AB-CDEF-0123-456789ABCDEF', '192.168.0.1/24', '10.0.0.0/8',
  '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', '101', '', 'a:1 b:2', 'a & !b', '(1.5,-0)', '(1,1),(0,0)', '[(0,0),(1,1e300)]', '16/B374D848', '4294967295', '18446744073709551615',
  '(4294967295,65535)', 'pg_class', 'lower(text)', 'int4', 'pg_monitor', '1 2', '3', makeaclitem('pg_monitor'::regrole, 'pg_monitor'::regrole, 'SELECT', true), '$.a[*] ? (@ > 1)');
SELECT * FROM aty.last('texts');
INSERT INTO aty.texts (id, t, v, c, n, b) VALUES (2, '', '', '', '', '');
SELECT * FROM aty.last('texts') WHERE value <> 'null';
SELECT count(*) FROM steward.audit_log l, aty.texts t WHERE l.rel_name = 'texts' AND t.id::text = l.row_key AND (l.new_values ->> 't', (l.new_values ->> 'b')::bytea, (l.new_values ->> 'u')::uuid) IS DISTINCT FROM (t.t, t.b, t.u);

-- Arrays, rows, ranges, enums.
CREATE TABLE aty.nests (
  id int PRIMARY KEY, a int[], t text[], d timestamptz[], f float8[], j json[], jb jsonb[], e aty.mood, ea aty.mood[], w aty.words, ps aty.positive[],
  r aty.point3, n aty.nested, na aty.nested[], dp aty.pair, ir int4range, tr tstzrange, mr int4multirange, tm tstzmultirange, ar int4range[], fr aty.floats, nr numrange);
SELECT steward.audit_table('aty.nests');
INSERT INTO aty.nests VALUES (1, '{1,NULL,3}', ARRAY['a', NULL, 'NULL', '', '"'], '{2026-01-01 00:00+00,infinity,NULL}', '{NaN,1.5,-Infinity,NULL}', ARRAY['{"a": [1, 2]}', 'null', NULL, '"\u0000"']::json[],
  '{"1","{\"b\": 1, \"a\": null}",NULL}', 'so "so"', '{sad,NULL,ünhappy}', '{x}', '{1.5}',
  (1, 'NaN', NULL), ((1, 2, 'x'), ARRAY[(1, 2, 'a'), NULL, (NULL, NULL, NULL)]::aty.point3[], 'sad', '{"k": 1}', 'q'), ARRAY[((NULL, 1, ''), '{}', NULL, NULL, NULL)::aty.nested], (9, 9, '9'),
  '[1,5)', '[2026-01-01 00:00+00,)', '{[1,3),[5,6)}', '{[2026-01-01 00:00+00,2026-02-01 00:00+00)}', ARRAY['empty', '(,)']::int4range[], '[0.1,0.30000000000000004)', '(1.10,2.20]');
SELECT * FROM aty.last('nests');
INSERT INTO aty.nests (id, a, t, f, jb, w, r, n, na, ir, mr) VALUES (2, '{}', '{{a,b},{c,d}}', '[0:1]={1,2}', '{}', '[-1:0]={x,y}', (NULL, NULL, NULL), NULL, '{}', 'empty', '{}');
SELECT * FROM aty.last('nests') WHERE value <> 'null';
INSERT INTO aty.nests (id, a, t, ea) VALUES (3, '{{{1,2},{3,4}},{{5,6},{7,NULL}}}', '[1:1][2:3]={{a,b}}', '{{sad},{NULL}}');
SELECT * FROM aty.last('nests') WHERE value <> 'null';
-- To_jsonb() gives the same where a value has nothing of its own.
SET TimeZone = 'UTC'; SET DateStyle = 'ISO';
SELECT k.key, l.new_values -> k.key AS logged, to_jsonb(q) -> k.key AS to_jsonb FROM (SELECT id, a, t, d, f, jb, e, ea, w, ps, r, n, na, dp, ir, tr, mr, tm, ar, fr, nr FROM aty.nests) q JOIN steward.audit_log l ON l.rel_name = 'nests' AND l.row_key = q.id::text, LATERAL jsonb_object_keys(l.new_values - 'j') k (key)
  WHERE l.new_values -> k.key IS DISTINCT FROM to_jsonb(q) -> k.key ORDER BY q.id, 1;
RESET TimeZone; RESET DateStyle;

-- JSON, also such as jsonb cannot hold.
CREATE TABLE aty.jsons (id int PRIMARY KEY, j json, b jsonb);
SELECT steward.audit_table('aty.jsons');
INSERT INTO aty.jsons VALUES (1, '{"a": 1, "a": 2, "b": [1, {"c": null}], "num": 1.50}', '{"a": 1, "b": [1, {"c": null}, [], {}, "", 1.50, true]}'),
  (2, '"scalar"', '"scalar"'), (3, '1e5', '1e5'), (4, 'null', 'null'), (5, ' [ ] ', '[]'), (6, '{}', '{}'), (7, 'true', 'false'), (8, NULL, NULL),
  (9, '"\u0000"', '"\u00e4"'), (10, '{"k\u0000": "\ud83d\ude00"}', '"😀"'), (11, '"\ud800"', '[]'), (12, '["\udc00\ud800"]', '[]'), (13, '1e1000000', '1e1000'),
  (14, '{"x": 1E400000}', '-1.5e-10'), (15, '"\u0061\\u0000"', '"\\u0000"'), (16, '{"a": "1e5", "b": "\\e5", "c": 12E+2}', '0'), (17, '"\\u0000"', '"a\"b"');
SELECT l.row_key::int AS id, l.new_values -> 'j' AS j, CASE WHEN l.row_key <> '13' THEN l.new_values -> 'b' END AS b FROM steward.audit_log l WHERE l.rel_name = 'jsons' ORDER BY 1;
SELECT count(*) FROM aty.jsons t JOIN steward.audit_log l ON l.rel_name = 'jsons' AND l.row_key = t.id::text WHERE l.new_values -> 'b' IS DISTINCT FROM COALESCE(t.b, 'null');
INSERT INTO aty.jsons VALUES (20, repeat('1', 20000)::json, NULL), (21, ('0.' || repeat('0', 20000) || '1')::json, NULL), (22, (repeat('[', 5000) || repeat(']', 5000))::json, NULL),
  (23, ('{"' || repeat('k', 70000) || '": "' || repeat('v', 70000) || '"}')::json, NULL), (24, ('"' || repeat('x', 3000000) || '"')::json, NULL);
SELECT row_key, left((new_values -> 'j')::text, 30), length((new_values -> 'j')::text), new_values -> 'j' ? 'unparsed_json' AS unparsed FROM steward.audit_log WHERE rel_name = 'jsons' AND row_key::int >= 20 ORDER BY id;
UPDATE aty.jsons SET j = '{"unparsed": "\u0000"}' WHERE id = 1;
UPDATE aty.jsons SET j = '{"unparsed":  "\u0000"}' WHERE id = 1;
SELECT old_values, new_values FROM steward.audit_log WHERE rel_name = 'jsons' AND action = 'update' ORDER BY id;
BEGIN;
SAVEPOINT a;
INSERT INTO aty.jsons VALUES (30, '"\u0000"', NULL);
ROLLBACK TO a;
INSERT INTO aty.jsons VALUES (31, '"\u0000"', NULL);
COMMIT;
SELECT row_key FROM steward.audit_log WHERE rel_name = 'jsons' AND row_key::int >= 30;

-- XML, where the server has it; types of extensions, where they are installed.
SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'hstore') AND EXISTS (SELECT FROM pg_available_extensions WHERE name = 'citext') AS has_contrib \gset
\if :has_contrib
CREATE EXTENSION hstore SCHEMA aty;
CREATE EXTENSION citext SCHEMA aty;
CREATE TABLE aty.contrib (id int PRIMARY KEY, h aty.hstore, c aty.citext, ca aty.citext[]);
SELECT steward.audit_table('aty.contrib') \g /dev/null
INSERT INTO aty.contrib VALUES (1, 'a=>1, "b c"=>NULL', 'Ab', '{Cd,NULL}');
UPDATE aty.contrib SET c = 'aB';
SELECT bool_and(ok) AS as_their_texts FROM (
  SELECT new_values = '{"id": 1, "h": "\"a\"=>\"1\", \"b c\"=>NULL", "c": "Ab", "ca": ["Cd", null]}' AS ok FROM steward.audit_log WHERE rel_name = 'contrib' AND action = 'create'
  UNION ALL SELECT changed = '{c}' AND new_values = '{"c": "aB"}' FROM steward.audit_log WHERE rel_name = 'contrib' AND action = 'update') t;
SELECT steward.unaudit_table('aty.contrib') \g /dev/null
DROP TABLE aty.contrib;
DROP EXTENSION hstore, citext;
\else
SELECT true AS as_their_texts;
\endif

-- Large values, and updates that leave them alone.
CREATE TABLE aty.large (id int PRIMARY KEY, big text, packed text, j jsonb, n int);
ALTER TABLE aty.large ALTER big SET STORAGE EXTERNAL;
SELECT steward.audit_table('aty.large');
INSERT INTO aty.large VALUES (1, repeat('0123456789', 2000), repeat('x', 100000), (SELECT jsonb_agg(n) FROM generate_series(1, 3000) n), 0);
SELECT length(new_values ->> 'big'), length(new_values ->> 'packed'), jsonb_array_length(new_values -> 'j') FROM steward.audit_log WHERE rel_name = 'large' ORDER BY id DESC LIMIT 1;
UPDATE aty.large SET n = 1;
UPDATE aty.large SET big = big, packed = packed, j = j, n = 2;
UPDATE aty.large SET big = big || '', packed = repeat('x', 100000), n = 3;
SELECT changed, old_values, new_values FROM steward.audit_log WHERE rel_name = 'large' AND action = 'update' ORDER BY id;
UPDATE aty.large SET big = big || 'x', j = j || '0';
SELECT changed, length(old_values ->> 'big'), length(new_values ->> 'big'), jsonb_array_length(new_values -> 'j') FROM steward.audit_log WHERE rel_name = 'large' ORDER BY id DESC LIMIT 1;
SELECT new_values -> 'big' = to_jsonb(big) AND new_values -> 'j' = j AS same FROM steward.audit_log, aty.large WHERE rel_name = 'large' ORDER BY steward.audit_log.id DESC LIMIT 1;
SELECT steward.audit_table('aty.large', full_rows => true);
UPDATE aty.large SET n = 4;
SELECT changed, new_values = to_jsonb(l) AS whole, old_values || '{"n": 4}' = new_values AS differs_there FROM steward.audit_log, aty.large l WHERE rel_name = 'large' ORDER BY steward.audit_log.id DESC LIMIT 1;
DELETE FROM aty.large;
SELECT length(old_values ->> 'packed') FROM steward.audit_log WHERE rel_name = 'large' ORDER BY id DESC LIMIT 1;

-- Many columns and containers inside each other: what is written is what the server itself would write.
SELECT format('CREATE TABLE aty.wide (id int PRIMARY KEY, %s)', string_agg(format('%I %s', repeat('ab'::text, n % 7) || n || CASE n % 5 WHEN 0 THEN 'é' ELSE '' END,
  (ARRAY['int', 'text', 'numeric', 'jsonb', 'int[]', 'aty.point3', 'boolean', 'float8', 'timestamptz', 'text[]'])[1 + n % 10]), ', ' ORDER BY n)) FROM generate_series(1, 300) n \gexec
SELECT steward.audit_table('aty.wide');
SELECT format('INSERT INTO aty.wide SELECT i, %s FROM generate_series(1, 12) i', string_agg(format(
  CASE n % 10 WHEN 0 THEN 'NULLIF(i * %1$s %% 17, 0)' WHEN 1 THEN 'NULLIF(repeat(''x'', i * %1$s %% 23), '''')' WHEN 2 THEN 'CASE i %% 5 WHEN 0 THEN NULL ELSE i::numeric / %1$s END'
    WHEN 3 THEN '(ARRAY[''null'', ''"s"'', ''[]'', ''{"a": {"b": [1, 2, {"c": 1.5}]}, "bb": []}'', NULL, ''1.25'', ''[[[]], "x", 1e10]'']::jsonb[])[1 + (i + %1$s) %% 7]'
    WHEN 4 THEN '(SELECT array_agg(x) FROM generate_series(1, (i * %1$s) %% 100) x)' WHEN 5 THEN 'ROW(i, %1$s::numeric / i, NULL)::aty.point3' WHEN 6 THEN '(ARRAY[true, false, NULL])[1 + (i + %1$s) %% 3]'
    WHEN 7 THEN 'i / %1$s::float8' WHEN 8 THEN '''2026-01-01 00:00+00''::timestamptz + i * interval ''1 s''' ELSE 'ARRAY[repeat(''y'', i), NULL, ''''] || array_fill(''z''::text, ARRAY[i %% 40])' END, n), ', ' ORDER BY n)) FROM generate_series(1, 300) n \gexec
SET TimeZone = 'UTC';
-- To_jsonb() has numbers of floats and times alike here.
SELECT count(*) AS rows, count(*) FILTER (WHERE l.new_values = to_jsonb(w)) AS equal, count(*) FILTER (WHERE l.new_values::text = to_jsonb(w)::text) AS same_text,
  count(*) FILTER (WHERE l.new_values::text::jsonb = l.new_values) AS parsed, count(*) FILTER (WHERE jsonb_hash(l.new_values) = jsonb_hash(to_jsonb(w))) AS same_hash,
  count(*) FILTER (WHERE l.new_values @> to_jsonb(w) AND to_jsonb(w) @> l.new_values) AS contained
  FROM aty.wide w JOIN steward.audit_log l ON l.rel_name = 'wide' AND l.row_key = w.id::text;
SELECT count(*) FILTER (WHERE l.new_values -> k IS DISTINCT FROM w.j -> k) AS other, count(*) FILTER (WHERE NOT l.new_values ? k) AS missing,
  count(*) FILTER (WHERE l.new_values #> ARRAY[k, 'a', 'b', '2', 'c'] IS DISTINCT FROM w.j #> ARRAY[k, 'a', 'b', '2', 'c']) AS other_inside, count(*) FILTER (WHERE l.new_values -> (k || 'x') IS NOT NULL) AS odd,
  count(*) FILTER (WHERE jsonb_typeof(l.new_values -> k) = 'array' AND l.new_values -> k -> -1 IS DISTINCT FROM w.j -> k -> -1) AS other_last
  FROM (SELECT id, to_jsonb(w) AS j FROM aty.wide w OFFSET 0) w JOIN steward.audit_log l ON l.rel_name = 'wide' AND l.row_key = w.id::text, LATERAL jsonb_object_keys(w.j) k;
SELECT count(*) FROM aty.wide w JOIN steward.audit_log l ON l.rel_name = 'wide' AND l.row_key = w.id::text
  WHERE jsonb_set(l.new_values, '{id}', '0') IS DISTINCT FROM jsonb_set(to_jsonb(w), '{id}', '0')
    OR l.new_values - 'id' IS DISTINCT FROM to_jsonb(w) - 'id' OR l.new_values || '{"zzz": 1}' IS DISTINCT FROM to_jsonb(w) || '{"zzz": 1}' OR jsonb_pretty(l.new_values) <> jsonb_pretty(to_jsonb(w))
    OR jsonb_path_query_array(l.new_values, '$.**') IS DISTINCT FROM jsonb_path_query_array(to_jsonb(w), '$.**');
RESET TimeZone;
CREATE TABLE aty.none (id int, i int);
SELECT steward.audit_table('aty.none', ignore_cols => '{id,i}');
INSERT INTO aty.none VALUES (1, 1);
UPDATE aty.none SET i = 2;
DELETE FROM aty.none;
SELECT action, old_values, new_values, new_values = '{}' AS empty, new_values || '{"a": 1}' AS more FROM steward.audit_log WHERE rel_name = 'none' ORDER BY id;

-- The same values in sessions that write them differently.
CREATE TABLE aty.settings (id int PRIMARY KEY, tz timestamptz, ts timestamp, d date, t timetz, i interval, f4 float4, f8 float8, b bytea, c money, k timestamptz[], r tstzrange, n aty.nested, rg regclass, ra regclass[], rt regtype,
  di aty.pair, mi money[], x xml, fr aty.floats, dmo numeric);
CREATE TABLE aty.keyed (tz timestamptz, b bytea, f float8, c money, i interval, rg regclass, n int, PRIMARY KEY (tz, b, f, c, i, rg));
SELECT steward.audit_table('aty.settings'), steward.audit_table('aty.keyed', redact_cols => '{n}');
CREATE PROCEDURE aty.write(n int) LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO aty.settings (id, tz, ts, d, t, i, f4, f8, b, c, k, r, rg, ra, rt, mi, fr) SELECT n, to_timestamp(1772600000.25), timestamp 'epoch' + interval '20000 days', date 'epoch' + 20000, timetz '12:00+01', make_interval(1, 2, 0, -3, 4, 5, 6.75),
    0.1::float4 + 0.2::float4, 0.1::float8 + 0.2::float8, decode('00ff5c', 'hex'), 1234.5::numeric::money, ARRAY[to_timestamp(0)], tstzrange(to_timestamp(0), NULL), 'aty.settings'::regclass, ARRAY['aty.settings'::regclass], 'aty.mood'::regtype,
    ARRAY[1234.5::numeric::money], aty.floats(0.1::float8 + 0.2::float8, NULL);
  INSERT INTO aty.keyed VALUES (to_timestamp(1772600000.25), decode('00ff5c', 'hex'), 0.1::float8 + 0.2::float8, 1234.5::numeric::money, make_interval(1, 2, 0, -3, 4, 5, 6.75), 'aty.settings'::regclass, n);
  UPDATE aty.keyed SET n = 4711;
  DELETE FROM aty.keyed;
END $$;
CALL aty.write(1);
SET TimeZone = 'America/St_Johns'; SET DateStyle = 'German, DMY'; SET IntervalStyle = 'iso_8601'; SET bytea_output = 'escape'; SET extra_float_digits = 0; SET lc_monetary = 'C.UTF-8';
CALL aty.write(2);
SET TimeZone = 'Asia/Kathmandu'; SET DateStyle = 'SQL, MDY'; SET IntervalStyle = 'sql_standard'; SET extra_float_digits = -15; SET search_path = aty, public;
CALL aty.write(3);
SET TimeZone = '<-05>5'; SET DateStyle = 'Postgres, YMD'; SET IntervalStyle = 'postgres_verbose'; SET bytea_output = 'hex'; SET extra_float_digits = 3; SET quote_all_identifiers = on;
CALL aty.write(4);
SHOW TimeZone;
SHOW DateStyle;
SELECT tz, f8 FROM aty.settings WHERE id = 4;
RESET ALL;
SET client_min_messages = warning;
SELECT count(*), count(DISTINCT new_values - 'id') FROM steward.audit_log WHERE rel_name = 'settings';
SELECT jsonb_pretty(new_values - 'id') FROM steward.audit_log WHERE rel_name = 'settings' ORDER BY id LIMIT 1;
SELECT count(*), count(DISTINCT row_key), min(row_key), count(DISTINCT new_values ->> 'n') FILTER (WHERE action = 'update') AS hashes FROM steward.audit_log WHERE rel_name = 'keyed';

-- Casts and functions of others are not called.
CREATE FUNCTION aty.trap(aty.mood) RETURNS json LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped as %', current_user; END $$;
CREATE FUNCTION aty.trap(aty.point3) RETURNS jsonb LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped as %', current_user; END $$;
CREATE FUNCTION aty.trap_text(aty.mood) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped as %', current_user; END $$;
CREATE CAST (aty.mood AS json) WITH FUNCTION aty.trap(aty.mood);
CREATE CAST (aty.point3 AS jsonb) WITH FUNCTION aty.trap(aty.point3) AS IMPLICIT;
CREATE CAST (aty.mood AS text) WITH FUNCTION aty.trap_text(aty.mood) AS IMPLICIT;
CREATE TABLE aty.trapped (id int, e aty.mood, p aty.point3, PRIMARY KEY (id, e));
SELECT steward.audit_table('aty.trapped', tenant_col => 'e');
INSERT INTO aty.trapped VALUES (1, 'sad', (1, 2, '3'));
SELECT * FROM refusal('SELECT to_jsonb(t) FROM aty.trapped t') LIMIT 1;
SELECT row_key, tenant, new_values FROM steward.audit_log WHERE rel_name = 'trapped';
DROP CAST (aty.mood AS json);
DROP CAST (aty.point3 AS jsonb);
DROP CAST (aty.mood AS text);

-- Objects of the same names before the server's and steward's own.
CREATE ROLE regress_aty_owner;
CREATE SCHEMA aty_trap AUTHORIZATION regress_aty_owner;
SET ROLE regress_aty_owner;
CREATE FUNCTION aty_trap.trapped() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped as %', current_user; END $$;
CREATE FUNCTION aty_trap.oideq(oid, oid) RETURNS boolean LANGUAGE sql AS 'SELECT aty_trap.trapped() IS NULL';
CREATE FUNCTION aty_trap.same(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT aty_trap.trapped() IS NULL';
CREATE FUNCTION aty_trap.same(regclass, regclass) RETURNS boolean LANGUAGE sql AS 'SELECT aty_trap.trapped() IS NULL';
CREATE OPERATOR aty_trap.= (LEFTARG = text, RIGHTARG = text, FUNCTION = aty_trap.same);
CREATE OPERATOR aty_trap.= (LEFTARG = regclass, RIGHTARG = regclass, FUNCTION = aty_trap.same);
CREATE FUNCTION aty_trap.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT aty_trap.trapped()::timestamptz';
CREATE FUNCTION aty_trap.array_agg(anynonarray) RETURNS anyarray LANGUAGE sql AS 'SELECT aty_trap.trapped()::text[]';
CREATE TYPE aty_trap.text AS ENUM ('a');
CREATE TABLE aty_trap.mine (id int PRIMARY KEY, e varchar, secret varchar);
CREATE TEMP TABLE audit_records (id bigint);
CREATE TEMP TABLE _audited (rel oid);
CREATE TEMP TABLE pg_class (oid oid);
CREATE TEMP TABLE pg_trigger (oid oid);
CREATE TEMP TABLE _audit_key (key bytea);
SET search_path = aty_trap, pg_temp, pg_catalog;
SELECT steward.audit_table('mine', redact_cols => '{secret}');
INSERT INTO mine VALUES (1, 'a', 'b');
UPDATE mine SET e = 'x', secret = 'y';
DELETE FROM mine;
TRUNCATE mine;
SELECT steward.unaudit_table('mine');
RESET search_path;
RESET ROLE;
SELECT (SELECT count(*) FROM pg_temp.audit_records), (SELECT count(*) FROM pg_temp._audited);
DROP TABLE pg_temp.pg_class, pg_temp.pg_trigger, pg_temp._audited, pg_temp.audit_records, pg_temp._audit_key;
SELECT action, row_key, regexp_replace(new_values::text, '[0-9a-f]{32}', '…', 'g') AS new_values, actor, login_role = session_user AS login, role FROM steward.audit_log WHERE rel_name = 'mine' ORDER BY id;

-- All there is in the log can be read in all ways.
SELECT count(*) FROM steward.audit_records r, LATERAL (VALUES (r.old_values), (r.new_values)) v (j)
  WHERE r.id > (SELECT id FROM seen) AND (j::text::jsonb IS DISTINCT FROM j OR jsonb_hash(j) <> jsonb_hash(j::text::jsonb) OR jsonb_typeof(j) <> 'object'
    OR EXISTS (SELECT FROM jsonb_each(j) e WHERE j -> e.key IS DISTINCT FROM e.value OR NOT j @> jsonb_build_object(e.key, e.value))
    OR (SELECT COALESCE(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each(j) e) <> j);
SELECT count(*) FROM steward.audit_records r WHERE (SELECT count(*) FROM steward.audit_transactions t WHERE t.tx = r.tx) <> 1;
SELECT count(*) FROM steward.audit_gaps;
SELECT steward.unaudit_table(rel) FROM steward.audited_tables WHERE rel::text ~ '^aty' \g /dev/null
\set SHOW_CONTEXT never
DROP SCHEMA aty, aty_trap CASCADE;
DROP ROLE regress_aty_owner;
