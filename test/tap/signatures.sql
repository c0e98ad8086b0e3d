-- Every function as its users know it: a change of any of these lines is a change of the API.
-- Columns: signature with defaults, result, volatility, strictness, parallel safety, language.
BEGIN;
SELECT plan(4);

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
  ('hit(rel regclass, key bigint, n bigint DEFAULT 1, col name DEFAULT NULL::name)', 'bigint', 'volatile', 'called on null', 'unsafe', 'c'),
  ('hit(rel regclass, key uuid, n bigint DEFAULT 1, col name DEFAULT NULL::name)', 'bigint', 'volatile', 'called on null', 'unsafe', 'c'),
  ('hit(rel regclass, key text, n bigint DEFAULT 1, col name DEFAULT NULL::name)', 'bigint', 'volatile', 'called on null', 'unsafe', 'c'),
  ('try_hit(rel regclass, key bigint, n bigint DEFAULT 1, col name DEFAULT NULL::name)', 'bigint', 'volatile', 'called on null', 'unsafe', 'c'),
  ('try_hit(rel regclass, key uuid, n bigint DEFAULT 1, col name DEFAULT NULL::name)', 'bigint', 'volatile', 'called on null', 'unsafe', 'c'),
  ('try_hit(rel regclass, key text, n bigint DEFAULT 1, col name DEFAULT NULL::name)', 'bigint', 'volatile', 'called on null', 'unsafe', 'c'),
  ('count_of(rel regclass, key bigint, col name DEFAULT NULL::name)', 'bigint', 'stable', 'called on null', 'restricted', 'c'),
  ('count_of(rel regclass, key uuid, col name DEFAULT NULL::name)', 'bigint', 'stable', 'called on null', 'restricted', 'c'),
  ('count_of(rel regclass, key text, col name DEFAULT NULL::name)', 'bigint', 'stable', 'called on null', 'restricted', 'c'),
  ('set_count(rel regclass, key bigint, value bigint, col name DEFAULT NULL::name)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('set_count(rel regclass, key uuid, value bigint, col name DEFAULT NULL::name)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('set_count(rel regclass, key text, value bigint, col name DEFAULT NULL::name)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('count_series(rel regclass, key bigint, since timestamp with time zone, until timestamp with time zone, col name DEFAULT NULL::name, OUT bucket_start timestamp with time zone, OUT value bigint)', 'SETOF record', 'stable', 'called on null', 'restricted', 'c'),
  ('count_series(rel regclass, key uuid, since timestamp with time zone, until timestamp with time zone, col name DEFAULT NULL::name, OUT bucket_start timestamp with time zone, OUT value bigint)', 'SETOF record', 'stable', 'called on null', 'restricted', 'c'),
  ('count_series(rel regclass, key text, since timestamp with time zone, until timestamp with time zone, col name DEFAULT NULL::name, OUT bucket_start timestamp with time zone, OUT value bigint)', 'SETOF record', 'stable', 'called on null', 'restricted', 'c'),
  ('counts(rel regclass, col name DEFAULT NULL::name, OUT key text, OUT value bigint)', 'SETOF record', 'stable', 'called on null', 'restricted', 'c'),
  ('top_counts(rel regclass, since timestamp with time zone DEFAULT NULL::timestamp with time zone, k integer DEFAULT 10, col name DEFAULT NULL::name, OUT key text, OUT value bigint)', 'SETOF record', 'stable', 'called on null', 'restricted', 'c'),
  ('create_counter(rel regclass, col name, bucket interval DEFAULT NULL::interval, time_zone text DEFAULT NULL::text, keep interval DEFAULT NULL::interval, last_col name DEFAULT NULL::name)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('drop_counter(rel regclass, col name)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('fold_counters(IN rel regclass DEFAULT NULL::regclass)', NULL, 'volatile', 'called on null', 'unsafe', 'c'),
  ('set_cell_mode(mode text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('drop_counts()', 'trigger', 'volatile', 'called on null', 'unsafe', 'c'),
  ('move_counts()', 'trigger', 'volatile', 'called on null', 'unsafe', 'c'),
  ('_guard_cells()', 'trigger', 'volatile', 'called on null', 'unsafe', 'c'),
  ('_bound_counters(OUT id integer, OUT last_col name)', 'SETOF record', 'stable', 'called on null', 'restricted', 'c'),
  ('define_tier(tier text, rank integer)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('drop_tier(tier text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('define_meter(meter text, subjects regclass, kind text, period text DEFAULT NULL::text, unit text DEFAULT NULL::text, max_col name DEFAULT NULL::name, max_unit bigint DEFAULT NULL::bigint)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('drop_meter(meter text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('set_limit(tier text, meter text, max bigint)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('drop_limit(tier text, meter text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('override_limit(subject bigint, meter text, max bigint, until timestamp with time zone DEFAULT NULL::timestamp with time zone, reason text DEFAULT NULL::text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('override_limit(subject uuid, meter text, max bigint, until timestamp with time zone DEFAULT NULL::timestamp with time zone, reason text DEFAULT NULL::text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('override_limit(subject text, meter text, max bigint, until timestamp with time zone DEFAULT NULL::timestamp with time zone, reason text DEFAULT NULL::text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('drop_override(subject bigint, meter text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('drop_override(subject uuid, meter text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('drop_override(subject text, meter text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('grant_extra(subject bigint, meter text, amount bigint, until timestamp with time zone DEFAULT NULL::timestamp with time zone, reason text DEFAULT NULL::text)', 'bigint', 'volatile', 'called on null', 'unsafe', 'c'),
  ('grant_extra(subject uuid, meter text, amount bigint, until timestamp with time zone DEFAULT NULL::timestamp with time zone, reason text DEFAULT NULL::text)', 'bigint', 'volatile', 'called on null', 'unsafe', 'c'),
  ('grant_extra(subject text, meter text, amount bigint, until timestamp with time zone DEFAULT NULL::timestamp with time zone, reason text DEFAULT NULL::text)', 'bigint', 'volatile', 'called on null', 'unsafe', 'c'),
  ('revoke_extra(id bigint)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('bind_subjects(rel regclass, tier_col name DEFAULT NULL::name, key_col name DEFAULT NULL::name, expires_col name DEFAULT NULL::name, fallback text DEFAULT NULL::text, zone_col name DEFAULT NULL::name, anchor_col name DEFAULT NULL::name)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('unbind_subjects(rel regclass)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('drop_subjects()', 'trigger', 'volatile', 'called on null', 'unsafe', 'c'),
  ('move_subjects()', 'trigger', 'volatile', 'called on null', 'unsafe', 'c'),
  ('consume(subject bigint, meter text, amount bigint DEFAULT 1, idempotency_key text DEFAULT NULL::text)', 'bigint', 'volatile', 'called on null', 'unsafe', 'c'),
  ('consume(subject uuid, meter text, amount bigint DEFAULT 1, idempotency_key text DEFAULT NULL::text)', 'bigint', 'volatile', 'called on null', 'unsafe', 'c'),
  ('consume(subject text, meter text, amount bigint DEFAULT 1, idempotency_key text DEFAULT NULL::text)', 'bigint', 'volatile', 'called on null', 'unsafe', 'c'),
  ('try_consume(subject bigint, meter text, amount bigint DEFAULT 1, idempotency_key text DEFAULT NULL::text)', 'boolean', 'volatile', 'called on null', 'unsafe', 'c'),
  ('try_consume(subject uuid, meter text, amount bigint DEFAULT 1, idempotency_key text DEFAULT NULL::text)', 'boolean', 'volatile', 'called on null', 'unsafe', 'c'),
  ('try_consume(subject text, meter text, amount bigint DEFAULT 1, idempotency_key text DEFAULT NULL::text)', 'boolean', 'volatile', 'called on null', 'unsafe', 'c'),
  ('consume_all(subject bigint, meters text[], amounts bigint[], idempotency_key text DEFAULT NULL::text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('consume_all(subject uuid, meters text[], amounts bigint[], idempotency_key text DEFAULT NULL::text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('consume_all(subject text, meters text[], amounts bigint[], idempotency_key text DEFAULT NULL::text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('release(subject bigint, meter text, amount bigint DEFAULT 1)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('release(subject uuid, meter text, amount bigint DEFAULT 1)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('release(subject text, meter text, amount bigint DEFAULT 1)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('check_limit(subject bigint, meter text, amount bigint DEFAULT 1)', 'boolean', 'stable', 'called on null', 'restricted', 'c'),
  ('check_limit(subject uuid, meter text, amount bigint DEFAULT 1)', 'boolean', 'stable', 'called on null', 'restricted', 'c'),
  ('check_limit(subject text, meter text, amount bigint DEFAULT 1)', 'boolean', 'stable', 'called on null', 'restricted', 'c'),
  ('usage(subject bigint, rel regclass DEFAULT NULL::regclass, OUT meter text, OUT kind text, OUT tier text, OUT used bigint, OUT held bigint, OUT max bigint, OUT remaining bigint, OUT extra bigint, OUT period_start timestamp with time zone, OUT resets_at timestamp with time zone, OUT source text)', 'SETOF record', 'stable', 'called on null', 'restricted', 'c'),
  ('usage(subject uuid, rel regclass DEFAULT NULL::regclass, OUT meter text, OUT kind text, OUT tier text, OUT used bigint, OUT held bigint, OUT max bigint, OUT remaining bigint, OUT extra bigint, OUT period_start timestamp with time zone, OUT resets_at timestamp with time zone, OUT source text)', 'SETOF record', 'stable', 'called on null', 'restricted', 'c'),
  ('usage(subject text, rel regclass DEFAULT NULL::regclass, OUT meter text, OUT kind text, OUT tier text, OUT used bigint, OUT held bigint, OUT max bigint, OUT remaining bigint, OUT extra bigint, OUT period_start timestamp with time zone, OUT resets_at timestamp with time zone, OUT source text)', 'SETOF record', 'stable', 'called on null', 'restricted', 'c'),
  ('what_if(subject bigint, tier text, rel regclass DEFAULT NULL::regclass, OUT meter text, OUT used bigint, OUT max bigint, OUT over bigint)', 'SETOF record', 'stable', 'called on null', 'restricted', 'c'),
  ('what_if(subject uuid, tier text, rel regclass DEFAULT NULL::regclass, OUT meter text, OUT used bigint, OUT max bigint, OUT over bigint)', 'SETOF record', 'stable', 'called on null', 'restricted', 'c'),
  ('what_if(subject text, tier text, rel regclass DEFAULT NULL::regclass, OUT meter text, OUT used bigint, OUT max bigint, OUT over bigint)', 'SETOF record', 'stable', 'called on null', 'restricted', 'c'),
  ('explain_limit(subject bigint, meter text, amount bigint DEFAULT 1)', 'SETOF text', 'stable', 'called on null', 'restricted', 'c'),
  ('explain_limit(subject uuid, meter text, amount bigint DEFAULT 1)', 'SETOF text', 'stable', 'called on null', 'restricted', 'c'),
  ('explain_limit(subject text, meter text, amount bigint DEFAULT 1)', 'SETOF text', 'stable', 'called on null', 'restricted', 'c'),
  ('_may_see_subject(rel regclass, subject text)', 'boolean', 'stable', 'called on null', 'restricted', 'c'),
  ('_cell_denials(OUT meter integer, OUT subject text, OUT denied bigint, OUT last_denied timestamp with time zone)', 'SETOF record', 'stable', 'called on null', 'restricted', 'c'),
  ('limit_rows(rel regclass, subject_col name, meter text, measure_col name DEFAULT NULL::name, condition text DEFAULT NULL::text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('unlimit_rows(rel regclass, meter text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('count_rows()', 'trigger', 'volatile', 'called on null', 'unsafe', 'c'),
  ('verify_limits(OUT rel regclass, OUT meter text, OUT subject text, OUT counted bigint, OUT recorded bigint)', 'SETOF record', 'stable', 'called on null', 'restricted', 'c'),
  ('repair_limits()', 'bigint', 'volatile', 'called on null', 'unsafe', 'c'),
  ('fold_limits()', NULL, 'volatile', 'called on null', 'unsafe', 'c'),
  ('grant_access(role name, level text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('revoke_access(role name, level text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('manage_partitions(rel regclass, every interval DEFAULT NULL::interval, premake integer DEFAULT NULL::integer, retention interval DEFAULT NULL::interval, retention_action text DEFAULT NULL::text, archive_schema name DEFAULT NULL::name, key_step bigint DEFAULT NULL::bigint, since timestamp with time zone DEFAULT NULL::timestamp with time zone, time_zone text DEFAULT NULL::text, default_partition boolean DEFAULT NULL::boolean, keep_detached interval DEFAULT NULL::interval, lock_budget interval DEFAULT NULL::interval)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('unmanage_partitions(rel regclass)', 'void', 'volatile', 'strict', 'unsafe', 'c'),
  ('plan_partitions(rel regclass DEFAULT NULL::regclass, OUT rel regclass, OUT action text, OUT partition_name text, OUT lower_bound text, OUT upper_bound text, OUT statement text, OUT reason text, OUT newest_row timestamp with time zone)', 'SETOF record', 'volatile', 'called on null', 'unsafe', 'c'),
  ('maintain_partitions(IN rel regclass DEFAULT NULL::regclass)', NULL, 'volatile', 'called on null', 'unsafe', 'c'),
  ('hold_partition(part regclass, reason text DEFAULT NULL::text)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('unhold_partition(part regclass)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('restore_partition(part regclass)', 'void', 'volatile', 'called on null', 'unsafe', 'c'),
  ('_follow_partitions()', 'event_trigger', 'volatile', 'called on null', 'unsafe', 'c'),
  ('_follow_drops()', 'event_trigger', 'volatile', 'called on null', 'unsafe', 'c'),
  ('_next_id(series text)', 'bigint', 'volatile', 'called on null', 'unsafe', 'c'),
  ('_assigned_columns(OUT rel regclass, OUT col name, OUT series text, OUT prefix text, OUT length integer, OUT max_length integer)', 'SETOF record', 'stable', 'called on null', 'unsafe', 'c'),
  ('_announce_change()', 'trigger', 'volatile', 'called on null', 'unsafe', 'c'),
  ('_adopt_sequence()', 'trigger', 'volatile', 'called on null', 'unsafe', 'c') $$,
  'the functions are these, and as they were promised');

-- What a driver that sends no types needs: one function of each name. A row's key and a subject are the exception: what
-- takes one is there for bigint, uuid and text, all else being equal, so that a literal and an undeclared parameter are text.
CREATE TEMP VIEW overloads AS
  SELECT f.proname, a.types, a.rest
  FROM functions f JOIN pg_proc p USING (oid), LATERAL (
    SELECT string_agg(format_type(t.type, NULL), ' ') FILTER (WHERE t.of_key) AS types,
           string_agg(format('%s %s', p.proargnames[t.place], format_type(t.type, NULL)), ', ' ORDER BY t.place) FILTER (WHERE NOT t.of_key) AS rest
    FROM (SELECT u.type, u.place, p.proargnames[u.place] IN ('key', 'subject') AS of_key
          FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY u (type, place)) t) a
  WHERE (SELECT count(*) FROM functions g WHERE g.proname = f.proname) > 1;
SELECT set_eq('SELECT DISTINCT proname::text FROM overloads', '{hit,try_hit,count_of,set_count,count_series,override_limit,drop_override,grant_extra,consume,try_consume,consume_all,release,check_limit,usage,what_if,explain_limit}'::text[],
  'these names are overloaded and no others');
SELECT is_empty($$ SELECT proname, string_agg(types, ', '), count(DISTINCT rest) FROM overloads GROUP BY proname
    HAVING array_agg(types ORDER BY types) IS DISTINCT FROM '{bigint,text,uuid}'::text[] OR count(DISTINCT rest) <> 1 $$,
  'an overload differs in the type of its key or subject only, and is there for bigint, uuid and text');

SELECT set_eq($$ SELECT table_name || '.' || string_agg(format('%s %s', column_name, data_type), ', ' ORDER BY ordinal_position)
    FROM information_schema.columns WHERE table_schema = 'steward' AND table_name !~ '^_' GROUP BY table_name $$, $$ VALUES
  ('access_grants.role regrole, level text, complete boolean'),
  ('counter_stats.rel regclass, col name, bucket text, time_zone text, keep interval, last_col name, cells bigint, total numeric, unfolded bigint, last_fold timestamp with time zone, last_error text, mode text, bound boolean'),
  ('usage_by_month.rel regclass, subject text, meter text, month text, used bigint, first_at timestamp with time zone, last_at timestamp with time zone'),
  ('limit_denials.rel regclass, subject text, meter text, denied bigint, last_denied_at timestamp with time zone'),
  ('blocked_words.word text, blocked boolean, builtin boolean, anywhere boolean'),
  ('reserved_codes.word text, reserved boolean, builtin boolean'),
  ('series.series text, length integer, check_chars integer, created_at timestamp with time zone, next_id bigint, capacity bigint, share_used numeric'),
  ('code_capacity.rel regclass, col name, series text, prefix text, length integer, max_length integer, drawing_length integer, live_codes bigint, share_used numeric, collision_chance double precision, guesses_to_hit numeric, suggested_length integer'),
  ('partition_sets.rel regclass, every interval, key_step bigint, premake integer, retention interval, retention_action text, archive_schema name, since timestamp with time zone, time_zone text, default_partition boolean, keep_detached interval, lock_budget interval'),
  ('recycled_partitions.part regclass, rel regclass, lower_bound text, upper_bound text, detached_at timestamp with time zone, drop_after timestamp with time zone, foreign_keys ARRAY, referenced_by ARRAY'),
  ('held_partitions.part regclass, reason text, held_at timestamp with time zone, held_by name') $$,
  'the tables and views have these columns');

SELECT finish();
ROLLBACK;
