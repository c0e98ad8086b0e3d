-- Declaring counters: what is made, what is changed, what is refused.
CREATE ROLE regress_steward_owner;
CREATE ROLE regress_steward_other;
GRANT CREATE ON SCHEMA public TO regress_steward_owner;
SET ROLE regress_steward_owner;
CREATE TABLE articles (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text, view_count bigint NOT NULL DEFAULT 0, seen_at timestamptz);
INSERT INTO articles (title, view_count) VALUES ('one', 41), ('two', 0);
SELECT steward.create_counter('articles', 'view_count');
SELECT regexp_replace(pg_get_triggerdef(oid), '\d+', 'N', 'g') AS trigger FROM pg_trigger WHERE tgrelid = 'articles'::regclass AND NOT tgisinternal ORDER BY tgname;
RESET ROLE;
CREATE VIEW counters_now AS
  SELECT c.rel, c.col, c.bucket, c.time_zone, c.keep,
         (SELECT string_agg(substring(t.tgname, 'steward_counter_\d+_(.*)') || '=' || t.tgenabled::text, ' ' ORDER BY t.tgname) FROM pg_trigger t
          WHERE t.tgrelid = c.rel AND encode(t.tgargs, 'escape') = c.id || '\000') AS triggers
  FROM steward._counters c JOIN pg_class r ON r.oid = c.rel;  -- those of tables that are gone stay until the next fold
SELECT * FROM counters_now;

-- The same call again changes nothing; another one changes what is not NULL.
SELECT array_agg(oid ORDER BY oid) AS before FROM pg_trigger WHERE tgrelid = 'articles'::regclass \gset
SET ROLE regress_steward_owner;
SELECT steward.create_counter('articles', 'view_count');
SELECT steward.create_counter('articles', 'view_count', bucket => '1 day');
SELECT steward.create_counter('articles', 'view_count', bucket => '1 day', time_zone => 'UTC', keep => '90 days');
SELECT steward.create_counter('articles', 'view_count', time_zone => 'Europe/Berlin');
SELECT array_agg(oid ORDER BY oid) = :'before' AS untouched FROM pg_trigger WHERE tgrelid = 'articles'::regclass;
SELECT steward.create_counter('articles', 'view_count', last_col => 'seen_at');
SELECT steward.create_counter('articles', 'view_count');
SELECT pg_get_triggerdef(oid) ~ 'UPDATE OF id, view_count, seen_at' AS with_last_col FROM pg_trigger WHERE tgrelid = 'articles'::regclass AND tgname ~ 'move$';
RESET ROLE;
SELECT * FROM counters_now;

-- Buckets that exist stay what they are.
INSERT INTO steward._bucket_counts SELECT 1, '2026-01-01', id, '1' FROM steward._counters WHERE rel = 'articles'::regclass;
\pset tuples_only on
\pset format unaligned
SELECT refusal($$SELECT steward.create_counter('articles', 'view_count', bucket => '1 hour')$$);
SELECT refusal($$SELECT steward.create_counter('articles', 'view_count', time_zone => 'UTC')$$);
\pset tuples_only off
\pset format aligned
SELECT steward.create_counter('articles', 'view_count', bucket => '1 day', time_zone => 'Europe/Berlin', keep => '1 year');
SELECT * FROM counters_now;

-- What somebody has set by ALTER TABLE stays; a trigger that is missing is made again.
DO $$
DECLARE id int := (SELECT id FROM steward._counters WHERE rel = 'articles'::regclass);
BEGIN
  EXECUTE format('ALTER TABLE articles ENABLE TRIGGER steward_counter_%s_move', id);
  EXECUTE format('DROP TRIGGER steward_counter_%s_truncate ON articles', id);
END $$;
ALTER TABLE articles ADD other_at timestamptz;
SELECT steward.create_counter('articles', 'view_count', last_col => 'other_at');
SELECT * FROM counters_now;

-- It follows renames. Columns cannot change type, and do not go without CASCADE.
ALTER TABLE articles RENAME view_count TO views;
ALTER TABLE articles RENAME id TO article_id;
ALTER TABLE articles RENAME TO papers;
SELECT steward.create_counter('papers', 'views');
SELECT count(*) AS counters, min(col) AS made_as FROM counters_now;
\pset tuples_only on
\pset format unaligned
SELECT regexp_replace(refusal($$ALTER TABLE papers ALTER views TYPE numeric$$), 'counter_\d+', 'counter_N');
SELECT regexp_replace(refusal($$ALTER TABLE papers ALTER article_id TYPE int$$), 'counter_\d+', 'counter_N');
SELECT regexp_replace(refusal($$ALTER TABLE papers DROP views$$), 'counter_\d+', 'counter_N');
SELECT refusal($$SELECT steward.drop_counter('papers', 'view_count')$$);
\pset tuples_only off
\pset format aligned
ALTER TABLE papers RENAME views TO view_count;

-- A counter that has lost its triggers is bound again, with its number, and without the cells of rows that went meanwhile.
SELECT id AS number FROM steward._counters WHERE rel = 'papers'::regclass \gset
INSERT INTO steward._counts (value, unfolded, counter, key) SELECT 41 + i, false, :number, i FROM generate_series(1, 3) i;
DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT tgname FROM pg_trigger WHERE tgrelid = 'papers'::regclass LOOP
    EXECUTE format('DROP TRIGGER %I ON papers', name);
  END LOOP;
END $$;
DELETE FROM papers WHERE article_id = 2;
SET ROLE regress_steward_owner;
SELECT steward.create_counter('papers', 'view_count');
RESET ROLE;
SELECT id = :number AS same_number, col, (SELECT array_agg(key ORDER BY key) FROM steward._counts WHERE counter = id) AS cells FROM steward._counters WHERE rel = 'papers'::regclass;
SELECT triggers FROM counters_now;

-- A counter whose column is gone can still be dropped, by the name that it had.
ALTER TABLE papers ADD extra int DEFAULT 0;
SELECT steward.create_counter('papers', 'extra');
SET client_min_messages = warning;
ALTER TABLE papers DROP extra CASCADE;
RESET client_min_messages;
SELECT col, triggers FROM counters_now ORDER BY col;
\pset tuples_only on
\pset format unaligned
SELECT refusal($$SELECT steward.create_counter('papers', 'extra')$$);
\pset tuples_only off
\pset format aligned
SELECT steward.drop_counter('papers', 'extra');
SELECT col FROM counters_now;

-- The end of a counter, and a new one in its place.
SET ROLE regress_steward_owner;
SELECT steward.drop_counter('papers', 'view_count');
SELECT count(*) AS triggers FROM pg_trigger WHERE tgrelid = 'papers'::regclass;
RESET ROLE;
SELECT (SELECT count(*) FROM counters_now) AS counters, (SELECT count(*) FROM steward._counts WHERE counter = :number) AS cells,
       (SELECT count(*) FROM steward._bucket_counts WHERE counter = :number) AS buckets;
SELECT steward.create_counter('papers', 'view_count');
SELECT id > :number AS new_number FROM steward._counters WHERE rel = 'papers'::regclass;

-- A count goes with its row.
SELECT id AS number FROM steward._counters WHERE rel = 'papers'::regclass \gset
INSERT INTO papers (title) VALUES ('three'), ('four');
INSERT INTO steward._counts (value, unfolded, counter, key) SELECT 7, false, :number, article_id FROM papers;
DELETE FROM papers WHERE title = 'one';
ALTER TABLE papers ALTER article_id DROP IDENTITY;
UPDATE papers SET article_id = 30 WHERE title = 'three';
UPDATE papers SET view_count = 3, title = '3' WHERE title = 'three';
SELECT key, value FROM steward._counts WHERE counter = :number ORDER BY key;
SET session_replication_role = replica;
DELETE FROM papers WHERE title = '3';
RESET session_replication_role;
SELECT key FROM steward._counts WHERE counter = :number;
TRUNCATE papers;
SELECT count(*) AS cells FROM steward._counts WHERE counter = :number;
DROP TABLE papers;

-- Several counters of one table, odd names, every type of key.
CREATE DOMAIN slug AS varchar(20);
CREATE TABLE "Odd ""Table""" ("The 'Key'" slug PRIMARY KEY, "View Count" int, likes bigint);
SELECT steward.create_counter('"Odd ""Table"""', 'View Count'), steward.create_counter('"Odd ""Table"""', 'likes', '7 days', 'Asia/Kathmandu');
CREATE UNLOGGED TABLE k_smallint (id smallint PRIMARY KEY, n int);
CREATE TABLE k_int (id int PRIMARY KEY, n int);
CREATE TABLE k_uuid (id uuid PRIMARY KEY, n int);
CREATE TABLE k_text (id text PRIMARY KEY, n int);
SELECT steward.create_counter(t, 'n', '1 month') FROM unnest(ARRAY['k_smallint', 'k_int', 'k_uuid', 'k_text']::regclass[]) t;
SELECT rel, col, bucket, time_zone FROM counters_now ORDER BY rel::text, col;
DROP TABLE "Odd ""Table""", k_smallint, k_int, k_uuid;

-- A partitioned table whose key alone is unique: its triggers reach all partitions, present and future.
CREATE TABLE events (id int PRIMARY KEY, n bigint) PARTITION BY RANGE (id);
CREATE TABLE events_low PARTITION OF events FOR VALUES FROM (0) TO (100);
SELECT steward.create_counter('events', 'n');
CREATE TABLE events_high PARTITION OF events FOR VALUES FROM (100) TO (200) PARTITION BY RANGE (id);
CREATE TABLE events_top (n bigint, id int PRIMARY KEY);
ALTER TABLE events_high ATTACH PARTITION events_top FOR VALUES FROM (100) TO (200);
SELECT tgrelid::regclass, substring(tgname, '[a-z]+$') AS trigger, tgenabled FROM pg_trigger WHERE tgname ~ '^steward' AND tgrelid::regclass::text ~ '^events' ORDER BY 1, 2;
INSERT INTO events SELECT i, 0 FROM generate_series(0, 199, 10) i;
SELECT id AS number FROM steward._counters WHERE rel = 'events'::regclass \gset
INSERT INTO steward._counts (value, unfolded, counter, key) SELECT 1, false, :number, id FROM events;
DELETE FROM events_low WHERE id = 10;
DELETE FROM events WHERE id > 120;
UPDATE events SET id = 25 WHERE id = 20;
UPDATE events_top SET id = 105 WHERE id = 100;
SELECT array_agg(key ORDER BY key::int) AS cells FROM steward._counts WHERE counter = :number;
\pset tuples_only on
\pset format unaligned
SELECT refusal($$UPDATE events SET id = 150 WHERE id = 30$$);
SELECT refusal($$MERGE INTO events USING (VALUES (30)) v(i) ON id = i WHEN MATCHED THEN UPDATE SET id = 150$$);
SELECT refusal($$SELECT steward.create_counter('events_low', 'n')$$);
SELECT refusal($$SELECT steward.create_counter('events_top', 'n')$$);
SELECT refusal($$SELECT steward.drop_counter('events_top', 'n')$$);
\pset tuples_only off
\pset format aligned
-- A partition that is detached is no longer the counter's; its rows' cells are the fold's to remove.
ALTER TABLE events DETACH PARTITION events_low;
DELETE FROM events_low;
TRUNCATE events;
SELECT count(*) AS cells FROM steward._counts WHERE counter = :number;
SELECT steward.drop_counter('events', 'n');
SELECT count(*) AS triggers FROM pg_trigger WHERE tgname ~ '^steward' AND tgrelid::regclass::text ~ '^events';
DROP TABLE events, events_low;

-- What is refused, and how.
SET ROLE regress_steward_owner;
CREATE COLLATION folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE notes (id int PRIMARY KEY, n bigint, small smallint, amount numeric, made bigint GENERATED ALWAYS AS (7) STORED,
  counted int GENERATED BY DEFAULT AS IDENTITY, at timestamptz, at_date date, made_at timestamptz GENERATED ALWAYS AS ('epoch') STORED);
CREATE DOMAIN amount AS bigint;
ALTER TABLE notes ADD in_domain amount;
CREATE TABLE keyless (id int, n bigint);
CREATE TABLE pairs (a int, b int, n bigint, PRIMARY KEY (a, b));
CREATE TABLE pairs_parted (a int, b int, n bigint, PRIMARY KEY (a, b)) PARTITION BY LIST (b);
CREATE TABLE dated (id date PRIMARY KEY, n bigint);
CREATE TABLE folding (id text COLLATE folded PRIMARY KEY, n bigint);
CREATE TABLE swapping (id int PRIMARY KEY DEFERRABLE, n bigint);
CREATE TEMPORARY TABLE passing (id int PRIMARY KEY, n bigint);
CREATE VIEW notes_view AS SELECT * FROM notes;
\pset tuples_only on
\pset format unaligned
SELECT refusal($$SELECT steward.create_counter(NULL, 'n')$$);
SELECT refusal($$SELECT steward.create_counter('notes', NULL)$$);
SELECT refusal($$SELECT steward.create_counter('no_such_table', 'n')$$);
SELECT refusal($$SELECT steward.create_counter(4711, 'n')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'no_such_column')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'xmin')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'id')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'small')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'amount')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'in_domain')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'made')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'counted')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'n', last_col => 'no_such_column')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'n', last_col => 'at_date')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'n', last_col => 'made_at')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'n', '2 days')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'n', '24 hours')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'n', '0')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'n', '-1 day')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'n', time_zone => 'UTC')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'n', '1 day', 'Mars/Olympus')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'n', '1 day', '')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'n', keep => '1 day')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'n', '1 day', keep => '0')$$);
SELECT refusal($$SELECT steward.create_counter('notes', 'n', '1 day', keep => '1 day -24 hours')$$);
SELECT refusal($$SELECT steward.create_counter('keyless', 'n')$$);
SELECT refusal($$SELECT steward.create_counter('pairs', 'n')$$);
SELECT refusal($$SELECT steward.create_counter('pairs_parted', 'n')$$);
SELECT refusal($$SELECT steward.create_counter('dated', 'n')$$);
SELECT refusal($$SELECT steward.create_counter('folding', 'n')$$);
SELECT refusal($$SELECT steward.create_counter('swapping', 'n')$$);
SELECT regexp_replace(refusal($$SELECT steward.create_counter('passing', 'n')$$), 'pg_temp_\d+', 'pg_temp');
SELECT refusal($$SELECT steward.create_counter('notes_view', 'n')$$);
SELECT refusal($$SELECT steward.create_counter('notes_pkey', 'id')$$);
SELECT refusal($$SELECT steward.drop_counter('notes', 'n')$$);
SELECT refusal($$SELECT steward.drop_counter(4711, 'n')$$);
SELECT refusal($$SELECT steward.drop_counts()$$);
SET ROLE regress_steward_other;
SELECT refusal($$SELECT steward.create_counter('notes', 'n')$$);
SELECT refusal($$SELECT steward.drop_counter('notes', 'n')$$);
SELECT refusal($$SELECT steward.set_cell_mode('row')$$);
RESET ROLE;
SELECT refusal($$SELECT steward.create_counter('pg_class', 'relpages')$$);
SELECT refusal($$SELECT steward.create_counter('steward._counters', 'id')$$);
BEGIN READ ONLY;
SELECT refusal($$SELECT steward.create_counter('notes', 'n')$$);
SELECT refusal($$SELECT steward.drop_counter('notes', 'n')$$);
ROLLBACK;

-- Triggers made by hand reach nobody else's counter, and one whose counter is gone stops nothing.
SELECT steward.create_counter('notes', 'n');
SELECT id AS number FROM steward._counters WHERE rel = 'notes'::regclass \gset
INSERT INTO notes (id) VALUES (1), (2);
INSERT INTO steward._counts (value, unfolded, counter, key) SELECT 5, false, :number, id FROM notes;
SET ROLE regress_steward_owner;
CREATE TABLE foreign_rows (id int PRIMARY KEY, n bigint);
INSERT INTO foreign_rows VALUES (1), (2);
CREATE TRIGGER by_hand_1 AFTER DELETE ON foreign_rows FOR EACH ROW EXECUTE FUNCTION steward.drop_counts(:number);
CREATE TRIGGER by_hand_2 AFTER TRUNCATE ON foreign_rows FOR EACH STATEMENT EXECUTE FUNCTION steward.drop_counts(:number);
CREATE TRIGGER by_hand_3 AFTER UPDATE OF id, n ON foreign_rows FOR EACH ROW EXECUTE FUNCTION steward.move_counts(:number);
DELETE FROM foreign_rows WHERE id = 1;
UPDATE foreign_rows SET id = 3;
TRUNCATE foreign_rows;
CREATE TRIGGER by_hand_4 AFTER INSERT ON foreign_rows FOR EACH ROW EXECUTE FUNCTION steward.drop_counts(:number);
CREATE TRIGGER by_hand_5 BEFORE UPDATE ON foreign_rows FOR EACH ROW EXECUTE FUNCTION steward.drop_counts(:number);
SELECT refusal($$INSERT INTO foreign_rows VALUES (4)$$);
ALTER TABLE foreign_rows DISABLE TRIGGER by_hand_4;
INSERT INTO foreign_rows VALUES (4);
SELECT refusal($$UPDATE foreign_rows SET n = 5$$);
CREATE TRIGGER by_hand_6 AFTER DELETE ON foreign_rows FOR EACH ROW EXECUTE FUNCTION steward.drop_counts('x');
SELECT refusal($$DELETE FROM foreign_rows$$);
RESET ROLE;
SELECT key, value FROM steward._counts WHERE counter = :number ORDER BY key;

-- Cells are written by no statement.
SELECT refusal($$UPDATE steward._counts SET value = 7$$);
SELECT refusal($$DELETE FROM steward._bucket_counts$$);
SELECT refusal($$TRUNCATE steward._last_hits$$);

-- The mode of the database.
SELECT refusal($$SELECT steward.set_cell_mode('fast')$$);
SELECT refusal($$SELECT steward.set_cell_mode(NULL)$$);
\pset tuples_only off
\pset format aligned
SELECT steward.set_cell_mode('inplace');
SELECT count(*) AS row_mode FROM steward._cell_mode WHERE mode = 'row';
SELECT steward.set_cell_mode('row');
SELECT steward.set_cell_mode('row');
SELECT * FROM steward._cell_mode;
BEGIN;
SELECT steward.set_cell_mode('inplace');
ROLLBACK;
SELECT * FROM steward._cell_mode;
SELECT steward.set_cell_mode('inplace');
SELECT * FROM steward._cell_mode;

SELECT steward.drop_counter('notes', 'n'), steward.drop_counter('k_text', 'n');
DROP TABLE k_text;
DROP VIEW counters_now;
DROP DOMAIN slug;
DROP OWNED BY regress_steward_owner CASCADE;
DROP ROLE regress_steward_owner, regress_steward_other;
