-- Every function as its users know it: a change of any of these lines is a change of the API.
-- Columns: signature with defaults, result, volatility, strictness, parallel safety, language.
BEGIN;
SELECT plan(3);

CREATE TEMP VIEW functions AS
  SELECT p.oid, p.proname, format('%s(%s)', p.proname, pg_get_function_arguments(p.oid)) AS signature, pg_get_function_result(p.oid) AS result,
         CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END AS volatility,
         CASE WHEN p.proisstrict THEN 'strict' ELSE 'called on null' END AS strictness,
         CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END AS parallel, l.lanname AS language
  FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.pronamespace = 'steward'::regnamespace;

SELECT set_eq('SELECT signature, result, volatility, strictness, parallel, language::text FROM functions', $$ VALUES
  ('base62_encode(value bigint)', 'text', 'immutable', 'strict', 'safe', 'c'),
  ('base62_decode(code text)', 'bigint', 'immutable', 'strict', 'safe', 'c'),
  ('base62_encode_numeric(value numeric)', 'text', 'immutable', 'strict', 'safe', 'c'),
  ('base62_decode_numeric(code text)', 'numeric', 'immutable', 'strict', 'safe', 'c'),
  ('base62_encode_uuid(value uuid)', 'text', 'immutable', 'strict', 'safe', 'c'),
  ('base62_decode_uuid(code text)', 'uuid', 'immutable', 'strict', 'safe', 'c'),
  ('base62_encode_bytea(value bytea)', 'text', 'immutable', 'strict', 'safe', 'c'),
  ('base62_decode_bytea(code text)', 'bytea', 'immutable', 'strict', 'safe', 'c'),
  ('random_code(length integer DEFAULT 8)', 'text', 'volatile', 'strict', 'safe', 'c'),
  ('create_series(series text, length integer DEFAULT 8, check_chars integer DEFAULT 0, key bytea DEFAULT NULL::bytea)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('drop_series(series text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('next_code(series text)', 'text', 'volatile', 'called on null', 'unsafe', 'c'),
  ('code_of(id bigint, series text)', 'text', 'stable', 'strict', 'safe', 'c'),
  ('id_of(code text, series text)', 'bigint', 'stable', 'strict', 'safe', 'c'),
  ('try_id_of(code text, series text)', 'bigint', 'stable', 'strict', 'safe', 'c'),
  ('assign_codes(rel regclass, col name, length integer DEFAULT NULL::integer, series text DEFAULT NULL::text, max_length integer DEFAULT NULL::integer, prefix text DEFAULT NULL::text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('unassign_codes(rel regclass, col name)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('assign_code()', 'trigger', 'volatile', 'called on null', 'unsafe', 'c'),
  ('grant_access(role name, level text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('revoke_access(role name, level text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('_next_id(series text)', 'bigint', 'volatile', 'called on null', 'unsafe', 'c'),
  ('_assigned_columns(OUT rel regclass, OUT col name, OUT series text, OUT prefix text, OUT length integer, OUT max_length integer)', 'SETOF record', 'stable', 'called on null', 'unsafe', 'c'),
  ('_announce_change()', 'trigger', 'volatile', 'called on null', 'unsafe', 'c'),
  ('_adopt_sequence()', 'trigger', 'volatile', 'called on null', 'unsafe', 'c') $$,
  'the functions are these, and as they were promised');

-- What a driver that sends no types needs: one function of each name and number of arguments.
SELECT is_empty('SELECT proname, count(*) FROM functions GROUP BY proname HAVING count(*) > 1',
  'no name is overloaded');

SELECT set_eq($$ SELECT table_name || '.' || string_agg(format('%s %s', column_name, data_type), ', ' ORDER BY ordinal_position)
    FROM information_schema.columns WHERE table_schema = 'steward' AND table_name !~ '^_' GROUP BY table_name $$, $$ VALUES
  ('access_grants.role regrole, level text, complete boolean'),
  ('blocked_words.word text, blocked boolean, builtin boolean, anywhere boolean'),
  ('reserved_codes.word text, reserved boolean, builtin boolean'),
  ('series.series text, length integer, check_chars integer, created_at timestamp with time zone, next_id bigint, capacity bigint, share_used numeric'),
  ('code_capacity.rel regclass, col name, series text, prefix text, length integer, max_length integer, drawing_length integer, live_codes bigint, share_used numeric, collision_chance double precision, guesses_to_hit numeric, suggested_length integer') $$,
  'the tables and views have these columns');

SELECT finish();
ROLLBACK;
