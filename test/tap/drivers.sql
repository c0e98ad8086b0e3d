-- Calls as drivers make them: parameters without a type, or with the one that the language has.
BEGIN;
SELECT plan(52);
SELECT steward.create_series('driver', 6, 1, '\x2B7E151628AED2A6ABF7158809CF4F3C');

PREPARE unknown_encode AS SELECT steward.base62_encode($1);
SELECT results_eq('EXECUTE unknown_encode(3844)', '{100}'::text[], 'a parameter without a type');
PREPARE int2_encode(smallint) AS SELECT steward.base62_encode($1);
SELECT results_eq('EXECUTE int2_encode(61)', '{z}'::text[], 'a smallint');
PREPARE int4_encode(int) AS SELECT steward.base62_encode($1);
SELECT results_eq('EXECUTE int4_encode(3844)', '{100}'::text[], 'an int');
PREPARE int8_encode(bigint) AS SELECT steward.base62_encode($1);
SELECT results_eq('EXECUTE int8_encode(9223372036854775807)', '{AzL8n0Y58m7}'::text[], 'a bigint');
SELECT results_eq($$ SELECT steward.base62_encode('3844') $$, '{100}'::text[], 'a literal');
PREPARE text_encode(text) AS SELECT steward.base62_encode($1::bigint);
SELECT results_eq($$ EXECUTE text_encode('3844') $$, '{100}'::text[], 'a text, with a cast');
SELECT throws_ok('PREPARE text_without_cast(text) AS SELECT steward.base62_encode($1)', '42883', NULL, 'and without one it is refused');

PREPARE unknown_uuid AS SELECT steward.base62_encode_uuid($1);
SELECT results_eq($$ EXECUTE unknown_uuid('00000000-0000-0000-0000-00000000003e') $$, '{0000000000000000000010}'::text[], 'a UUID without a type');
PREPARE typed_uuid(uuid) AS SELECT steward.base62_encode_uuid($1);
SELECT results_eq($$ EXECUTE typed_uuid('00000000-0000-0000-0000-00000000003e') $$, '{0000000000000000000010}'::text[], 'a UUID');
PREPARE text_uuid(text) AS SELECT steward.base62_encode_uuid($1::uuid);
SELECT results_eq($$ EXECUTE text_uuid('00000000-0000-0000-0000-00000000003e') $$, '{0000000000000000000010}'::text[], 'a UUID as text, with a cast');

PREPARE int_numeric(int) AS SELECT steward.base62_encode_numeric($1);
SELECT results_eq('EXECUTE int_numeric(3844)', '{100}'::text[], 'an int where a numeric is wanted');
PREPARE unknown_numeric AS SELECT steward.base62_encode_numeric($1);
SELECT results_eq('EXECUTE unknown_numeric(18446744073709551615)', '{LygHa16AHYF}'::text[], 'a numeric without a type');
PREPARE unknown_bytea AS SELECT steward.base62_encode_bytea($1);
SELECT results_eq($$ EXECUTE unknown_bytea('\xFF') $$, '{47}'::text[], 'bytes without a type');

PREPARE unknown_decode AS SELECT steward.base62_decode($1);
SELECT results_eq($$ EXECUTE unknown_decode('100') $$, '{3844}'::bigint[], 'a code without a type');
PREPARE varchar_decode(varchar) AS SELECT steward.base62_decode($1);
SELECT results_eq($$ EXECUTE varchar_decode('100') $$, '{3844}'::bigint[], 'a varchar');

PREPARE unknown_code AS SELECT steward.id_of(steward.code_of($1, $2), $2);
SELECT results_eq($$ EXECUTE unknown_code(42, 'driver') $$, '{42}'::bigint[], 'a series, without types');
PREPARE int_code(int, varchar) AS SELECT steward.id_of(steward.code_of($1, $2), $2);
SELECT results_eq($$ EXECUTE int_code(42, 'driver') $$, '{42}'::bigint[], 'an int and a varchar');
PREPARE where_id(text, text) AS SELECT n FROM generate_series(0, 99) n WHERE n = steward.id_of($1, $2);
SELECT results_eq($$ EXECUTE where_id(steward.code_of(42, 'driver'), 'driver') $$, '{42}'::int[], 'a row by its code');
PREPARE unknown_try AS SELECT steward.try_id_of($1, $2);
SELECT results_eq($$ EXECUTE unknown_try('no code', 'driver') $$, '{NULL}'::bigint[], 'a wrong code is NULL to try_id_of');

PREPARE unknown_length AS SELECT length(steward.random_code($1));
SELECT results_eq('EXECUTE unknown_length(12)', '{12}'::int[], 'a length without a type');

CREATE TABLE driver_links (code text UNIQUE);
PREPARE unknown_assign AS SELECT steward.assign_codes($1, $2, $3, prefix => $4) IS NOT NULL;
SELECT lives_ok($$ EXECUTE unknown_assign('driver_links', 'code', 10, 'd-') $$, 'a table and a column without types');
PREPARE typed_assign(text, text) AS SELECT steward.unassign_codes($1::regclass, $2::name) IS NOT NULL;
SELECT lives_ok($$ EXECUTE typed_assign('driver_links', 'code') $$, 'or as text, with casts');
PREPARE unknown_series AS SELECT steward.create_series($1, $2, $3, $4) IS NOT NULL;
SELECT lives_ok($$ EXECUTE unknown_series('driver 2', 6, NULL, NULL) $$, 'options that are NULL');

-- A row's key: one name for bigint, uuid and text. What has no type is text, and means the same row.
CREATE TABLE driver_pages (id bigint PRIMARY KEY, views bigint NOT NULL DEFAULT 0, likes int NOT NULL DEFAULT 0);
CREATE TABLE driver_docs (id uuid PRIMARY KEY, views bigint NOT NULL DEFAULT 0);
CREATE TABLE driver_slugs (slug varchar(40) PRIMARY KEY, views bigint NOT NULL DEFAULT 0);
INSERT INTO driver_pages VALUES (42);
INSERT INTO driver_docs VALUES ('00112233-4455-6677-8899-aabbccddeeff');
INSERT INTO driver_slugs VALUES ('42');
SELECT steward.create_counter('driver_pages', 'views', bucket => '1 day', time_zone => 'UTC');
SELECT steward.create_counter('driver_docs', 'views'), steward.create_counter('driver_slugs', 'views');

SELECT results_eq($$ SELECT steward.hit('driver_pages', 42) $$, '{1}'::bigint[], 'an integer literal as a key');
SELECT results_eq($$ SELECT steward.hit('driver_pages', '042') $$, '{2}'::bigint[], 'a literal in quotes');
SELECT results_eq($$ SELECT steward.hit('driver_pages', 42::smallint) $$, '{3}'::bigint[], 'a smallint');
PREPARE unknown_hit AS SELECT steward.hit('driver_pages', $1);
SELECT results_eq($$ EXECUTE unknown_hit(42) $$, '{4}'::bigint[], 'a key without a type');
PREPARE int4_hit(int) AS SELECT steward.hit('driver_pages', $1);
SELECT results_eq($$ EXECUTE int4_hit(42) $$, '{5}'::bigint[], 'an int');
PREPARE int8_hit(bigint) AS SELECT steward.hit('driver_pages', $1);
SELECT results_eq($$ EXECUTE int8_hit(42) $$, '{6}'::bigint[], 'a bigint');
PREPARE text_hit(text) AS SELECT steward.hit('driver_pages', $1);
SELECT results_eq($$ EXECUTE text_hit('42') $$, '{7}'::bigint[], 'a text');
PREPARE varchar_hit(varchar) AS SELECT steward.hit('driver_pages', $1);
SELECT results_eq($$ EXECUTE varchar_hit('42') $$, '{8}'::bigint[], 'a varchar, as JDBC sends');
PREPARE cast_hit AS SELECT steward.hit('driver_pages', $1::bigint);
SELECT results_eq($$ EXECUTE cast_hit(42) $$, '{9}'::bigint[], 'a key with a cast, as asyncpg and sqlx need it');
PREPARE all_unknown_hit AS SELECT steward.hit($1, $2, $3, $4);
SELECT results_eq($$ EXECUTE all_unknown_hit('driver_pages', '42', 1, 'views') $$, '{10}'::bigint[], 'nothing with a type');
PREPARE unknown_rel_hit(text, bigint) AS SELECT steward.hit($1::regclass, $2);
SELECT results_eq($$ EXECUTE unknown_rel_hit('driver_pages', 42) $$, '{11}'::bigint[], 'a table as text, with a cast');
SELECT results_eq($$ SELECT steward.hit('driver_pages', key => 42, n => -1) $$, '{10}'::bigint[], 'parameters by name');
PREPARE typed_hit_uuid(uuid) AS SELECT steward.hit('driver_docs', $1);
SELECT results_eq($$ EXECUTE typed_hit_uuid('00112233-4455-6677-8899-aabbccddeeff') $$, '{1}'::bigint[], 'a UUID as a key');
PREPARE unknown_hit_uuid AS SELECT steward.hit('driver_docs', $1);
SELECT results_eq($$ EXECUTE unknown_hit_uuid('00112233-4455-6677-8899-AABBCCDDEEFF') $$, '{2}'::bigint[], 'a UUID without a type');
SELECT results_eq($$ SELECT steward.hit('driver_slugs', 42), steward.hit('driver_slugs', '42') $$, $$ VALUES (1::bigint, 2::bigint) $$,
  'a key of type varchar, given as a number and as text');
SELECT throws_ok('PREPARE numeric_hit(numeric) AS SELECT steward.hit(''driver_pages'', $1)', '42883', NULL, 'a numeric is no key');
PREPARE unknown_try_hit AS SELECT steward.try_hit('driver_pages', $1);
SELECT results_eq($$ EXECUTE unknown_try_hit(7) $$, '{NULL}'::bigint[], 'no such row is NULL to try_hit');
PREPARE unknown_count AS SELECT steward.count_of($1, $2);
SELECT results_eq($$ EXECUTE unknown_count('driver_pages', 42) $$, '{10}'::bigint[], 'a count, without types');
SELECT results_eq($$ SELECT d.id, steward.count_of('driver_docs', d.id) FROM driver_docs d $$,
  $$ VALUES ('00112233-4455-6677-8899-aabbccddeeff'::uuid, 2::bigint) $$, 'a column as a key');
PREPARE unknown_set AS SELECT steward.set_count($1, $2, $3) IS NOT NULL;
SELECT lives_ok($$ EXECUTE unknown_set('driver_pages', 42, 100) $$, 'a count is set, without types');
PREPARE unknown_count_series AS SELECT value FROM steward.count_series($1, $2, $3, $4);
SELECT results_eq($$ EXECUTE unknown_count_series('driver_pages', 42, '2000-01-01', NULL) $$, '{10}'::bigint[], 'a series of buckets, without types');
PREPARE unknown_top AS SELECT key, value FROM steward.top_counts($1, $2, $3);
SELECT results_eq($$ EXECUTE unknown_top('driver_pages', NULL, 5) $$, $$ VALUES ('42', 100::bigint) $$, 'top counts, without types');
PREPARE unknown_counter AS SELECT steward.create_counter($1, $2, bucket => $3, time_zone => $4, keep => $5) IS NOT NULL;
SELECT lives_ok($$ EXECUTE unknown_counter('driver_pages', 'likes', '1 hour', 'Europe/Berlin', '90 days') $$, 'a counter is made, without types');

-- The audit log: who acts, what is recorded, a row's history.
CREATE TABLE driver_notes (id uuid PRIMARY KEY, v text);
PREPARE unknown_audit AS SELECT steward.audit_table($1, ignore_cols => $2, redact_cols => $3, tenant_col => $4) IS NOT NULL;
SELECT lives_ok($$ EXECUTE unknown_audit('driver_notes', NULL, '{v}', NULL) $$, 'a table is audited, without types');
PREPARE unknown_actor AS SELECT steward.set_actor($1, tenant => $2, ip => $3, request => $4) IS NOT NULL;
SELECT lives_ok($$ EXECUTE unknown_actor('ada', '7', '198.51.100.7', NULL) $$, 'who acts, without types');
PREPARE unknown_event AS SELECT steward.record_event($1, $2, $3, $4) IS NOT NULL;
SELECT lives_ok($$ EXECUTE unknown_event('export', 'driver_notes', '00112233-4455-6677-8899-aabbccddeeff', '{"pages": 2}') $$, 'an event, without types');
INSERT INTO driver_notes VALUES ('00112233-4455-6677-8899-aabbccddeeff', 'a');
PREPARE unknown_history AS SELECT action FROM steward.history($1, $2) ORDER BY id;
SELECT results_eq($$ EXECUTE unknown_history('driver_notes', '00112233-4455-6677-8899-AABBCCDDEEFF') $$, '{export,create}'::text[], 'a row''s history, without types');
PREPARE typed_history(uuid) AS SELECT action, actor, tenant FROM steward.history('driver_notes', $1) ORDER BY id DESC LIMIT 1;
SELECT results_eq($$ EXECUTE typed_history('00112233-4455-6677-8899-aabbccddeeff') $$, $$ VALUES ('create', 'ada', '7') $$, 'and with a UUID');
PREPARE unknown_as_of AS SELECT steward.row_as_of($1, $2, $3) ->> 'id';
SELECT results_eq($$ EXECUTE unknown_as_of('driver_notes', '00112233-4455-6677-8899-aabbccddeeff', 'infinity') $$, '{00112233-4455-6677-8899-aabbccddeeff}'::text[],
  'a row as it was, without types');

SELECT finish();
ROLLBACK;
