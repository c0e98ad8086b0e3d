-- What is refused of counting, and how: the server's own codes. Ours are in errors.sql, those of declaring in counters_admin.sql.
CREATE ROLE regress_steward_reader;
CREATE TABLE pages (id int PRIMARY KEY, views int NOT NULL DEFAULT 0, title text);
CREATE TABLE docs (id uuid PRIMARY KEY, views bigint NOT NULL DEFAULT 0);
CREATE TABLE slugs (slug text PRIMARY KEY, views bigint NOT NULL DEFAULT 0);
CREATE TABLE visits (id int PRIMARY KEY, views bigint NOT NULL DEFAULT 0) PARTITION BY RANGE (id);
CREATE TABLE visits_low PARTITION OF visits FOR VALUES FROM (0) TO (100);
CREATE TABLE visits_high PARTITION OF visits FOR VALUES FROM (100) TO (200);
INSERT INTO pages VALUES (1), (2);
INSERT INTO docs VALUES ('00112233-4455-6677-8899-aabbccddeeff');
INSERT INTO slugs VALUES ('home');
INSERT INTO visits VALUES (1);
SELECT steward.create_counter(t, 'views') FROM unnest(ARRAY['pages', 'docs', 'slugs', 'visits']::regclass[]) t;
SELECT steward.grant_access('regress_steward_reader', 'app');
\pset tuples_only on
\pset format unaligned
-- 22P02: what is no key of the table.
SELECT refusal($$SELECT steward.hit('pages', 'home')$$);
SELECT refusal($$SELECT steward.hit('pages', '')$$);
SELECT refusal($$SELECT steward.hit('pages', '1.0')$$);
SELECT refusal($$SELECT steward.try_hit('pages', 3000000000)$$);
SELECT refusal($$SELECT steward.count_of('pages', '00112233-4455-6677-8899-aabbccddeeff'::uuid)$$);
SELECT refusal($$SELECT steward.set_count('docs', 1, 1)$$);
SELECT refusal($$SELECT steward.hit('docs', '00112233')$$);
SELECT refusal($$SELECT * FROM steward.count_series('docs', 'x', NULL, NULL)$$);
-- 54000: a key that is too long for an index.
SELECT refusal($$SELECT steward.hit('slugs', repeat('x', 1001))$$);
-- 22004: what must not be NULL.
SELECT refusal($$SELECT steward.hit(NULL, 1)$$);
SELECT refusal($$SELECT steward.hit('pages', NULL::bigint)$$);
SELECT refusal($$SELECT steward.try_hit('pages', 1, NULL)$$);
SELECT refusal($$SELECT steward.count_of('pages', NULL)$$);
SELECT refusal($$SELECT steward.set_count('pages', 1, NULL)$$);
SELECT refusal($$SELECT * FROM steward.count_series('pages', NULL::text, NULL, NULL)$$);
SELECT refusal($$SELECT * FROM steward.counts(NULL)$$);
SELECT refusal($$SELECT * FROM steward.top_counts('pages', k => NULL)$$);
SELECT refusal($$SELECT steward.set_cell_mode(NULL)$$);
-- 22003: what the column cannot hold.
SELECT steward.set_count('pages', 1, 2147483647) \g /dev/null
SELECT refusal($$SELECT steward.hit('pages', 1)$$);
SELECT refusal($$SELECT steward.set_count('pages', 2, 2147483648)$$);
SELECT refusal($$SELECT steward.hit('docs', '00112233-4455-6677-8899-aabbccddeeff', 9223372036854775807), steward.hit('docs', '00112233-4455-6677-8899-aabbccddeeff')$$);
-- 22023: what is out of range.
SELECT refusal($$SELECT * FROM steward.top_counts('pages', k => 0)$$);
SELECT refusal($$SELECT steward.set_cell_mode('table')$$);
-- 55000: what must come first.
SELECT refusal($$SELECT * FROM steward.count_series('pages', 1, NULL, NULL)$$);
SELECT refusal($$SELECT * FROM steward.top_counts('pages', since => now())$$);
SELECT refusal($$SELECT steward.hit('pages', 2), steward.drop_counter('pages', 'views')$$);
SELECT refusal($$SELECT steward.hit('pages', 2), steward.set_cell_mode('row')$$);
-- 0A000: a row whose count would stay behind.
SELECT refusal($$UPDATE visits SET id = 150$$);
-- 25001: a procedure that commits.
SELECT refusal($$CALL steward.fold_counters()$$);
-- 42P01: tables that do not exist.
SELECT refusal($$SELECT steward.hit('no_such_table', 1)$$);
SELECT refusal($$SELECT steward.hit(4711, 1)$$);
SELECT refusal($$CALL steward.fold_counters('no_such_table')$$);
-- 42501: rights. Level app lets a role call; the table's own rights decide which counts.
SET ROLE regress_steward_reader;
SELECT refusal($$SELECT steward.hit('pages', 2)$$);
SELECT refusal($$SELECT steward.set_count('pages', 2, 1)$$);
SELECT refusal($$SELECT steward.count_of('pages', 2)$$);
SELECT refusal($$SELECT * FROM steward.counts('pages')$$);
SELECT refusal($$SELECT * FROM steward.top_counts('pages')$$);
SELECT refusal($$SELECT steward.set_cell_mode('row')$$);
SELECT refusal($$CALL steward.fold_counters()$$);
SELECT refusal($$SELECT * FROM steward.counter_stats$$);
SELECT refusal($$SELECT * FROM steward._counts$$);
RESET ROLE;
-- The column's right is enough to count; the key's and the column's to read.
GRANT UPDATE (views) ON pages TO regress_steward_reader;
SET ROLE regress_steward_reader;
SELECT steward.hit('pages', 2);
SELECT refusal($$SELECT steward.count_of('pages', 2)$$);
RESET ROLE;
GRANT SELECT (id, views) ON pages TO regress_steward_reader;
SET ROLE regress_steward_reader;
SELECT steward.count_of('pages', 2);
RESET ROLE;
-- QN003 is also what row level security makes of a row that the caller may not see.
ALTER TABLE pages ENABLE ROW LEVEL SECURITY;
CREATE POLICY odd ON pages TO regress_steward_reader USING (id % 2 = 1);
SET ROLE regress_steward_reader;
SELECT refusal($$SELECT steward.hit('pages', 2)$$);
SELECT refusal($$SELECT steward.set_count('pages', 2, 0)$$);
SELECT refusal($$SELECT steward.count_of('pages', 2)$$);
SELECT steward.try_hit('pages', 2) IS NULL;
SELECT steward.counts('pages');
RESET ROLE;
-- 25006: what writes, in a transaction that may not.
BEGIN READ ONLY;
SELECT refusal($$SELECT steward.hit('pages', 2)$$);
SELECT refusal($$SELECT steward.set_count('pages', 2, 1)$$);
SELECT steward.count_of('pages', 2);
ROLLBACK;
-- Settings.
SELECT refusal($$SET steward.counter_durability = 'always'$$);
SELECT refusal($$SET steward.counter_standby = 'maybe'$$);
SELECT refusal($$SET steward.counter_mode = 'row'$$);
\pset tuples_only off
\pset format aligned
-- 0A000: PREPARE TRANSACTION in mode inplace, and 25001 at the top of a transaction.
BEGIN;
SELECT steward.hit('pages', 2);
PREPARE TRANSACTION 'counted';
BEGIN;
CALL steward.fold_counters();
ROLLBACK;
-- 55000 at commit: cells moved by the transaction that has hits to write.
BEGIN;
SELECT steward.hit('pages', 2);
CLUSTER steward._counts USING _counts_pkey;
COMMIT;
SELECT steward.count_of('pages', 2);
SELECT steward.drop_counter(t, 'views') FROM unnest(ARRAY['pages', 'docs', 'slugs', 'visits']::regclass[]) t;
DROP TABLE pages, docs, slugs, visits;
SELECT steward.revoke_access('regress_steward_reader', 'app');
DROP ROLE regress_steward_reader;
