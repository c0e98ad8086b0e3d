-- The tables that grow by time. By the clock, not in March 2026: install.sql has made what is due today.
RESET steward.now;
SET TimeZone = 'UTC';

SELECT set_has(format('SELECT partition_name::text FROM steward.partitions WHERE rel = %L::regclass', t),
  format('SELECT to_char(date_trunc(%L, now()) + n * interval %L, %L) FROM generate_series(0, 11) n', 'year', '1 month', '"' || t || '_y"YYYY"m"MM'),
  t || ': each month of the year has a partition') FROM unnest('{analytics_events,embed_analytics}'::text[]) t;
SELECT is((SELECT max(upper_bound::timestamptz) > now() + interval '1 year' FROM steward.partitions WHERE rel = 'analytics_events'::regclass), true, 'and so have those of a year to come');
INSERT INTO analytics_events (event, created_at) SELECT 'now and then', date_trunc('month', now()) + n * interval '1 week' FROM generate_series(0, 20) n;
SELECT is_empty($$ SELECT FROM analytics_events WHERE event = 'now and then' AND tableoid::regclass::text <> to_char(created_at, '"analytics_events_y"YYYY"m"MM') $$,
  'events are in the partition of their month');
INSERT INTO analytics_events (event, created_at) SELECT 'edge', date_trunc('month', now()) + interval '1 month' - n * interval '1 microsecond' FROM generate_series(0, 1) n;
SELECT is((SELECT count(DISTINCT tableoid) FROM analytics_events WHERE event = 'edge'), 2::bigint, 'a month ends when it ends, in UTC');
-- One user's events and one chart's, the latest first, are read from an index as they are.
SET enable_seqscan = off;
SET enable_bitmapscan = off;
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query; END $$;
SELECT ok(count(*) FILTER (WHERE line ~ '-> +(Incremental )?Sort *$|Seq Scan') = 0 AND count(*) FILTER (WHERE line ~ format('Index Scan Backward using %s_y\d+m\d+_%s_created_at_idx', rel, col)) > 10,
  format('%s: the latest of one %s, by a composite index', rel, what)) FROM (VALUES
  ('analytics_events', 'user_id', '00000000-0000-4000-8000-0000000000a1', 'user'), ('embed_analytics', 'chart_id', '00000000-0000-4000-8000-00000000dd01', 'chart')) v (rel, col, key, what),
  pg_temp.plan_of(format('SELECT * FROM %I WHERE %I = %L ORDER BY created_at DESC LIMIT 10', rel, col, key)) line GROUP BY rel, what;
RESET enable_seqscan;
RESET enable_bitmapscan;
CALL steward.maintain();
SELECT is_empty($$ SELECT rel, state FROM steward.partition_health WHERE state <> 'ok' $$, 'all partitions are in health');
SELECT is_empty($$ SELECT * FROM steward.verify_partitions('analytics_events') UNION ALL SELECT * FROM steward.verify_partitions('embed_analytics') $$, 'and nothing is wrong with them');
-- As a plan, on the day after the first of them is due.
SELECT partition_name AS first, upper_bound::timestamptz + interval '25 months 1 day' AS due FROM steward.partitions
WHERE rel = 'analytics_events'::regclass AND state = 'attached' ORDER BY lower_bound LIMIT 1 \gset
SET steward.now = :'due';
SELECT set_eq($$ SELECT partition_name::text FROM steward.plan_partitions('analytics_events') WHERE action = 'detach' $$, ARRAY[:'first'], 'what is older than 25 months goes, a month at a time');
SET steward.now = '2026-03-10 12:00+00';
