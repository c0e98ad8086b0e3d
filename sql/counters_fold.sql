-- The fold: counts into their tables.
CREATE ROLE regress_steward_fold_owner;
GRANT CREATE ON SCHEMA public TO regress_steward_fold_owner;
SET ROLE regress_steward_fold_owner;
CREATE TABLE folded (id bigint PRIMARY KEY, tag text, views bigint DEFAULT 0, seen timestamptz);
INSERT INTO folded SELECT i, 'tag ' || i, 0 FROM generate_series(1, 3) i;
SELECT steward.create_counter('folded', 'views', last_col => 'seen');
RESET ROLE;
SELECT steward.hit('folded', 1), steward.hit('folded', 2, 5);
SELECT id, views, seen IS NOT NULL AS seen FROM folded ORDER BY id;
SELECT rel, col, cells, total, unfolded, last_fold IS NOT NULL AS folded, last_error, mode, bound FROM steward.counter_stats;
CALL steward.fold_counters();
SELECT id, views, seen IS NOT NULL AS seen FROM folded ORDER BY id;
SELECT rel, col, cells, total, unfolded, last_fold IS NOT NULL AS folded, last_error, mode, bound FROM steward.counter_stats;
-- Of one table; a second time there is nothing to do, and no row is written again.
SELECT ctid AS before FROM folded WHERE id = 1 \gset
CALL steward.fold_counters('folded');
SELECT ctid = :'before' AS untouched FROM folded WHERE id = 1;
-- A direct UPDATE is overwritten by the next fold.
UPDATE folded SET views = 100 WHERE id = 1;
CALL steward.fold_counters('folded');
SELECT views, steward.count_of('folded', 1) FROM folded WHERE id = 1;
SELECT steward.hit('folded', 1);
CALL steward.fold_counters('folded');
SELECT views, steward.count_of('folded', 1) FROM folded WHERE id = 1;

-- It commits, so it goes nowhere where that cannot be.
BEGIN;
CALL steward.fold_counters();
ROLLBACK;
DO $$ BEGIN CALL steward.fold_counters(); END $$;
DO $$ BEGIN BEGIN CALL steward.fold_counters(); EXCEPTION WHEN division_by_zero THEN NULL; END; END $$;
SELECT refusal('CALL steward.fold_counters()');
CALL steward.fold_counters('pg_class');
SET default_transaction_read_only = on;
CALL steward.fold_counters();
RESET default_transaction_read_only;
SET default_transaction_isolation = 'serializable';
CALL steward.fold_counters();
RESET default_transaction_isolation;

-- The owner's triggers run as the owner, and leave nothing behind.
SET ROLE regress_steward_fold_owner;
CREATE TABLE fired (who name, path text, immediate boolean);
CREATE FUNCTION note_fold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.fired VALUES (current_user, current_setting('search_path'), tg_argv[0]::boolean);
  PERFORM set_config('work_mem', '77kB', false);
  RETURN NEW;
END $$;
CREATE TRIGGER note_now BEFORE UPDATE ON folded FOR EACH ROW EXECUTE FUNCTION note_fold(true);
CREATE CONSTRAINT TRIGGER note_later AFTER UPDATE ON folded DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION note_fold(false);
ALTER TABLE folded ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
RESET ROLE;
SELECT steward.hit('folded', 3);
CALL steward.fold_counters();
SELECT * FROM fired;
SELECT current_setting('work_mem') <> '77kB' AS restored, current_setting('search_path');
SELECT id, views FROM folded WHERE id = 3;

-- What a trigger of the owner's defers again, or makes temporary, is refused.
SET ROLE regress_steward_fold_owner;
CREATE OR REPLACE FUNCTION note_fold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN SET CONSTRAINTS ALL DEFERRED; RETURN NEW; END $$;
RESET ROLE;
SELECT steward.hit('folded', 3);
CALL steward.fold_counters();
SELECT id, views FROM folded WHERE id = 3;
SELECT col, unfolded, last_error FROM steward.counter_stats;

-- One bad table does not stop the others, also when it pretends to be a cancel.
SET ROLE regress_steward_fold_owner;
CREATE OR REPLACE FUNCTION note_fold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE 'not today' USING ERRCODE = '57014'; END $$;
RESET ROLE;
CREATE TABLE good (code text PRIMARY KEY, "hit count" integer);
INSERT INTO good VALUES ('a'), ('b');
SELECT steward.create_counter('good', 'hit count');
SELECT steward.hit('good', 'a', 7);
CALL steward.fold_counters();
TABLE good ORDER BY code;
SELECT rel, col, unfolded, last_error FROM steward.counter_stats ORDER BY rel::text;
DROP TRIGGER note_now ON folded;
DROP TRIGGER note_later ON folded;
CALL steward.fold_counters();
SELECT id, views FROM folded WHERE id = 3;
SELECT rel, col, unfolded, last_error FROM steward.counter_stats ORDER BY rel::text;

-- A trigger that keeps another count.
CREATE FUNCTION keep_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."hit count" := 1; RETURN NEW; END $$;
CREATE TRIGGER keep_count BEFORE UPDATE ON good FOR EACH ROW EXECUTE FUNCTION keep_count();
SELECT steward.hit('good', 'a', 1);
CALL steward.fold_counters('good');
SELECT col, unfolded, last_error FROM steward.counter_stats WHERE rel = 'good'::regclass;
DROP TRIGGER keep_count ON good;
CALL steward.fold_counters('good');
TABLE good ORDER BY code;

-- Cells whose rows went without a trigger's firing go, folded or not.
CREATE TABLE parted (id int PRIMARY KEY, views bigint DEFAULT 0) PARTITION BY RANGE (id);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (1) TO (10);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (10) TO (20);
INSERT INTO parted VALUES (1), (2), (11);
SELECT steward.create_counter('parted', 'views');
SELECT steward.hit('parted', 1, 3), steward.hit('parted', 11, 4);
CALL steward.fold_counters('parted');
TABLE parted ORDER BY id;
SELECT steward.hit('parted', 2, 5);
DROP TABLE parted_1;
SELECT cells, total, unfolded FROM steward.counter_stats WHERE rel = 'parted'::regclass;
CALL steward.fold_counters('parted');
SELECT cells, total, unfolded FROM steward.counter_stats WHERE rel = 'parted'::regclass;
DROP TABLE parted;

-- Mode row: deltas are added up first.
SELECT steward.set_cell_mode('row');
SELECT steward.hit('good', 'b', 2), steward.hit('good', 'a', 1);
SELECT steward.hit('good', 'b', 2);
SELECT cells, total, unfolded, mode FROM steward.counter_stats WHERE rel = 'good'::regclass;
SELECT * FROM steward.counts('good') ORDER BY key;
CALL steward.fold_counters('good');
TABLE good ORDER BY code;
SELECT cells, total, unfolded FROM steward.counter_stats WHERE rel = 'good'::regclass;
SELECT steward.hit('good', 'b', 2);
SELECT steward.set_cell_mode('inplace');
SELECT steward.count_of('good', 'b'), steward.count_of('good', 'a');
CALL steward.fold_counters('good');
TABLE good ORDER BY code;

-- A renamed column, lost triggers, a lost table.
ALTER TABLE good RENAME COLUMN "hit count" TO hits;
CALL steward.fold_counters('good');
SELECT col, bound, last_error FROM steward.counter_stats WHERE rel = 'good'::regclass;
DO $$ DECLARE t name; BEGIN
  FOR t IN SELECT tgname FROM pg_trigger WHERE tgrelid = 'good'::regclass LOOP EXECUTE format('DROP TRIGGER %I ON good', t); END LOOP;
END $$;
CALL steward.fold_counters('good');
SELECT col, bound, last_error FROM steward.counter_stats WHERE rel = 'good'::regclass;
DROP TABLE good;
CALL steward.fold_counters();
SELECT col, bound FROM steward.counter_stats;

-- A row that was only hit by a transaction that rolled back has no last hit.
INSERT INTO folded (id) VALUES (77);
BEGIN;
SELECT steward.hit('folded', 77);
ROLLBACK;
SELECT steward.set_count('folded', 77, 5);
CALL steward.fold_counters('folded');
SELECT id, views, seen FROM folded WHERE id = 77;

-- drop_counter folds first.
SELECT steward.hit('folded', 2, 100);
SELECT steward.drop_counter('folded', 'views');
SELECT id, views FROM folded ORDER BY id;
SELECT count(*) FROM steward.counter_stats;

DROP FUNCTION keep_count();
DROP TABLE folded, fired;
DROP FUNCTION note_fold();
REVOKE CREATE ON SCHEMA public FROM regress_steward_fold_owner;
DROP ROLE regress_steward_fold_owner;
