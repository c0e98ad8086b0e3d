-- partitions: made ahead, retired safely, never one failure for all

SET TimeZone = 'UTC';
SET steward.now = '2026-03-15 12:00+00';
CREATE TABLE runs (id bigint, started_at timestamptz NOT NULL, note text, PRIMARY KEY (id, started_at)) PARTITION BY RANGE (started_at);

\echo
\echo '-- One line: monthly partitions from November on, two ahead, for ever.'
SELECT steward.manage_partitions('runs', every => '1 month', premake => 2, since => '2025-11-01', time_zone => 'UTC');
INSERT INTO runs SELECT i, '2025-11-01'::timestamptz + i * interval '3 hours' FROM generate_series(1, 1000) i;
SELECT partition_name, upper_bound, state FROM steward.partitions WHERE rel = 'runs'::regclass ORDER BY lower_bound NULLS FIRST;

\echo
\echo '-- Rows that came before their partition move into it, and nobody misses one meanwhile. The year 2206 stays where it is.'
INSERT INTO runs SELECT i, '2026-07-01'::timestamptz + i * interval '5 minutes' FROM generate_series(2001, 9000) i;
INSERT INTO runs VALUES (0, '2206-03-15');
CALL steward.maintain();
SELECT tableoid::regclass AS partition, count(*) FROM runs WHERE id > 2000 OR id = 0 GROUP BY 1 ORDER BY 1;

\echo
\echo '-- Keep three months. First the plan, then the act: what goes is kept in a bin for a week. A legal hold keeps it with the table.'
SELECT steward.manage_partitions('runs', retention => '3 months') \g /dev/null
SELECT steward.hold_partition('runs_y2025m12', 'case 7') \g /dev/null
SET steward.now = '2026-04-15 12:00+00';
SELECT action, partition_name, reason FROM steward.plan_partitions('runs');
CALL steward.maintain();
SELECT part, drop_after FROM steward.recycled_partitions;
SELECT steward.restore_partition('runs_y2025m11');

\echo
\echo '-- A clock that jumps takes nothing along: the set says so, and the next run goes on if the time is right.'
SELECT steward.unhold_partition(part) FROM steward.held_partitions \g /dev/null
SET steward.now = '2027-04-15 12:00+00';
CALL steward.maintain();
SELECT rel, state, sqlstate, runway, default_rows FROM steward.partition_health WHERE rel = 'runs'::regclass;
SELECT count(*) AS problems FROM steward.verify_partitions('runs');
