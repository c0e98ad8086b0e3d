-- The tables that grow by time.

SELECT set_has(format('SELECT partition_name::text FROM steward.partitions WHERE rel = %L::regclass', t), format('SELECT %L || to_char(m, %L) FROM generate_series(1, 12) n, LATERAL (SELECT make_date(2026, n, 1) AS m) x', t || '_y', 'YYYY"m"MM'),
  t || ': each month of the year has a partition') FROM unnest('{analytics_events,embed_analytics}'::text[]) t;
SELECT set_eq('SELECT DISTINCT tableoid::regclass::text AS part FROM analytics_events WHERE id <= 200', '{analytics_events_y2026m01,analytics_events_y2026m02,analytics_events_y2026m03}'::text[], 'events are in the partition of their month');
INSERT INTO analytics_events (event, created_at) VALUES ('last second', '2026-06-30 23:59:59.999999+00'), ('first', '2026-07-01 00:00+00');
SELECT is((SELECT array_agg(tableoid::regclass::text ORDER BY created_at)::text FROM analytics_events WHERE event IN ('last second', 'first')),
  '{analytics_events_y2026m06,analytics_events_y2026m07}', 'a month ends when it ends, in UTC');
CALL steward.maintain();
SELECT is_empty($$ SELECT rel, state FROM steward.partition_health WHERE state <> 'ok' $$, 'all partitions are in health');
SELECT is_empty($$ SELECT * FROM steward.verify_partitions('analytics_events') UNION ALL SELECT * FROM steward.verify_partitions('embed_analytics') $$, 'and nothing is wrong with them');
-- Two years and a month later, as a plan.
SET steward.now = '2028-03-10 12:00+00';
SELECT set_eq($$ SELECT partition_name::text FROM steward.plan_partitions('analytics_events') WHERE action = 'detach' $$, '{analytics_events_y2026m01}'::text[], 'what is older than 25 months goes, a month at a time');
SET steward.now = '2026-03-10 12:00+00';
