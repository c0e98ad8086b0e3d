-- What becomes of partitions that are older than their set keeps rows.
SET client_min_messages = warning;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SET IntervalStyle = 'postgres';
SET steward.now = '2026-03-15 12:00+00';
CREATE VIEW kept AS
  SELECT i.inhparent::regclass AS rel, string_agg(c.relname, ' ' ORDER BY c.relname COLLATE "C") AS partitions
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid AND c.relkind IN ('r', 'p', 'f') GROUP BY 1;
CREATE VIEW bin AS
  SELECT part, rel, lower_bound, upper_bound, detached_at, drop_after, foreign_keys, referenced_by FROM steward.recycled_partitions
  ORDER BY part::text COLLATE "C";
CREATE VIEW set_runs AS SELECT rel, last_run, sqlstate, last_error, failures, next_retry FROM steward._partition_runs ORDER BY rel::text COLLATE "C";

-- Standing limits count what is there.
CREATE TABLE rooms (id int PRIMARY KEY);
INSERT INTO rooms VALUES (1), (2);
SELECT steward.bind_subjects('rooms'), steward.define_meter('readings', 'rooms', 'standing'), steward.define_tier('default', 0),
  steward.set_limit('default', 'readings', NULL) \g /dev/null
CREATE TABLE readings (id bigint, room int REFERENCES rooms ON DELETE CASCADE, at timestamptz NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE INDEX ON readings (at);
SELECT steward.manage_partitions('readings', '1 month', premake => 1, since => '2025-09-01', time_zone => 'UTC');
SELECT steward.limit_rows('readings', 'room', 'readings');
INSERT INTO readings SELECT i, 1 + i % 2, '2025-09-01 08:00+00'::timestamptz + i * interval '1 day' FROM generate_series(0, 194) i;
-- Somebody refers to one partition by its own name.
CREATE TABLE remarks (id bigint, at timestamptz, CONSTRAINT to_one FOREIGN KEY (id, at) REFERENCES readings_y2025m10);
SELECT used FROM steward.usage(1, 'rooms');

-- Nothing is due without a retention; then what lies wholly before it, oldest first.
SELECT * FROM steward.plan_partitions('readings');
SELECT steward.manage_partitions('readings', retention => '3 months');
SELECT action, partition_name, lower_bound, upper_bound, statement, reason, newest_row FROM steward.plan_partitions('readings');
-- One that is held stays, and the plan says so.
SELECT steward.hold_partition('readings_y2025m11', 'case 7'), steward.hold_partition('readings_y2025m11');
SELECT part, reason, held_by = current_user AS by_me FROM steward.held_partitions;
SELECT action, partition_name, reason FROM steward.plan_partitions('readings');
-- More at once than may go: none goes.
SET steward.partition_max_drops = 1;
CALL steward.maintain_partitions('readings');
SELECT * FROM kept WHERE rel = 'readings'::regclass;
SELECT * FROM set_runs;
RESET steward.partition_max_drops;
CALL steward.maintain_partitions('readings');
SELECT * FROM kept WHERE rel = 'readings'::regclass;
SELECT * FROM bin \gx
SELECT * FROM set_runs;
-- A table of its own: with its bounds, and without keys that would block deletes or cascade into it.
\d readings_y2025m10
SELECT convalidated FROM pg_constraint WHERE conname = 'steward_bounds' AND conrelid = 'readings_y2025m10'::regclass;
SELECT count(*) FROM pg_constraint WHERE conrelid = 'remarks'::regclass;
SELECT used FROM steward.usage(1, 'rooms');
SELECT * FROM steward.verify_limits();
INSERT INTO readings_y2025m10 VALUES (999, 1, '2026-03-01');
-- What is gone is not made again.
SELECT * FROM steward.plan_partitions('readings') WHERE action <> 'held';

-- Back again: with its keys, and held, or it would go at once.
CREATE ROLE reading_clerk;
SET ROLE reading_clerk;
SELECT steward.restore_partition('readings_y2025m10');
SELECT steward.hold_partition('readings_y2025m11');
RESET ROLE;
INSERT INTO readings VALUES (500, 2, '2025-10-05'), (501, 2, '2025-10-06');
SET client_min_messages = notice;
SELECT steward.restore_partition('readings_y2025m10');
SET client_min_messages = warning;
SELECT tableoid::regclass, id FROM readings WHERE id >= 500;
DELETE FROM readings WHERE id >= 500;
SELECT conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated, conparentid <> 0 AS of_the_set FROM pg_constraint
WHERE (conrelid = 'readings_y2025m10'::regclass AND contype IN ('f', 'c', 'p')) OR conrelid = 'remarks'::regclass ORDER BY conname;
SELECT * FROM kept WHERE rel = 'readings'::regclass;
SELECT part FROM bin;
SELECT part, reason FROM steward.held_partitions ORDER BY part::text COLLATE "C";
SELECT used FROM steward.usage(1, 'rooms');
SELECT * FROM steward.verify_limits();
DELETE FROM rooms WHERE id = 2;
SELECT count(*) FROM readings_y2025m10;
SELECT steward.unhold_partition('readings_y2025m10'), steward.unhold_partition('readings_y2025m10');
CALL steward.maintain_partitions('readings');
SELECT part FROM bin;
-- A row that has lost what it refers to is in the way; nothing has happened then.
INSERT INTO readings_y2025m10 VALUES (600, 77, '2025-10-05');
SELECT steward.restore_partition('readings_y2025m10');
SELECT part FROM bin;
DELETE FROM readings_y2025m10 WHERE id = 600;
-- What is not in the bin.
SELECT steward.restore_partition('readings');
SELECT steward.restore_partition('rooms');
SELECT steward.hold_partition('rooms');
SELECT steward.hold_partition('readings');
SELECT steward.unhold_partition('remarks');
SELECT steward.restore_partition(0::regclass);
SELECT steward.hold_partition(NULL);

-- When its time in the bin is over it is dropped, unless it is held; what somebody writes there in the meantime counts.
SELECT steward.hold_partition('readings_y2025m10', 'case 8');
SET steward.now = '2026-03-22 11:59+00';
CALL steward.maintain_partitions('readings');
SELECT part FROM bin;
SET steward.now = '2026-03-22 12:00+00';
ALTER TABLE readings_y2025m09 DROP CONSTRAINT steward_bounds;
INSERT INTO readings_y2025m09 VALUES (700, 1, '2026-03-20');
SELECT action, partition_name, statement, reason, newest_row FROM steward.plan_partitions('readings') WHERE partition_name <> 'readings_y2025m11';
CALL steward.maintain_partitions('readings');
SELECT part FROM bin;
SELECT * FROM set_runs;
DELETE FROM readings_y2025m09 WHERE id = 700;
CALL steward.maintain_partitions('readings');
SELECT part FROM bin;
SELECT to_regclass('readings_y2025m09'), to_regclass('readings_y2025m10');
-- One that was attached by hand is no longer in the bin, whatever its time.
DELETE FROM readings_y2025m10 WHERE room = 2;
ALTER TABLE readings ATTACH PARTITION readings_y2025m10 FOR VALUES FROM ('2025-10-01') TO ('2025-11-01');
SELECT steward.restore_partition('readings_y2025m10');
CALL steward.maintain_partitions('readings');
SELECT part FROM bin;
SELECT action, partition_name, reason FROM steward.plan_partitions('readings');

-- The clock has been set: nothing goes in that run.
SELECT steward.unhold_partition('readings_y2025m10'), steward.unhold_partition('readings_y2025m11');
SET steward.now = '2026-06-22 12:00+00';
CALL steward.maintain_partitions('readings');
SELECT * FROM kept WHERE rel = 'readings'::regclass;
SELECT * FROM set_runs;
-- It backs off, unless it is asked for by name.
CALL steward.maintain_partitions();
SELECT * FROM kept WHERE rel = 'readings'::regclass;
CALL steward.maintain_partitions('readings');
SELECT * FROM kept WHERE rel = 'readings'::regclass;
SELECT part, drop_after FROM bin;
SELECT * FROM steward.verify_limits();

-- Bounds are what counts: one that is wide, or called otherwise, stays with its fresh rows.
SET steward.now = '2026-03-15 12:00+00';
CREATE TABLE wide (id int, at timestamptz) PARTITION BY RANGE (at);
CREATE TABLE wide_y2019m01 PARTITION OF wide FOR VALUES FROM (MINVALUE) TO ('2026-03-15 12:00+00');
CREATE TABLE wide_y2030m01 PARTITION OF wide FOR VALUES FROM ('2026-03-15 12:00+00') TO ('2026-04-01');
INSERT INTO wide VALUES (1, '2026-03-15 11:59'), (2, '2019-01-01');
SELECT steward.manage_partitions('wide', '1 month', premake => 0, retention => '1 hour', default_partition => false);
SELECT * FROM steward.plan_partitions('wide');
SET steward.now = '2026-03-15 13:00+00';
SELECT action, partition_name, lower_bound, upper_bound, newest_row FROM steward.plan_partitions('wide');
CALL steward.maintain_partitions('wide');
SELECT steward.restore_partition('wide_y2019m01');
SELECT * FROM kept WHERE rel = 'wide'::regclass;
DROP TABLE wide;

-- The rows of a foreign table are not the server's to vouch for.
CREATE EXTENSION file_fdw;
CREATE SERVER reports FOREIGN DATA WRAPPER file_fdw;
CREATE TABLE reports (id int, at date) PARTITION BY RANGE (at);
CREATE FOREIGN TABLE reports_far PARTITION OF reports FOR VALUES FROM ('2025-01-01') TO ('2025-02-01')
  SERVER reports OPTIONS (program 'echo 1,2025-01-03; echo 2,2026-03-14', format 'csv');
SELECT steward.manage_partitions('reports', '1 month', premake => 0, retention => '1 year', keep_detached => '0');
SELECT action, partition_name, newest_row FROM steward.plan_partitions('reports');
CALL steward.maintain_partitions('reports');
SELECT last_error FROM set_runs WHERE rel = 'reports'::regclass;
ALTER FOREIGN TABLE reports_far OPTIONS (SET program 'echo 1,2025-01-03');
CALL steward.maintain_partitions('reports');
SELECT * FROM kept WHERE rel = 'reports'::regclass;
SELECT to_regclass('reports_far');
DROP TABLE reports;
DROP EXTENSION file_fdw CASCADE;

-- Kept for good, in a schema for it, where the owner may.
CREATE SCHEMA attic;
CREATE TABLE diaries (at date, note text, PRIMARY KEY (at)) PARTITION BY RANGE (at);
CREATE TABLE diaries_2025 PARTITION OF diaries FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY RANGE (at);
CREATE TABLE diaries_2025_all PARTITION OF diaries_2025 DEFAULT;
INSERT INTO diaries VALUES ('2025-05-05', 'x');
SELECT steward.manage_partitions('diaries', '1 year', premake => 0, retention => '1 month', retention_action => 'detach', archive_schema => 'attic');
ALTER TABLE diaries OWNER TO reading_clerk;
ALTER TABLE diaries_2025 OWNER TO reading_clerk;
ALTER TABLE diaries_default OWNER TO reading_clerk;
SELECT steward.manage_partitions('diaries', retention => '1 month');
CALL steward.maintain_partitions('diaries');
SELECT last_error FROM set_runs WHERE rel = 'diaries'::regclass;
GRANT CREATE, USAGE ON SCHEMA attic TO reading_clerk;
CALL steward.maintain_partitions('diaries');
SELECT part, drop_after FROM bin WHERE rel = 'diaries'::regclass;
SELECT * FROM attic.diaries_2025;
SELECT steward.restore_partition('attic.diaries_2025');
SELECT tableoid::regclass, * FROM diaries;
SELECT steward.unmanage_partitions('diaries');
DROP TABLE diaries;
DROP SCHEMA attic;

-- Sets that refer to each other: who refers to others loses first. Rows that are referred to stay.
CREATE TABLE orders (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE lines (id int, at date, FOREIGN KEY (id, at) REFERENCES orders) PARTITION BY RANGE (at);
CREATE TABLE lines_forever (id int, at date, FOREIGN KEY (id, at) REFERENCES orders);
SELECT steward.manage_partitions('orders', '1 month', premake => 0, since => '2026-01-01', retention => '1 month'),
  steward.manage_partitions('lines', '1 month', premake => 0, since => '2026-01-01', retention => '1 month');
SELECT * FROM kept WHERE rel IN ('orders'::regclass, 'lines'::regclass) ORDER BY 1;
SELECT steward.manage_partitions('orders', retention => '0'), steward.manage_partitions('lines', retention => '0');
INSERT INTO orders VALUES (1, '2026-02-16'), (2, '2026-02-17');
INSERT INTO lines VALUES (1, '2026-02-16'), (1, '2026-02-16');
INSERT INTO lines_forever VALUES (2, '2026-02-17');
SET steward.now = '2026-04-02 12:00+00';
SELECT steward.manage_partitions('orders', retention => '1 month'), steward.manage_partitions('lines', retention => '1 month');
DELETE FROM steward._partition_runs;
SELECT rel, action, partition_name FROM steward.plan_partitions() WHERE action = 'detach' AND rel <> 'readings'::regclass;
SET client_min_messages = error;
CALL steward.maintain_partitions();
SET client_min_messages = warning;
SELECT rel, sqlstate FROM set_runs WHERE rel IN ('orders'::regclass, 'lines'::regclass);
SELECT * FROM kept WHERE rel IN ('orders'::regclass, 'lines'::regclass) ORDER BY 1;
DELETE FROM lines_forever;
CALL steward.maintain_partitions('orders');
SELECT * FROM kept WHERE rel IN ('orders'::regclass, 'lines'::regclass) ORDER BY 1;
-- What refers to others comes back after them.
SELECT steward.restore_partition('lines_y2026m02');
SELECT steward.restore_partition('orders_y2026m02'), steward.restore_partition('lines_y2026m02');
SELECT * FROM kept WHERE rel IN ('orders'::regclass, 'lines'::regclass) ORDER BY 1;

-- What is left of a set that is managed no more: the tables in the bin, and holds.
SELECT steward.unhold_partition('lines_y2026m02');
CALL steward.maintain_partitions('lines');
SELECT part FROM bin WHERE rel = 'lines'::regclass;
SELECT steward.unmanage_partitions('lines');
SELECT count(*) FROM bin WHERE rel = 'lines'::regclass;
SELECT part FROM steward.held_partitions;
SELECT * FROM lines_y2026m02;
DROP TABLE lines_y2026m01, lines_y2026m02, orders_y2026m01, lines, lines_forever, orders;
SELECT steward.unlimit_rows('readings', 'readings');
SELECT steward.drop_meter('readings'), steward.drop_tier('default'), steward.unbind_subjects('rooms');
DROP TABLE readings, remarks, rooms;
CALL steward.maintain_partitions();
SELECT (SELECT count(*) FROM steward.partition_sets) AS sets, (SELECT count(*) FROM steward.recycled_partitions) AS bin,
  (SELECT count(*) FROM steward.held_partitions) AS held, (SELECT count(*) FROM set_runs) AS runs;
SELECT string_agg(oid::regclass::text, ', ' ORDER BY relname) FROM pg_class WHERE relname ~ '^(readings|wide|lines|orders|diaries|reports)' AND relkind IN ('r', 'p', 'f');
DROP TABLE readings_y2025m10, readings_y2025m11, readings_y2025m12, readings_y2026m01, readings_y2026m02;
DROP ROLE reading_clerk;
DROP VIEW kept, bin, set_runs;
