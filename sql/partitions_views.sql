-- What there is, how it stands, what is wrong with it; and maintenance of every part.
SET client_min_messages = warning;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SET IntervalStyle = 'postgres';
SET steward.now = '2026-03-18 14:30+00';
CREATE VIEW health AS SELECT rel, state, runway, default_rows, last_run, last_error, sqlstate, next_retry FROM steward.partition_health ORDER BY rel::text COLLATE "C";
CREATE VIEW faults AS SELECT rel, partition_name, problem, detail FROM steward.verify_partitions() ORDER BY rel::text COLLATE "C", partition_name COLLATE "C", problem, detail;

-- Every kind of key, in what can be read.
CREATE TABLE ferries (id bigint, at timestamptz NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE tides (at timestamp) PARTITION BY RANGE (at);
CREATE TABLE fares (day date) PARTITION BY RANGE (day);
CREATE TABLE tickets (id uuid PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE cabins (id bigint PRIMARY KEY) PARTITION BY RANGE (id);
SELECT steward.manage_partitions('ferries', '1 month', premake => 2, since => '2025-12-01', time_zone => 'Europe/Berlin'),
  steward.manage_partitions('tides', '1 hour', premake => 1, default_partition => false, time_zone => 'UTC'),
  steward.manage_partitions('fares', '1 day', premake => 1, default_partition => false),
  steward.manage_partitions('tickets', '1 year', premake => 1),
  steward.manage_partitions('cabins', key_step => 100, premake => 1) \g /dev/null
SELECT rel, partition_name, lower_bound, upper_bound, rows_estimate, state FROM steward.partitions ORDER BY rel::text COLLATE "C", partition_name COLLATE "C";
TABLE health;
TABLE faults;

-- Rows, bytes, what is held, and what is in the bin.
INSERT INTO ferries SELECT i, '2026-01-10 12:00+00'::timestamptz + i * interval '1 minute' FROM generate_series(1, 1000) i;
INSERT INTO ferries VALUES (1, '2099-01-01');
ANALYZE ferries;
SELECT steward.hold_partition('ferries_y2026m01', 'inquiry'), steward.manage_partitions('ferries', retention => '1 month') \g /dev/null
TABLE health;
CALL steward.maintain();
SELECT partition_name, lower_bound, upper_bound, rows_estimate, bytes > 40000 AS large, state FROM steward.partitions WHERE rel = 'ferries'::regclass ORDER BY partition_name COLLATE "C";
TABLE health;
-- In a schema that is not searched, and partitioned itself.
CREATE SCHEMA pier;
CREATE TABLE pier.boats (id int, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE pier.odd PARTITION OF pier.boats FOR VALUES FROM (MINVALUE) TO ('2026-03-05') PARTITION BY HASH (id);
CREATE TABLE pier.odd_0 PARTITION OF pier.odd FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE pier.odd_1 PARTITION OF pier.odd FOR VALUES WITH (MODULUS 2, REMAINDER 1);
SELECT steward.manage_partitions('pier.boats', '1 week', premake => 0, default_partition => false) \g /dev/null
INSERT INTO pier.boats SELECT i, '2026-01-01' FROM generate_series(1, 500) i;
ANALYZE pier.boats;
SELECT partition_name, lower_bound, upper_bound, rows_estimate, bytes >= 16384 AS large, state FROM steward.partitions WHERE rel = 'pier.boats'::regclass ORDER BY partition_name COLLATE "C";
SELECT * FROM faults WHERE rel = 'pier.boats'::regclass;

-- Late: nobody has maintained for a day, the next step is not there, rows are where they should not be.
SET steward.now = '2026-04-02 10:00+00';
SELECT rel, state, runway FROM health;
SET client_min_messages = error;
CALL steward.maintain();
SET client_min_messages = warning;
SELECT rel, state, runway, sqlstate, last_error FROM health;
INSERT INTO tickets VALUES ('01b50000-6000-7abc-8def-0123456789ab'), ('ffffffff-6000-7abc-8def-0123456789ab');
SELECT state, default_rows FROM health WHERE rel = 'tickets'::regclass;
DELETE FROM tickets WHERE id < 'f0000000-0000-0000-0000-000000000000';
SELECT state, default_rows FROM health WHERE rel = 'tickets'::regclass;
-- A default that is too large to count.
INSERT INTO ferries SELECT i, '2098-01-01'::timestamptz + i * interval '1 second' FROM generate_series(1, 400000) i;
SELECT state, default_rows BETWEEN 350000 AND 450000 AS about FROM health WHERE rel = 'ferries'::regclass;
ANALYZE ferries_default;
SELECT state, default_rows FROM health WHERE rel = 'ferries'::regclass;
INSERT INTO ferries VALUES (0, '2027-01-01');
CREATE INDEX ON ferries_default (at);
SELECT state, default_rows FROM health WHERE rel = 'ferries'::regclass;
SELECT partition_name, problem FROM faults WHERE rel = 'ferries'::regclass;
TRUNCATE ferries_default;

-- What is wrong.
DROP TABLE tides, fares, tickets, cabins, pier.boats;
CREATE ROLE boatswain;
CREATE ROLE stoker;
CREATE TABLE ports (id bigint, at timestamptz NOT NULL, note text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE ports_old PARTITION OF ports FOR VALUES FROM ('2026-01-05') TO ('2026-02-01');
SELECT steward.manage_partitions('ports', '1 month', premake => 1, since => '2026-03-01') \g /dev/null
CREATE INDEX ports_at ON ONLY ports (at);
CREATE INDEX ports_y2026m05_at ON ports_y2026m05 (at);
ALTER INDEX ports_at ATTACH PARTITION ports_y2026m05_at;
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ports_y2026m05_at'::regclass;
GRANT SELECT, INSERT (note) ON ports TO boatswain;
GRANT SELECT ON ports_default TO PUBLIC;
ALTER TABLE ports_old OWNER TO stoker;
ALTER TABLE ports ENABLE ROW LEVEL SECURITY, REPLICA IDENTITY USING INDEX ports_pkey;
CREATE POLICY all_rows ON ports USING (id > 0);
CREATE POLICY all_rows ON ports_y2026m04 USING (id > 1);
CREATE POLICY own ON ports_old USING (true);
INSERT INTO ports VALUES (1, '2026-02-10');
SELECT partition_name, problem, detail FROM faults WHERE rel = 'ports'::regclass;
DROP TABLE ports_default;
SELECT partition_name, problem, detail FROM faults WHERE rel = 'ports'::regclass AND problem ~ 'default|gap';
UPDATE pg_inherits SET inhdetachpending = true WHERE inhrelid = 'ports_old'::regclass;
SELECT partition_name, problem, detail FROM faults WHERE rel = 'ports'::regclass AND problem ~ 'pending';
SELECT partition_name, state FROM steward.partitions WHERE rel = 'ports'::regclass ORDER BY partition_name COLLATE "C";
UPDATE pg_inherits SET inhdetachpending = false WHERE inhrelid = 'ports_old'::regclass;
DROP TABLE ports;
-- All is well, in bounds that are no step.
CREATE TABLE quays (id bigint PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE quays_odd PARTITION OF quays FOR VALUES FROM (0) TO (150);
SELECT steward.manage_partitions('quays', key_step => 100, premake => 0) \g /dev/null
SELECT * FROM steward.verify_partitions('quays');
DROP TABLE quays;

-- One that is broken does not keep the others from being seen.
CREATE TABLE wrecks (at timestamptz) PARTITION BY RANGE (at);
CREATE TABLE renamed (at timestamptz) PARTITION BY RANGE (at);
SELECT steward.manage_partitions('wrecks', '1 month', premake => 1), steward.manage_partitions('renamed', '1 month', premake => 1) \g /dev/null
ALTER TABLE renamed RENAME at TO "When?";
UPDATE steward.partition_sets SET time_zone = 'Atlantis/City' WHERE rel = 'wrecks'::regclass;
TABLE health;
TABLE faults;
SELECT rel, partition_name, state FROM steward.partitions WHERE rel <> 'ferries'::regclass ORDER BY partition_name COLLATE "C";
UPDATE steward.partition_sets SET rel = 'health'::regclass WHERE rel = 'wrecks'::regclass;
SELECT rel, state, last_error FROM health;
SELECT count(*) FROM steward.partitions WHERE rel = 'health'::regclass;
CALL steward.maintain();
DELETE FROM steward.partition_sets WHERE rel = 'health'::regclass;
DROP TABLE wrecks, renamed;
-- What maintenance said stays.
UPDATE steward._partition_runs SET last_error = 'no lock', sqlstate = 'QP003', next_retry = '2026-04-03' WHERE rel = 'ferries'::regclass;
TABLE health;
UPDATE steward._partition_runs SET sqlstate = '55P03' WHERE rel = 'ferries'::regclass;
SELECT state FROM health;
UPDATE steward._partition_runs SET sqlstate = 'QP002' WHERE rel = 'ferries'::regclass;
SELECT state FROM health;
SELECT steward.verify_partitions('steward._counters');

-- Who may: level monitor, without a right on the tables, also where their owner is somebody else.
GRANT CREATE ON SCHEMA public TO stoker;
ALTER TABLE ferries OWNER TO stoker;
ALTER TABLE ferries ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ferries_default ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
INSERT INTO ferries VALUES (7, '2099-01-01');
SET ROLE boatswain;
SELECT * FROM steward.partitions;
SELECT * FROM steward.partition_health;
SELECT * FROM steward.verify_partitions();
SELECT * FROM steward._partitions();
CALL steward.maintain();
SELECT steward.schedule_maintenance();
SELECT steward.unschedule_maintenance();
RESET ROLE;
SELECT steward.grant_access('boatswain', 'monitor') \g /dev/null
SET ROLE boatswain;
SELECT count(*), sum(bytes) > 0 AS sized FROM steward.partitions;
SELECT rel, state, default_rows FROM steward.partition_health;
SELECT DISTINCT problem FROM steward.verify_partitions('ferries') ORDER BY 1;
CALL steward.maintain();
RESET ROLE;
SELECT steward.grant_access('boatswain', 'admin') \g /dev/null
SET ROLE boatswain;
CALL steward.maintain();
SELECT state FROM steward.partition_health;
RESET ROLE;

-- Maintenance of every part; one that fails does not stop the others.
CREATE TABLE pages (id int PRIMARY KEY, views bigint NOT NULL DEFAULT 0);
INSERT INTO pages VALUES (1);
SELECT steward.create_counter('pages', 'views'), steward.hit('pages', 1) \g /dev/null
UPDATE steward.partition_sets SET premake = 3 WHERE rel = 'ferries'::regclass;
DELETE FROM steward._partition_runs;
ALTER TABLE steward._limit_keys RENAME TO _gone;
CALL steward.maintain();
SELECT views, (SELECT count(*) FROM steward.partitions WHERE partition_name = 'ferries_y2026m07') FROM pages;
ALTER TABLE steward._gone RENAME TO _limit_keys;
ALTER TABLE steward._partition_runs RENAME TO _gone;
SELECT steward.hit('pages', 1);
-- In a block that commits, more than once, with a cursor open.
DO $$
DECLARE i int; seen int := 0;
BEGIN
  FOR i IN SELECT g FROM generate_series(1, 3) g LOOP
    CALL steward.maintain();
    seen := seen + i;
  END LOOP;
  RAISE WARNING '%', seen;
END $$;
SELECT views FROM pages;
ALTER TABLE steward._gone RENAME TO _partition_runs;
CALL steward.maintain();
-- An error in somebody's trigger, at some depth.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1..3 LOOP
    BEGIN
      EXECUTE 'SELECT 1 / 0';
    EXCEPTION WHEN division_by_zero THEN
      IF i = 3 THEN RAISE EXCEPTION 'no %', TG_OP; END IF;
    END;
  END LOOP;
END $$;
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON steward._partition_runs FOR EACH ROW EXECUTE FUNCTION refuse();
SELECT steward.hit('pages', 1);
CALL steward.maintain();
CALL steward.maintain();
SELECT views FROM pages;
DROP TRIGGER refuse ON steward._partition_runs;
CALL steward.maintain();
SELECT state FROM steward.partition_health;

-- Where it cannot commit.
BEGIN;
CALL steward.maintain();
ROLLBACK;
CREATE FUNCTION maintain_within() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CALL steward.maintain(); END $$;
SELECT maintain_within();
DO $$ BEGIN CALL steward.maintain(); EXCEPTION WHEN SQLSTATE '25001' THEN RAISE WARNING 'not in an exception block'; END $$;
BEGIN READ ONLY;
SELECT steward.schedule_maintenance();
ROLLBACK;
-- There is no pg_cron here.
CREATE FUNCTION said_of(call text, OUT message text, OUT detail text, OUT hint text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE call;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  message := replace(message, current_database(), 'this_one');
  hint := replace(hint, current_database(), 'this_one');
END $$;
\x
SELECT * FROM said_of('SELECT steward.schedule_maintenance()');
SELECT * FROM said_of('SELECT steward.unschedule_maintenance()');
\x
DROP FUNCTION said_of(text);
SELECT steward.schedule_maintenance(NULL);

DROP TABLE ferries, pages CASCADE;
CALL steward.maintain();
SELECT count(*) FROM steward.partition_sets;
DROP FUNCTION refuse, maintain_within;
DROP VIEW health, faults;
DROP SCHEMA pier CASCADE;
SELECT steward.revoke_access('boatswain', 'monitor'), steward.revoke_access('boatswain', 'admin') \g /dev/null
DROP OWNED BY stoker, boatswain;
DROP ROLE stoker, boatswain;
