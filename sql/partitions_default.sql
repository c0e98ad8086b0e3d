-- Rows of the default partition move where they belong, with nobody else noticing.
SET client_min_messages = warning;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SET steward.now = '2026-03-15 12:00+00';
CREATE VIEW stored AS
  SELECT i.inhparent::regclass AS rel, c.relname, pg_get_expr(c.relpartbound, c.oid) AS bounds
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relkind IN ('r', 'p', 'f') ORDER BY c.relname COLLATE "C";

-- More rows than move in a step, with values that are stored out of line; referred to, with triggers that must not be called, and
-- policies that hide all rows from their owner. The default partition has other columns in another order.
CREATE TABLE boxes (id int PRIMARY KEY);
INSERT INTO boxes VALUES (1), (2);
SELECT steward.bind_subjects('boxes'), steward.define_meter('letters', 'boxes', 'standing'), steward.define_tier('default', 0),
  steward.set_limit('default', 'letters', NULL) \g /dev/null
CREATE TABLE letters (id bigint, box int REFERENCES boxes, at timestamptz NOT NULL, body text, size int GENERATED ALWAYS AS (length(body)) STORED,
  PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE INDEX ON letters (at);
CREATE INDEX ON letters (lower(left(body, 10))) WHERE size > 20;
CREATE TABLE letters_default (gone int, body text, at timestamptz NOT NULL, size int GENERATED ALWAYS AS (length(body)) STORED, id bigint NOT NULL, box int);
ALTER TABLE letters_default DROP COLUMN gone;
ALTER TABLE letters ATTACH PARTITION letters_default DEFAULT;
CREATE TABLE stamps (letter bigint, at timestamptz, FOREIGN KEY (letter, at) REFERENCES letters ON DELETE CASCADE ON UPDATE CASCADE);
SELECT steward.limit_rows('letters', 'box', 'letters');
INSERT INTO letters (id, box, at, body)
  SELECT i, 1 + i % 2, '2026-02-20'::timestamptz + i * interval '5 min', 'Letter ' || i || repeat('.', i % 40) FROM generate_series(1, 12000) i;
CREATE FUNCTION noise(n int) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(md5(n || '.' || i), '') FROM generate_series(1, 300) i $$;
INSERT INTO letters (id, box, at, body) SELECT i, 2, '2026-02-25'::timestamptz + i * interval '1 hour', noise(i) FROM generate_series(20001, 20040) i;
INSERT INTO letters (id, box, at, body) VALUES (-1, 1, '1970-01-01', 'too old'), (-2, 1, '2050-01-01', 'too new'), (-3, 1, 'infinity', 'never');
INSERT INTO stamps SELECT id, at FROM letters WHERE id % 100 = 0 OR id < 0;
CREATE TABLE called (what text);
CREATE FUNCTION call() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO called VALUES (tg_op); RETURN NULL; END $$;
CREATE TRIGGER call AFTER INSERT OR UPDATE OR DELETE ON letters FOR EACH ROW EXECUTE FUNCTION call();
ALTER TABLE letters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE letters_default ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE TABLE before AS SELECT id, box, at, body, size FROM letters;
SET client_min_messages = notice;
SELECT steward.manage_partitions('letters', '1 month', premake => 1, since => '2026-02-01', time_zone => 'UTC');
SET client_min_messages = warning;
SELECT * FROM stored WHERE rel = 'letters'::regclass;
SELECT action, partition_name, lower_bound, upper_bound, statement, reason FROM steward.plan_partitions('letters');
SET steward.progress_notice = 50;
SET client_min_messages = notice;
CALL steward.maintain_partitions('letters');
SET client_min_messages = warning;
RESET steward.progress_notice;
SELECT * FROM stored WHERE rel = 'letters'::regclass;
SELECT tableoid::regclass, count(*), min(id), max(id) FROM letters GROUP BY 1 ORDER BY 1;
TABLE before EXCEPT SELECT id, box, at, body, size FROM letters;
SELECT (SELECT count(*) FROM before) = (SELECT count(*) FROM letters) AS same, (SELECT count(*) FROM stamps) AS stamps, (SELECT count(*) FROM called) AS called;
SELECT * FROM steward.verify_limits();
SELECT used FROM steward.usage(1, 'boxes');
-- Found by every index, and only in the partition that its key is for.
SET enable_seqscan = off;
SELECT tableoid::regclass, size FROM letters WHERE lower(left(body, 10)) = 'letter 300' AND size > 20 AND id < 3005 AND at > '2026-03-01' ORDER BY id;
SELECT count(*) FROM letters WHERE id BETWEEN 20001 AND 20040 AND at > '2026-02-25';
RESET enable_seqscan;
INSERT INTO letters (id, box, at, body) SELECT id, box, at, 'again' FROM letters WHERE id = 5000;
DELETE FROM letters WHERE id = 5000;
SELECT count(*) FROM stamps;
UPDATE letters SET at = '2026-04-02' WHERE id = -2;
SELECT tableoid::regclass FROM letters WHERE id = -2;
SELECT action, count(*) > 0 AS some, bool_and(held > '0') AS held FROM steward.lock_history WHERE rel = 'letters'::regclass GROUP BY 1 ORDER BY 1;
SELECT * FROM steward.progress;
SELECT * FROM steward.plan_partitions('letters');
-- Which is kept for a month.
UPDATE steward._lock_history SET at = now() - interval '31 days' WHERE rel = 'letters'::regclass;
INSERT INTO steward._lock_history VALUES ('letters', 'of late', now() - interval '29 days', '0', '0', 0, NULL);
CALL steward.maintain_partitions('letters');
SELECT action FROM steward.lock_history WHERE rel = 'letters'::regclass;

-- Begun, and interrupted: it goes on where it was. What comes meanwhile for the rest of the range waits, too.
CREATE TABLE parts_moved (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE parts_moved_default PARTITION OF parts_moved DEFAULT;
CREATE INDEX ON parts_moved (at);
CREATE FUNCTION not_now(id int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$
  BEGIN IF id = 6000 AND current_setting('stop.here', true) = 'on' THEN RAISE 'not now'; END IF; RETURN id; END $$;
CREATE INDEX ON parts_moved (public.not_now(id));
INSERT INTO parts_moved SELECT i, '2026-01-01'::date + i % 31 FROM generate_series(0, 15499) i;
INSERT INTO parts_moved SELECT i, '2026-02-01'::date + i % 28 FROM generate_series(0, 5) i;
SELECT steward.manage_partitions('parts_moved', '1 month', premake => 0, since => '2026-01-01', time_zone => 'UTC');
SET stop.here = 'on';
CALL steward.maintain_partitions('parts_moved');
SELECT sqlstate, last_error FROM steward._partition_runs WHERE rel = 'parts_moved'::regclass;
SELECT what, done, total, rate > 0 AS some_rate, eta > now() AS some_time FROM steward.progress;
SELECT * FROM stored WHERE rel = 'parts_moved'::regclass;
SELECT action, partition_name, lower_bound, upper_bound, reason FROM steward.plan_partitions('parts_moved');
INSERT INTO parts_moved VALUES (-1, '2026-01-05'), (-2, '2026-01-30');
SELECT id, tableoid::regclass FROM parts_moved WHERE id < 0 ORDER BY id;
SET stop.here = 'off';
CALL steward.maintain_partitions('parts_moved');
SELECT tableoid::regclass, count(*), min(at), max(at) FROM parts_moved GROUP BY 1 ORDER BY 1;
SELECT * FROM stored WHERE rel = 'parts_moved'::regclass;
SELECT * FROM steward.progress;

-- A name that a partition in the same set has already gets a number.
CREATE TABLE askew_moved (at date) PARTITION BY RANGE (at);
CREATE TABLE askew_moved_default PARTITION OF askew_moved DEFAULT;
INSERT INTO askew_moved VALUES ('2026-03-01'), ('2026-03-15'), ('2026-03-25');
DELETE FROM askew_moved WHERE at = '2026-03-15';
CREATE TABLE askew_moved_own PARTITION OF askew_moved FOR VALUES FROM ('2026-03-10') TO ('2026-03-20');
SELECT steward.manage_partitions('askew_moved', '1 month', premake => 0, since => '2026-03-01', time_zone => 'UTC');
SELECT action, partition_name, lower_bound, upper_bound FROM steward.plan_partitions('askew_moved');
CALL steward.maintain_partitions('askew_moved');
SELECT tableoid::regclass, count(*), min(at), max(at) FROM askew_moved GROUP BY 1 ORDER BY 1;
SELECT relname, bounds FROM stored WHERE rel = 'askew_moved'::regclass;

-- Each kind of key, with and without an index. Rows of one key move together, however many they are.
CREATE TABLE days (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE days_default PARTITION OF days DEFAULT;
INSERT INTO days SELECT i, '2026-03-14'::date + i / 6000 FROM generate_series(0, 11999) i;
INSERT INTO days VALUES (-1, '-infinity'), (-2, NULL);
SELECT steward.manage_partitions('days', '1 day', premake => 0, since => '2026-03-01', time_zone => 'UTC');
CALL steward.maintain_partitions('days');
SELECT tableoid::regclass, count(*) FROM days GROUP BY 1 ORDER BY 1;
CREATE TABLE tickets (id bigint PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE tickets_default PARTITION OF tickets DEFAULT;
INSERT INTO tickets SELECT i FROM generate_series(1, 12000) i;
SELECT steward.manage_partitions('tickets', key_step => 10000, premake => 1);
CALL steward.maintain_partitions('tickets');
-- A number that nobody has counted up to stays where it is, and is not what is counted on from.
INSERT INTO tickets VALUES (9000000000000000000);
CALL steward.maintain_partitions('tickets');
SELECT tableoid::regclass, count(*) FROM tickets GROUP BY 1 ORDER BY 1;
SELECT relname, bounds FROM stored WHERE rel = 'tickets'::regclass;
CREATE TABLE events7 (id uuid PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE events7_default PARTITION OF events7 DEFAULT;
INSERT INTO events7 SELECT (lpad(to_hex(((extract(epoch FROM timestamptz '2026-03-10') * 1000)::bigint + i / 100) >> 16), 8, '0') || '-'
  || lpad(to_hex(((extract(epoch FROM timestamptz '2026-03-10') * 1000)::bigint + i / 100) & 65535), 4, '0') || '-7' || lpad(to_hex(i % 4096), 3, '0') || '-8000-000000000000')::uuid
  FROM generate_series(0, 11999) i;
INSERT INTO events7 VALUES ('f81d4fae-7dec-4abc-a765-00a0c91e6bf6');
SELECT steward.manage_partitions('events7', '1 month', premake => 0, time_zone => 'UTC');
CALL steward.maintain_partitions('events7');
SELECT tableoid::regclass, count(*) FROM events7 GROUP BY 1 ORDER BY 1;
CREATE TABLE clocks (at timestamp) PARTITION BY RANGE (at);
CREATE TABLE clocks_default PARTITION OF clocks DEFAULT;
INSERT INTO clocks SELECT '2026-03-15'::timestamp + i * interval '1 s' FROM generate_series(0, 11999) i;
SELECT steward.manage_partitions('clocks', '1 hour', premake => 0, since => '2026-03-15', time_zone => 'UTC');
CALL steward.maintain_partitions('clocks');
SELECT tableoid::regclass, count(*) FROM clocks GROUP BY 1 ORDER BY 1;

-- What is further ahead than anybody means stays; less where the setting says so.
INSERT INTO clocks VALUES ('2026-04-01'), ('2027-04-01');
SET steward.partition_max_future = '30d';
CALL steward.maintain_partitions('clocks');
SELECT tableoid::regclass, count(*) FROM clocks WHERE at > '2026-03-16' GROUP BY 1 ORDER BY 1;
RESET steward.partition_max_future;

-- A large default partition: with an index on the key nothing of it is read when one is attached.
CREATE TABLE piles (id int, at timestamptz NOT NULL, note text DEFAULT repeat('x', 100)) PARTITION BY RANGE (at);
CREATE TABLE piles_default PARTITION OF piles DEFAULT;
CREATE INDEX ON piles (at);
INSERT INTO piles SELECT i, '2050-01-01' FROM generate_series(1, 20000) i;
BEGIN;
SELECT pg_stat_get_xact_numscans('piles_default'::regclass) AS before \gset
SELECT steward.manage_partitions('piles', '1 month', premake => 0, time_zone => 'UTC');
SELECT pg_stat_get_xact_numscans('piles_default'::regclass) - :before AS read;
COMMIT;
SET steward.partition_believe_index = off;
BEGIN;
SELECT pg_stat_get_xact_numscans('piles_default'::regclass) AS before \gset
SELECT steward.manage_partitions('piles', premake => 1);
SELECT pg_stat_get_xact_numscans('piles_default'::regclass) - :before AS read;
COMMIT;
RESET steward.partition_believe_index;
SELECT conname FROM pg_constraint WHERE conrelid = 'piles_default'::regclass AND contype = 'c';

-- A publication must be able to tell of what moves.
CREATE TABLE told (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE told_default PARTITION OF told DEFAULT;
INSERT INTO told VALUES (1, '2026-03-10');
SET client_min_messages = error;
CREATE PUBLICATION tell FOR TABLE told;
SET client_min_messages = warning;
SELECT steward.manage_partitions('told', '1 month', premake => 0);
CALL steward.maintain_partitions('told');
SELECT sqlstate, last_error FROM steward._partition_runs WHERE rel = 'told'::regclass;
ALTER TABLE told_default REPLICA IDENTITY FULL;
ALTER PUBLICATION tell SET (publish = 'insert, update');
CALL steward.maintain_partitions('told');
ALTER PUBLICATION tell SET (publish = 'insert, update, delete');
CALL steward.maintain_partitions('told');
SELECT tableoid::regclass, count(*) FROM told GROUP BY 1;
DROP PUBLICATION tell;

-- What has come meanwhile for the range of a partition in the bin goes along when it comes back.
SELECT steward.manage_partitions('letters', retention => '14 days', keep_detached => '1 year') \g /dev/null
SET client_min_messages = error;
CALL steward.maintain_partitions('letters');
SET client_min_messages = warning;
SELECT sqlstate, split_part(last_error, ' foreign', 1) AS last_error FROM steward._partition_runs WHERE rel = 'letters'::regclass;
SELECT part FROM steward.recycled_partitions WHERE rel = 'letters'::regclass;
DELETE FROM stamps;
SELECT steward.unhold_partition(part) FROM steward.held_partitions \g /dev/null
CALL steward.maintain_partitions('letters');
SELECT part FROM steward.recycled_partitions WHERE rel = 'letters'::regclass;
INSERT INTO letters (id, box, at, body) VALUES (99, 1, '2026-02-10', 'late');
SELECT tableoid::regclass FROM letters WHERE id = 99 AND body = 'late';
SET client_min_messages = error;
SELECT steward.restore_partition('letters_y2026m02');
SET client_min_messages = warning;
SELECT tableoid::regclass FROM letters WHERE id = 99 AND body = 'late';
SELECT * FROM steward.verify_limits();

SELECT steward.unlimit_rows('letters', 'letters') \g /dev/null
SELECT steward.unmanage_partitions(rel) FROM steward.partition_sets \g /dev/null
DROP VIEW stored;
DROP TABLE stamps, letters, before, called, parts_moved, askew_moved, days, tickets, events7, clocks, piles, told;
DELETE FROM steward.held_partitions;
SELECT steward.drop_meter('letters'), steward.unbind_subjects('boxes') \g /dev/null
SELECT steward.drop_tier('default') \g /dev/null
DROP TABLE boxes;
DROP FUNCTION noise, call, not_now;
