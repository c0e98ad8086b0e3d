-- Limits declared on partitioned tables: partitions come and go, and are written by their own names.
SET client_min_messages = warning;
\pset null NULL
CREATE TABLE guests (id bigint PRIMARY KEY, tier text NOT NULL DEFAULT 'guest');
INSERT INTO guests VALUES (1), (2), (3);
SELECT steward.define_tier('guest', 0), steward.bind_subjects('guests', tier_col => 'tier'), steward.define_meter('nights', 'guests', 'standing'),
  steward.define_meter('arrivals', 'guests', 'metered', 'year'), steward.set_limit('guest', 'nights', 100), steward.set_limit('guest', 'arrivals', 100) \g /dev/null
CREATE TABLE stays (id int, guest bigint REFERENCES guests ON DELETE CASCADE, nights int, cancelled boolean NOT NULL DEFAULT false, year int, PRIMARY KEY (id, year))
  PARTITION BY LIST (year);
CREATE TABLE stays_1 PARTITION OF stays FOR VALUES IN (1);
-- Two levels, and another order of columns.
CREATE TABLE stays_2 (year int NOT NULL, gone int, cancelled boolean NOT NULL DEFAULT false, nights int, guest bigint, id int NOT NULL) PARTITION BY RANGE (id);
ALTER TABLE stays_2 DROP COLUMN gone;
CREATE TABLE stays_2a PARTITION OF stays_2 FOR VALUES FROM (0) TO (100);
ALTER TABLE stays ATTACH PARTITION stays_2 FOR VALUES IN (2);
INSERT INTO stays VALUES (1, 1, 2, false, 1), (2, 1, 3, false, 2), (3, 2, NULL, false, 2), (4, 2, 9, true, 1);
SELECT steward.limit_rows('stays', 'guest', 'nights', 'nights', 'NOT cancelled'), steward.limit_rows('stays', 'guest', 'arrivals') \g /dev/null
CREATE VIEW guests_usage AS SELECT g.id, u.meter, u.used, u.held FROM guests g, LATERAL steward.usage(g.id, 'guests') u WHERE u.used <> 0 OR u.held <> 0;
CREATE VIEW wrong AS SELECT * FROM steward.verify_limits() WHERE rel = 'guests'::regclass;
-- What is tied to a relation, but by the server for us.
CREATE VIEW ties AS SELECT tgrelid::regclass::text COLLATE "C" AS rel, string_agg(substring(tgname FROM 'steward_limit_\d+_(.*)'), ' ' ORDER BY tgname) AS triggers
  FROM pg_trigger JOIN steward._meters m ON tgname LIKE 'steward\_limit\_' || m.id || '\_%' AND m.meter = 'nights' WHERE tgparentid = 0 GROUP BY 1;
SELECT * FROM ties ORDER BY 1;
SELECT * FROM guests_usage ORDER BY 1, 2;

-- Every way of writing rows.
INSERT INTO stays VALUES (10, 1, 1, false, 1), (11, 2, 1, false, 2);
INSERT INTO stays_1 (id, guest, nights, year) SELECT n, n % 2 + 1, 1, 1 FROM generate_series(12, 15) n;
INSERT INTO stays_2 (id, guest, nights, year) VALUES (16, 1, 1, 2);
INSERT INTO stays_2a (id, guest, nights, year) VALUES (17, 1, 1, 2);
COPY stays (id, guest, nights, year) FROM stdin;
20	1	1	1
21	3	1	2
\.
COPY stays_2a (id, guest, nights, year) FROM stdin;
22	3	1	2
\.
INSERT INTO stays VALUES (20, 1, 5, false, 1), (23, 1, 5, false, 1) ON CONFLICT DO NOTHING;
INSERT INTO stays_1 (id, guest, nights, year) VALUES (20, 1, 6, 1), (24, 3, 5, 1) ON CONFLICT (id, year) DO UPDATE SET nights = excluded.nights;
MERGE INTO stays s USING (VALUES (20, 1), (25, 3), (21, 3)) v (id, guest) ON s.id = v.id
  WHEN MATCHED AND s.year = 1 THEN DELETE WHEN MATCHED THEN UPDATE SET nights = 4 WHEN NOT MATCHED THEN INSERT (id, guest, nights, year) VALUES (v.id, v.guest, 2, 1);
WITH gone AS (DELETE FROM stays_1 WHERE id = 25 RETURNING *), come AS (INSERT INTO stays SELECT id, guest, nights, false, 2 FROM gone)
SELECT FROM gone;
UPDATE stays SET year = 1 WHERE id = 16;
UPDATE stays SET year = 2, nights = 7, guest = 2 WHERE id = 12;
UPDATE stays_1 SET cancelled = true WHERE id = 13;
UPDATE stays_2a SET guest = 3 WHERE id = 17;
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
SELECT * FROM wrong;
DELETE FROM guests WHERE id = 2;
SELECT * FROM wrong;
UPDATE stays_1 SET nights = -1 WHERE id = 1;
INSERT INTO stays_2a (id, guest, nights, year) VALUES (90, 1, 100, 2);

-- TRUNCATE of a partition, of one that has partitions, and of all; at every isolation level.
BEGIN ISOLATION LEVEL REPEATABLE READ;
TRUNCATE stays_2a;
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
SAVEPOINT a;
TRUNCATE stays;
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
ROLLBACK TO a;
INSERT INTO stays VALUES (30, 3, 1, false, 1), (31, 3, 1, false, 2);
TRUNCATE stays_1;
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
ROLLBACK;
SELECT * FROM wrong;
BEGIN;
TRUNCATE stays_2;
INSERT INTO stays_2a (id, guest, nights, year) VALUES (40, 1, 1, 2);
COMMIT;
SELECT * FROM wrong;
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;

-- Partitions that are made get what they need, at once and at every level; also by CREATE SCHEMA, and in a session that plays a replica.
CREATE TABLE stays_3 PARTITION OF stays FOR VALUES IN (3) PARTITION BY RANGE (id);
CREATE TABLE stays_3a PARTITION OF stays_3 FOR VALUES FROM (0) TO (100);
SET session_replication_role = replica;
CREATE TABLE stays_4 PARTITION OF stays FOR VALUES IN (4);
RESET session_replication_role;
CREATE SCHEMA stays CREATE TABLE stays_5 PARTITION OF public.stays FOR VALUES IN (5);
SELECT * FROM ties ORDER BY 1;
INSERT INTO stays_3a VALUES (50, 1, 2, false, 3), (51, 3, 2, false, 3);
INSERT INTO stays VALUES (52, 1, 3, false, 4), (53, 3, 3, false, 5);
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
SELECT * FROM wrong;

-- What is detached gives back, what is attached counts, with its partitions: at every isolation level.
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT count(*) FROM stays;
INSERT INTO stays_3 VALUES (54, 3, 1, false, 3);
ALTER TABLE stays DETACH PARTITION stays_3;
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
SELECT * FROM ties ORDER BY 1;
COMMIT;
SELECT * FROM wrong;
INSERT INTO stays_3 VALUES (55, 1, 1, false, 3), (56, NULL, 1, false, 3);
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM stays;
ALTER TABLE stays ATTACH PARTITION stays_3 FOR VALUES IN (3);
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
SELECT * FROM ties WHERE rel ~ '_3' ORDER BY 1;
COMMIT;
SELECT * FROM wrong;
-- Rows that are attached count, whether or not they are within the limit; one that cannot be counted is refused.
CREATE TABLE stays_6 (LIKE stays INCLUDING ALL);
INSERT INTO stays_6 VALUES (60, 1, 100, false, 6), (61, 1, -2, false, 6);
ALTER TABLE stays ATTACH PARTITION stays_6 FOR VALUES IN (6);
UPDATE stays_6 SET nights = NULL WHERE id = 61;
BEGIN;
ALTER TABLE stays ATTACH PARTITION stays_6 FOR VALUES IN (6);
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
SAVEPOINT a;
INSERT INTO stays VALUES (62, 1, 1, false, 6);
ROLLBACK TO a;
ALTER TABLE stays DETACH PARTITION stays_6;
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
ROLLBACK;
SELECT * FROM wrong;
ALTER TABLE stays DETACH PARTITION stays_4 CONCURRENTLY;
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
SELECT * FROM wrong;
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'stays_4'::regclass AND tgname ~ '^steward';

-- What is dropped counts no longer; what was metered stays used.
SELECT * FROM guests_usage WHERE meter = 'arrivals' ORDER BY 1;
BEGIN;
SAVEPOINT a;
INSERT INTO stays VALUES (70, 1, 1, false, 5), (71, 1, 1, false, 1);
DROP TABLE stays_3;
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
ROLLBACK TO a;
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
COMMIT;
SELECT * FROM wrong;
BEGIN ISOLATION LEVEL REPEATABLE READ;
DROP TABLE stays_3;
ROLLBACK;
SELECT * FROM wrong;
DROP TABLE stays_3a;
SELECT * FROM wrong;
DROP SCHEMA stays CASCADE;
SELECT * FROM wrong;
SELECT * FROM guests_usage ORDER BY 1, 2;

-- A table that is gone is no longer declared.
CREATE SCHEMA lodge;
CREATE TABLE lodge.extra (guest bigint);
SELECT steward.limit_rows('lodge.extra', 'guest', 'nights') \g /dev/null
INSERT INTO lodge.extra VALUES (1), (3), (3);
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
DROP SCHEMA lodge CASCADE;
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
SELECT rel, m.meter FROM steward._limited_tables JOIN steward._meters m ON m.id = _limited_tables.meter WHERE m.meter IN ('nights', 'arrivals') ORDER BY 1, 2;
SELECT * FROM wrong;

-- Who owns the table needs no right on steward for that; nor does who owns the role of partitions.
CREATE ROLE regress_steward_host;
CREATE SCHEMA inn AUTHORIZATION regress_steward_host;
CREATE TABLE inn.rooms (guest bigint, free boolean, year int) PARTITION BY LIST (year);
ALTER TABLE inn.rooms OWNER TO regress_steward_host;
SELECT steward.limit_rows('inn.rooms', 'guest', 'nights', condition => 'free') \g /dev/null
SET ROLE regress_steward_host;
CREATE TABLE inn.rooms_1 PARTITION OF inn.rooms FOR VALUES IN (1);
CREATE TABLE inn.rooms_2 PARTITION OF inn.rooms FOR VALUES IN (2);
RESET ROLE;
-- A partition that somebody else owns.
CREATE TABLE inn.rooms_3 PARTITION OF inn.rooms FOR VALUES IN (3);
INSERT INTO inn.rooms SELECT 1, true, n FROM generate_series(1, 3) n;
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
SET ROLE regress_steward_host;
ALTER TABLE inn.rooms DETACH PARTITION inn.rooms_3;
ALTER TABLE inn.rooms DETACH PARTITION inn.rooms_1;
TRUNCATE inn.rooms_2;
INSERT INTO inn.rooms_2 VALUES (3, true, 2), (3, false, 2);
ALTER TABLE inn.rooms ATTACH PARTITION inn.rooms_1 FOR VALUES IN (1);
DROP TABLE inn.rooms_1;
SELECT steward._follow_drops();
SELECT steward._follow_partitions();
RESET ROLE;
SELECT steward._follow_drops();
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
SELECT * FROM wrong;
DROP TABLE inn.rooms_3;
-- Triggers of a table that was not declared drop without anybody's limit being counted anew.
SET ROLE regress_steward_host;
CREATE TABLE inn.fake (guest bigint, year int) PARTITION BY LIST (year);
CREATE TABLE inn.fake_1 PARTITION OF inn.fake FOR VALUES IN (1);
DO $do$ BEGIN
  EXECUTE (SELECT format($$CREATE TRIGGER c AFTER INSERT ON inn.fake FOR EACH ROW EXECUTE FUNCTION steward.count_rows('%s', 'insert')$$, substring(tgname FROM '\d+'))
    FROM pg_trigger WHERE tgrelid = 'stays'::regclass AND tgname ~ '_truncate$');
END $do$;
BEGIN ISOLATION LEVEL REPEATABLE READ;
DROP TABLE inn.fake_1;
DROP TABLE inn.fake;
COMMIT;
DROP OWNED BY regress_steward_host;
RESET ROLE;
SELECT * FROM wrong;
SELECT count(*) FROM steward._limited_tables t WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = t.rel);
DROP ROLE regress_steward_host;

-- Declared again: the same call changes nothing, and locks no reader out; what has been lost is made anew.
CREATE VIEW made AS SELECT array_agg(t.oid ORDER BY t.oid) AS triggers FROM pg_trigger t WHERE tgname ~ '^steward_limit';
SELECT triggers AS before FROM made \gset
BEGIN;
SELECT steward.limit_rows('stays', 'guest', 'nights'), steward.limit_rows('stays', 'guest', 'nights', 'nights', 'NOT cancelled'), steward.limit_rows('stays', 'guest', 'arrivals') \g /dev/null
SELECT DISTINCT mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 'stays'::regclass AND mode ~ 'Exclusive' ORDER BY 1;
COMMIT;
SELECT triggers = :'before' AS same FROM made;
DO $$ BEGIN EXECUTE (SELECT format('DROP TRIGGER %I ON stays_1', tgname) FROM pg_trigger WHERE tgrelid = 'stays_1'::regclass AND tgname ~ '^steward_limit_\d+_truncate$'); END $$;
TRUNCATE stays_1;
SELECT * FROM wrong;
SELECT steward.limit_rows('stays', 'guest', 'nights') \g /dev/null
SELECT * FROM wrong;
SELECT * FROM ties ORDER BY 1;
INSERT INTO stays VALUES (1, 1, 5, false, 1), (2, 1, 5, true, 1), (3, 3, NULL, false, 1);
-- Another call changes what is not left out; what is empty goes.
SELECT steward.limit_rows('stays', 'guest', 'nights', condition => 'cancelled') \g /dev/null
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
SELECT steward.limit_rows('stays', 'guest', 'nights', measure_col => '') \g /dev/null
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
SELECT steward.limit_rows('stays', 'guest', 'nights', condition => '') \g /dev/null
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
SELECT steward.limit_rows('stays', 'guest', 'nights', 'nights', $$NOT cancelled AND nights IN (1, 5) AND id::text LIKE '%'$$) \g /dev/null
SELECT triggers AS before FROM made \gset
SELECT steward.limit_rows('stays', 'guest', 'nights'), steward.limit_rows('stays', 'guest', 'nights', condition => $$NOT cancelled AND nights IN (1, 5) AND id::text LIKE '%'$$) \g /dev/null
SELECT triggers = :'before' AS same FROM made;
SELECT * FROM wrong;

-- Rows that are there already and cannot be counted.
CREATE TABLE tents (guest bigint, nights int, shady boolean);
INSERT INTO tents VALUES (1, -3, true), (1, NULL, false), (1, 2, false);
SELECT steward.limit_rows('tents', 'guest', 'nights', 'nights');
SELECT steward.limit_rows('tents', 'guest', 'nights', 'nights', 'NOT shady') \g /dev/null
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
-- A column that is counted by, or asked for, goes with what was declared, and that is said.
\set VERBOSITY terse
ALTER TABLE tents DROP COLUMN nights;
\set VERBOSITY default
ALTER TABLE tents DROP COLUMN nights CASCADE;
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'tents'::regclass;
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
SELECT * FROM wrong;
SELECT steward.limit_rows('tents', 'guest', 'nights', condition => 'shady') \g /dev/null
ALTER TABLE tents DROP COLUMN shady CASCADE;
SELECT steward.limit_rows('tents', 'guest', 'nights') \g /dev/null
ALTER TABLE tents DROP COLUMN guest CASCADE;
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'tents'::regclass;
-- So does a trigger that is dropped by its name; the others stay for whoever drops them next.
ALTER TABLE tents ADD guest bigint DEFAULT 1;
SELECT steward.limit_rows('tents', 'guest', 'nights') \g /dev/null
DO $$
DECLARE t name;
BEGIN
  FOR t IN SELECT tgname FROM pg_trigger WHERE tgrelid = 'tents'::regclass ORDER BY tgname DESC LOOP
    EXECUTE format('DROP TRIGGER %I ON tents', t);
  END LOOP;
END $$;
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'tents'::regclass;
SELECT * FROM guests_usage WHERE meter = 'nights' ORDER BY 1;
SELECT * FROM wrong;

-- Rows that are written elsewhere cannot be counted.
CREATE FOREIGN DATA WRAPPER nowhere;
CREATE SERVER nowhere FOREIGN DATA WRAPPER nowhere;
CREATE TABLE camps (guest bigint) PARTITION BY LIST (guest);
SELECT steward.limit_rows('camps', 'guest', 'nights') \g /dev/null
CREATE FOREIGN TABLE camps_1 PARTITION OF camps FOR VALUES IN (1) SERVER nowhere;
SELECT steward.unlimit_rows('camps', 'nights') \g /dev/null
CREATE FOREIGN TABLE camps_1 PARTITION OF camps FOR VALUES IN (1) SERVER nowhere;
SELECT steward.limit_rows('camps', 'guest', 'nights');
DROP FOREIGN DATA WRAPPER nowhere CASCADE;
DROP TABLE camps, tents;

-- A session that plays a replica fires no trigger on rows: found and put right.
SET session_replication_role = replica;
INSERT INTO stays_1 VALUES (99, 3, 5, false, 1);
RESET session_replication_role;
SELECT meter, subject, counted, recorded FROM wrong;
SELECT steward.repair_limits();
SELECT * FROM wrong;

SELECT steward.unlimit_rows('stays', 'nights'), steward.unlimit_rows('stays', 'arrivals') \g /dev/null
SELECT count(*) FROM pg_trigger WHERE tgname ~ '^steward_limit' AND tgrelid IN (SELECT relid FROM pg_partition_tree('stays'));
DROP VIEW guests_usage, wrong, ties, made;
DROP TABLE stays, stays_4, stays_6;
SELECT steward.drop_meter('nights'), steward.drop_meter('arrivals'), steward.unbind_subjects('guests'), steward.drop_tier('guest') \g /dev/null
DROP TABLE guests;
