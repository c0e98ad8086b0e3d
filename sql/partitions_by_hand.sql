-- What is done by hand to a set while it is being maintained, and keys at the ends of what their types can hold.
SET client_min_messages = warning;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SET steward.now = '2026-03-15 12:00+00';
CREATE VIEW stored AS
  SELECT i.inhparent::regclass AS rel, c.relname, pg_get_expr(c.relpartbound, c.oid) AS bounds
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relkind IN ('r', 'p', 'f') ORDER BY c.relname COLLATE "C";

-- A partition is half filled when its set's default goes away, becomes another, or the partition gets the rest of its step by hand.
CREATE FUNCTION not_now(id int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$
  BEGIN IF id = 6000 AND current_setting('stop.here', true) = 'on' THEN RAISE 'not now'; END IF; RETURN id; END $$;
CREATE FUNCTION half_filled(name text) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    EXECUTE format('CREATE TABLE %I (id int, at date) PARTITION BY RANGE (at)', name);
    EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', name || '_default', name);
    EXECUTE format('CREATE INDEX ON %I (public.not_now(id))', name);
    EXECUTE format('INSERT INTO %I SELECT i, ''2026-01-01''::date + i / 300 FROM generate_series(0, 9299) i', name);
    PERFORM steward.manage_partitions(name::regclass, '1 month', premake => 0, since => '2026-01-01', time_zone => 'UTC');
  END $$;
SELECT half_filled(name) FROM unnest(ARRAY['bare', 'away', 'nested', 'distant', 'endless']) AS name \g /dev/null
SET stop.here = 'on';
SET client_min_messages = error;
CALL steward.maintain_partitions();
SET client_min_messages = warning;
SET stop.here = 'off';
SELECT part, moved, total FROM steward._moving_partitions ORDER BY part::text;
-- None any more, and another is not wanted: the partition gets all of its step.
SELECT steward.manage_partitions('bare', default_partition => false);
CREATE TABLE kept AS SELECT * FROM ONLY bare_default;
DROP TABLE bare_default;
CALL steward.maintain_partitions('bare');
SELECT * FROM stored WHERE rel = 'bare'::regclass;
INSERT INTO bare SELECT * FROM kept;
SELECT count(*), count(DISTINCT id) FROM bare;
-- None any more, and another comes.
DROP TABLE away_default;
CALL steward.maintain_partitions('away');
INSERT INTO away SELECT * FROM kept;
CALL steward.maintain_partitions('away');
SELECT * FROM stored WHERE rel = 'away'::regclass;
SELECT count(*), count(DISTINCT id) FROM away;
-- Another that is partitioned itself: nothing moves out of it, and its rows are found.
ALTER TABLE nested DETACH PARTITION nested_default;
DROP TABLE nested_default;
CREATE TABLE nested_default (id int, at date) PARTITION BY LIST (id);
CREATE TABLE nested_rest PARTITION OF nested_default DEFAULT;
ALTER TABLE nested ATTACH PARTITION nested_default DEFAULT;
INSERT INTO nested SELECT * FROM kept;
CALL steward.maintain_partitions('nested');
SELECT * FROM stored WHERE rel = 'nested'::regclass;
SELECT count(*), count(*) FILTER (WHERE at = '2026-01-30') FROM nested;
SELECT count(*) FROM nested WHERE at = '2026-01-30';
-- One that is somewhere else.
CREATE FOREIGN DATA WRAPPER nowhere;
CREATE SERVER far_away FOREIGN DATA WRAPPER nowhere;
CREATE FOREIGN TABLE distant_rest (id int, at date) SERVER far_away;
DROP TABLE distant_default;
ALTER TABLE distant ATTACH PARTITION distant_rest DEFAULT;
CALL steward.maintain_partitions('distant');
SELECT * FROM stored WHERE rel = 'distant'::regclass;
-- All that is to come.
DELETE FROM endless_default;
DROP TABLE endless_y2026m02, endless_y2026m03;
ALTER TABLE endless DETACH PARTITION endless_y2026m01;
ALTER TABLE endless ATTACH PARTITION endless_y2026m01 FOR VALUES FROM ('2026-01-01') TO (MAXVALUE);
INSERT INTO endless SELECT * FROM kept;
CALL steward.maintain_partitions('endless');
SELECT * FROM stored WHERE rel = 'endless'::regclass;
SELECT count(*), count(DISTINCT id) FROM endless;
SELECT part FROM steward._moving_partitions ORDER BY part::text;
SELECT rel, last_error FROM steward._partition_runs WHERE last_error IS NOT NULL AND rel::text IN ('bare', 'away', 'endless');

-- Rows that a CHECK was never checked for are found where they move.
CREATE TABLE doubtful (amount int, at date) PARTITION BY RANGE (at);
SELECT steward.manage_partitions('doubtful', '1 month', premake => 0, time_zone => 'UTC');
INSERT INTO doubtful VALUES (-1, '2026-05-05'), (1, '2026-05-05');
ALTER TABLE doubtful ADD CONSTRAINT positive CHECK (amount > 0) NOT VALID, ADD CONSTRAINT small CHECK (amount < 10);
CALL steward.maintain_partitions('doubtful');
SELECT tableoid::regclass, amount FROM doubtful WHERE amount < 0;
SELECT conrelid::regclass, conname, convalidated FROM pg_constraint WHERE conrelid = 'doubtful_y2026m05'::regclass ORDER BY conname;
ALTER TABLE doubtful VALIDATE CONSTRAINT positive;

-- A policy whose condition names the table.
CREATE TABLE tenants (org int, who name);
CREATE TABLE "Rented Rooms" (org int, gone int, at date, free boolean) PARTITION BY RANGE (at);
ALTER TABLE "Rented Rooms" DROP COLUMN gone;
ALTER TABLE "Rented Rooms" ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON "Rented Rooms" USING (free OR EXISTS (SELECT FROM tenants AS t WHERE t.org = "Rented Rooms".org AND t.who = current_user))
  WITH CHECK ((SELECT count(*) FROM tenants AS t WHERE t.org = "Rented Rooms".org) > 0);
SELECT steward.manage_partitions('"Rented Rooms"', '1 month', premake => 0, time_zone => 'UTC');
SELECT tablename, qual, with_check FROM pg_policies WHERE tablename ~ '^Rented Rooms_' ORDER BY 1;
SELECT * FROM steward.verify_partitions('"Rented Rooms"');
ALTER POLICY own ON "Rented Rooms_default" USING (free);
SELECT * FROM steward.verify_partitions('"Rented Rooms"');

-- Dates after the last that a timestamp can hold are no old ones.
CREATE TABLE eras (at date) PARTITION BY RANGE (at);
SELECT steward.manage_partitions('eras', '1 month', premake => 0, retention => '3 months', keep_detached => '0', time_zone => 'UTC');
CREATE TABLE eras_to_come PARTITION OF eras FOR VALUES FROM ('2027-01-01') TO ('300000-01-01');
CREATE TABLE eras_after PARTITION OF eras FOR VALUES FROM ('300000-01-01') TO ('5874897-12-31');
INSERT INTO eras VALUES ('2027-05-05'), ('294277-01-01'), ('300001-01-01');
SELECT * FROM steward.plan_partitions('eras');
CALL steward.maintain_partitions('eras');
SELECT tableoid::regclass, at FROM eras ORDER BY at;
SELECT partition_name, lower_bound, upper_bound FROM steward.partitions WHERE rel = 'eras'::regclass ORDER BY partition_name;

-- An integer ends before a few steps do.
CREATE TABLE coins (id int) PARTITION BY RANGE (id);
SELECT steward.manage_partitions('coins', key_step => 1000000000);
INSERT INTO coins VALUES (1), (2000000001), (2147483647), (-2147483648), (-1);
CALL steward.maintain_partitions('coins');
SELECT tableoid::regclass, id FROM coins ORDER BY id;
SELECT last_error FROM steward._partition_runs WHERE rel = 'coins'::regclass;
CREATE TABLE grains (id bigint) PARTITION BY RANGE (id);
SELECT steward.manage_partitions('grains', key_step => 1000000000000000000, premake => 1);
INSERT INTO grains VALUES (1), (9223372036854775807), (-9223372036854775808);
CALL steward.maintain_partitions('grains');
SELECT tableoid::regclass, id FROM grains ORDER BY id;
SELECT rel, state, default_rows FROM steward.partition_health WHERE rel IN ('coins'::regclass, 'grains'::regclass) ORDER BY rel::text;

SELECT steward.unmanage_partitions(rel) FROM steward.partition_sets \g /dev/null
DROP VIEW stored;
DROP TABLE bare, away, nested, distant, endless, kept, doubtful, tenants, "Rented Rooms", eras, coins, grains;
DROP SERVER far_away;
DROP FOREIGN DATA WRAPPER nowhere;
DROP FUNCTION half_filled, not_now;
