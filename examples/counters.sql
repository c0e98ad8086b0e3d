-- counters: views that thousands of clients count at once, exact, durable, and without a hot row

CREATE TABLE dashboards (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text NOT NULL, view_count bigint NOT NULL DEFAULT 0, last_seen_at timestamptz);
INSERT INTO dashboards (title, view_count) VALUES ('Sales', 1200), ('Support', 0), ('Churn', 35);

\echo
\echo '-- Count its rows from now on, also by day, from what the column says today.'
SELECT steward.create_counter('dashboards', 'view_count', bucket => '1 day', time_zone => 'Europe/Berlin', last_col => 'last_seen_at');
SELECT steward.hit('dashboards', 1) AS sales;
SELECT steward.hit('dashboards', 3, 5) AS churn, steward.hit('dashboards', '3') AS once_more;

\echo
\echo '-- A view is counted when its transaction commits. This one does not.'
BEGIN;
SELECT steward.hit('dashboards', 1, 1000) AS in_this_transaction;
ROLLBACK;
SELECT steward.count_of('dashboards', 1) AS for_everybody;

\echo
\echo '-- Ten thousand views of one row, in one transaction: one small write when it commits, and no dead row.'
SELECT max(steward.hit('dashboards', 2)) AS support FROM generate_series(1, 10000);

\echo
\echo '-- The most viewed; the views by day.'
SELECT d.title, t.value FROM steward.top_counts('dashboards', k => 2) t JOIN dashboards d ON d.id = t.key::bigint ORDER BY t.value DESC;
SELECT value AS today FROM steward.count_series('dashboards', 3, now() - interval '1 week', NULL);

\echo
\echo '-- The column is a copy for queries and indexes. The fold brings it up to date, from pg_cron every minute, say.'
SELECT title, view_count, last_seen_at IS NOT NULL AS seen FROM dashboards ORDER BY id;
CALL steward.fold_counters();
SELECT title, view_count, last_seen_at IS NOT NULL AS seen FROM dashboards ORDER BY id;

\echo
\echo '-- What cannot be counted says so, and counts nothing.'
SELECT steward.hit('dashboards', 404);
SELECT steward.hit('dashboards', 'Sales');
SELECT steward.hit('dashboards', 3, -1000);
SELECT steward.try_hit('dashboards', 404) AS no_such_row;
UPDATE steward._counts SET value = 1000000;

\echo
\echo '-- How the counters stand.'
SELECT rel, col, bucket, cells, total, unfolded, mode FROM steward.counter_stats;
