-- Calls as drivers make them: parameters without a type, or with the one that the language has.
BEGIN;
SELECT plan(23);
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

SELECT finish();
ROLLBACK;
