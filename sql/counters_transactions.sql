-- What transactions hold back, and what may come between.
CREATE TABLE notes (id int PRIMARY KEY, views bigint NOT NULL DEFAULT 0);
INSERT INTO notes VALUES (1, 0), (2, 0);
SELECT steward.create_counter('notes', 'views');

-- Rows that TRUNCATE took have taken along what this transaction had counted of them.
BEGIN;
SELECT steward.hit('notes', 1, 5);
TRUNCATE notes;
INSERT INTO notes VALUES (1, 0), (2, 0);
SELECT steward.hit('notes', 1), steward.count_of('notes', 2);
COMMIT;
SELECT steward.count_of('notes', 1);
BEGIN;
SELECT steward.hit('notes', 1, 5);
SAVEPOINT s;
TRUNCATE notes;
ROLLBACK TO s;
COMMIT;
SELECT steward.count_of('notes', 1);

-- Nothing is held back any more, and the server's settings alone say whether it can be prepared.
BEGIN;
SAVEPOINT s;
SELECT steward.hit('notes', 1, 5);
ROLLBACK TO s;
\set VERBOSITY sqlstate
PREPARE TRANSACTION 'regress_steward';  -- 55000: max_prepared_transactions is 0; 0A000 would be ours
\set VERBOSITY default
SELECT steward.count_of('notes', 1);

-- A count that others' aborts have left below 0 can be counted up again, but not down.
INSERT INTO steward._counts (value, unfolded, counter, key) SELECT -2, true, id, '2' FROM steward._counters WHERE rel = 'notes'::regclass;
SELECT refusal($$SELECT steward.hit('notes', 2, -1)$$);
SELECT refusal($$SELECT steward.set_count('notes', 2, -1)$$);
SELECT steward.hit('notes', 2);
SELECT steward.set_count('notes', 2, 0);

-- Rows of tables that inherit are not the table's own.
CREATE TABLE old_notes () INHERITS (notes);
INSERT INTO old_notes VALUES (1, 70), (7, 70);
SELECT steward.count_of('notes', 2);
SELECT steward.try_hit('notes', 7);
DROP TABLE old_notes;

-- Buckets may be changed while they are empty.
SET steward.now = '2026-05-15 12:34:00+00';
SELECT steward.create_counter('notes', 'views', bucket => '1 day');
BEGIN;
SELECT steward.hit('notes', 2);
ROLLBACK;
DELETE FROM notes WHERE id = 2;
INSERT INTO notes VALUES (2);
SELECT steward.create_counter('notes', 'views', bucket => '1 month');
SELECT steward.hit('notes', 2);
SELECT * FROM steward.count_series('notes', 2, NULL, NULL);
RESET steward.now;
SELECT steward.drop_counter('notes', 'views');
DROP TABLE notes;

-- Beside parallel workers counts can be read, but a worker cannot count.
CREATE TABLE many (id int PRIMARY KEY, views bigint NOT NULL DEFAULT 0, filler text);
INSERT INTO many SELECT i, 0, repeat('x', 100) FROM generate_series(1, 5000) i;
ANALYZE many;
SELECT steward.create_counter('many', 'views');
SELECT steward.hit('many', 3);
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET enable_indexscan = off;
SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) SELECT id, steward.count_of('many', id) FROM many WHERE filler LIKE '%y%' OR id < 4;
SELECT id, steward.count_of('many', id) FROM many WHERE filler LIKE '%y%' OR id < 4 ORDER BY id;
CREATE FUNCTION hit_in_worker(int) RETURNS bigint LANGUAGE plpgsql PARALLEL SAFE AS 'BEGIN RETURN steward.hit(''many'', $1); END';
\set VERBOSITY sqlstate
SELECT count(*) FROM many WHERE id = 3 AND filler LIKE '%x%' AND hit_in_worker(id) > 0;
\set VERBOSITY default
SELECT steward.count_of('many', 3);
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET enable_indexscan;
RESET enable_bitmapscan;
SELECT steward.drop_counter('many', 'views');
DROP TABLE many;
DROP FUNCTION hit_in_worker;

-- A policy of the table's owner cannot close what is being read.
CREATE TABLE kept (id int PRIMARY KEY, views bigint NOT NULL DEFAULT 0);
INSERT INTO kept SELECT i FROM generate_series(1, 3000) i;
SELECT steward.create_counter('kept', 'views', bucket => '1 day');
SELECT count(steward.hit('kept', i, i)) FROM generate_series(1, 3000) i;
CREATE FUNCTION close_all() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CLOSE ALL'; RETURN true; END $$;
CREATE ROLE regress_steward_kept;
SELECT steward.grant_access('regress_steward_kept', 'app');
GRANT SELECT ON kept TO regress_steward_kept;
ALTER TABLE kept ENABLE ROW LEVEL SECURITY;
CREATE POLICY closing ON kept USING (close_all());
SET ROLE regress_steward_kept;
\set VERBOSITY sqlstate
SELECT * FROM steward.top_counts('kept', '-infinity', 3);
\set VERBOSITY default
RESET ROLE;
SELECT count(*) FROM steward.top_counts('kept', '-infinity', 3);
SELECT steward.drop_counter('kept', 'views');
DROP TABLE kept;
DROP FUNCTION close_all;
SELECT steward.revoke_access('regress_steward_kept', 'app');
DROP ROLE regress_steward_kept;
