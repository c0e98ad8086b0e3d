-- Counts of many rows, and of buckets of time.
CREATE ROLE regress_steward_reader;
CREATE TABLE pages (id int PRIMARY KEY, owner name NOT NULL, views bigint, likes bigint);
INSERT INTO pages SELECT i, CASE WHEN i % 2 = 0 THEN 'regress_steward_reader' ELSE 'other' END, CASE WHEN i <> 12 THEN 10 END, 0
  FROM generate_series(1, 12) i;
SELECT steward.create_counter('pages', 'views', bucket => '1 day', time_zone => 'UTC');
SELECT steward.create_counter('pages', 'likes');
SELECT count(steward.hit('pages', i, i, 'views')) FROM generate_series(1, 4) i;
SELECT * FROM steward.counts('pages', 'views') ORDER BY key::int;
SELECT * FROM steward.counts('pages');
SELECT * FROM steward.top_counts('pages', k => 3, col => 'views');
-- Equal counts are in the order of keys, numbers as numbers.
SELECT array_agg(key) FROM steward.top_counts('pages', k => 8, col => 'views');
SELECT * FROM steward.top_counts('pages', '-infinity', 2, 'views');
SELECT * FROM steward.top_counts('pages', 'infinity', 2, 'views');
SELECT value, bucket_start = date_trunc('day', now(), 'UTC') AS today FROM steward.count_series('pages', 3, NULL, NULL, 'views');
SELECT value FROM steward.count_series('pages', '3', now() - interval '1 day', NULL, 'views');
SELECT value FROM steward.count_series('pages', 3, now() + interval '1 day', NULL, 'views');
SELECT value FROM steward.count_series('pages', 5, NULL, NULL, 'views');
-- What this transaction has counted is in all of them.
BEGIN;
SELECT steward.hit('pages', 5, 100, 'views');
SELECT value FROM steward.counts('pages', 'views') WHERE key = '5';
SELECT * FROM steward.top_counts('pages', k => 1, col => 'views');
SELECT * FROM steward.top_counts('pages', '-infinity', 1, 'views');
SELECT value FROM steward.count_series('pages', 5, NULL, NULL, 'views');
ROLLBACK;
SELECT value FROM steward.count_series('pages', 5, NULL, NULL, 'views');

SELECT refusal($$SELECT * FROM steward.top_counts('pages', k => 0, col => 'views')$$);
SELECT refusal($$SELECT * FROM steward.top_counts('pages', k => NULL, col => 'views')$$);
SELECT refusal($$SELECT * FROM steward.top_counts('pages', now(), col => 'likes')$$);
SELECT refusal($$SELECT * FROM steward.count_series('pages', 1, NULL, NULL, 'likes')$$);
SELECT refusal($$SELECT * FROM steward.count_series('pages', 99, NULL, NULL, 'views')$$);
SELECT refusal($$SELECT * FROM steward.count_series('pages', 'x'::text, NULL, NULL, 'views')$$);
SELECT refusal($$SELECT * FROM steward.count_series('pages', NULL::bigint, NULL, NULL, 'views')$$);
SELECT refusal($$SELECT * FROM steward.counts(NULL)$$);
SELECT refusal($$SELECT * FROM steward.counts('pg_class')$$);

-- Who may: the readers of the table, the rows that they may read.
SELECT steward.grant_access('regress_steward_reader', 'app');
SET ROLE regress_steward_reader;
SELECT refusal($$SELECT * FROM steward.counts('pages', 'views')$$);
SELECT refusal($$SELECT * FROM steward.top_counts('pages', now(), 1, 'views')$$);
SELECT refusal($$SELECT * FROM steward.count_series('pages', 2, NULL, NULL, 'views')$$);
RESET ROLE;
GRANT SELECT (id, owner, views) ON pages TO regress_steward_reader;
ALTER TABLE pages ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON pages USING (owner = current_user);
SET ROLE regress_steward_reader;
SELECT * FROM steward.counts('pages', 'views') ORDER BY key::int;
SELECT * FROM steward.top_counts('pages', k => 2, col => 'views');
SELECT * FROM steward.top_counts('pages', '-infinity', 10, 'views');
SELECT value FROM steward.count_series('pages', 2, NULL, NULL, 'views');
SELECT refusal($$SELECT * FROM steward.count_series('pages', 3, NULL, NULL, 'views')$$);
SELECT refusal($$SELECT * FROM steward.counts('pages', 'likes')$$);
SELECT refusal($$SELECT * FROM steward.counter_stats$$);
RESET ROLE;

SELECT steward.drop_counter('pages', 'views'), steward.drop_counter('pages', 'likes');
DROP TABLE pages;
SELECT steward.revoke_access('regress_steward_reader', 'app');
DROP ROLE regress_steward_reader;

-- Old buckets go with the fold.
CREATE TABLE kept (id int PRIMARY KEY, views bigint DEFAULT 0);
INSERT INTO kept VALUES (1);
SELECT steward.create_counter('kept', 'views', bucket => '1 day', time_zone => 'UTC', keep => '3 days');
INSERT INTO steward._bucket_counts (value, start, counter, key)
  SELECT i, date_trunc('day', now(), 'UTC') - i * interval '1 day', c.id, '1' FROM generate_series(1, 6) i, steward._counters c WHERE c.rel = 'kept'::regclass;
SELECT steward.hit('kept', 1, 100);
SELECT value FROM steward.count_series('kept', 1, NULL, NULL);
CALL steward.fold_counters('kept');
SELECT value FROM steward.count_series('kept', 1, NULL, NULL);
DROP TABLE kept;
CALL steward.fold_counters();

-- Where the clock shows midnight twice, the day begins with the first; an hour that it shows twice is two.
CREATE TABLE night (id int PRIMARY KEY, days bigint DEFAULT 0, hours bigint DEFAULT 0);
INSERT INTO night VALUES (1);
SELECT steward.create_counter('night', 'days', bucket => '1 day', time_zone => 'America/Havana'),
  steward.create_counter('night', 'hours', bucket => '1 hour', time_zone => 'America/Havana');
SET steward.now = '2020-11-01 04:30+00';
SELECT steward.hit('night', 1, 1, 'days'), steward.hit('night', 1, 1, 'hours');
SET steward.now = '2020-11-01 05:30+00';
SELECT steward.hit('night', 1, 10, 'days'), steward.hit('night', 1, 10, 'hours');
RESET steward.now;
SELECT col, bucket_start AT TIME ZONE 'UTC' AS utc, value
FROM unnest(ARRAY['days', 'hours']) AS c(col), steward.count_series('night', 1, NULL, NULL, col) ORDER BY col, utc;
DROP TABLE night;
