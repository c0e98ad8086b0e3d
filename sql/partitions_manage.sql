-- Sets of partitions: every kind of key, what a new partition has, names, rights, and what cannot be managed.
SET client_min_messages = warning;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SET IntervalStyle = 'postgres';
SET steward.now = '2026-03-18 14:30+00';
CREATE VIEW shelves AS
  SELECT i.inhparent::regclass AS rel, c.relname, pg_get_expr(c.relpartbound, c.oid) AS bounds
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relkind IN ('r', 'p') ORDER BY c.relname COLLATE "C";

-- Times with a zone: days begin there, also where the clock is put forward (2026-03-29).
CREATE TABLE scans (id bigint, at timestamptz NOT NULL) PARTITION BY RANGE (at);
SELECT steward.manage_partitions('scans', '1 day', premake => 12, since => '2026-03-27', time_zone => 'Europe/Berlin');
SELECT relname, bounds FROM shelves WHERE rel = 'scans'::regclass;
-- Hours are hours that pass.
CREATE TABLE beats (at timestamptz) PARTITION BY RANGE (at);
SELECT steward.manage_partitions('beats', '6 hours', premake => 1, time_zone => 'Asia/Kathmandu', default_partition => false);
SELECT relname, bounds FROM shelves WHERE rel = 'beats'::regclass;
-- What no zone belongs to is the clock's of the set's zone, where it is tomorrow already.
CREATE TABLE notes (at timestamp) PARTITION BY RANGE (at);
SELECT steward.manage_partitions('notes', '1 day', premake => 0, time_zone => 'Pacific/Kiritimati');
SELECT relname, bounds FROM shelves WHERE rel = 'notes'::regclass;
CREATE TABLE invoices (issued date) PARTITION BY RANGE (issued);
SELECT steward.manage_partitions('invoices', '1 week', premake => 1);
SELECT relname, bounds FROM shelves WHERE rel = 'invoices'::regclass;
CREATE TABLE quarters (at date) PARTITION BY RANGE (at);
SELECT steward.manage_partitions('quarters', '3 months', premake => 1);
SELECT relname, bounds FROM shelves WHERE rel = 'quarters'::regclass;
CREATE TABLE decades (at date) PARTITION BY RANGE (at);
SELECT steward.manage_partitions('decades', '10 years', premake => 1);
SELECT relname, bounds FROM shelves WHERE rel = 'decades'::regclass;
-- UUIDs that begin with their time.
CREATE TABLE parcels (id uuid PRIMARY KEY) PARTITION BY RANGE (id);
SELECT steward.manage_partitions('parcels', '1 month', premake => 1);
SELECT relname, bounds FROM shelves WHERE rel = 'parcels'::regclass;
INSERT INTO parcels VALUES ('019d0147-7a80-7abc-8def-0123456789ab');
SELECT tableoid::regclass, id FROM parcels;
-- Numbers: ahead of the highest in use.
CREATE TABLE jars (id bigint PRIMARY KEY) PARTITION BY RANGE (id);
SELECT steward.manage_partitions('jars', key_step => 1000, premake => 1);
INSERT INTO jars VALUES (1999);
CALL steward.maintain_partitions('jars');
SELECT relname, bounds FROM shelves WHERE rel = 'jars'::regclass;
CREATE TABLE cans (id int) PARTITION BY RANGE (id);
SELECT steward.manage_partitions('cans', key_step => 10, premake => 0);
SELECT relname, bounds FROM shelves WHERE rel = 'cans'::regclass;
DROP TABLE scans, beats, notes, invoices, quarters, decades, jars, cans;

-- A new partition is as the set is.
CREATE ROLE shelf_reader;
CREATE ROLE shelf_writer;
CREATE TABLE aisles (id int PRIMARY KEY);
INSERT INTO aisles VALUES (1);
CREATE TABLE shelf (id bigint, aisle int REFERENCES aisles ON DELETE CASCADE, at timestamptz NOT NULL DEFAULT now(), size int CHECK (size > 0),
  twice int GENERATED ALWAYS AS (size * 2) STORED, note text COMPRESSION pglz, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE labels (shelf bigint, at timestamptz, FOREIGN KEY (shelf, at) REFERENCES shelf);
CREATE INDEX ON shelf (note) WHERE size > 3;
COMMENT ON COLUMN shelf.size IS 'in metres';
CREATE FUNCTION say() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER say BEFORE INSERT ON shelf FOR EACH ROW EXECUTE FUNCTION say();
GRANT SELECT ON shelf TO shelf_reader;
GRANT INSERT, UPDATE (size) ON shelf TO shelf_writer WITH GRANT OPTION;
GRANT SELECT (id) ON shelf TO PUBLIC;
ALTER TABLE shelf ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, REPLICA IDENTITY USING INDEX shelf_pkey;
CREATE POLICY small ON shelf AS RESTRICTIVE FOR SELECT TO shelf_reader, shelf_writer USING (size < 5);
CREATE POLICY big ON shelf FOR INSERT TO shelf_writer WITH CHECK (size > 1);
SELECT steward.manage_partitions('shelf', '1 year', premake => 0);
\d shelf_y2026
SELECT relname, relreplident, (SELECT string_agg(concat_ws(' ', grantee::regrole, privilege_type, is_grantable), ', ' ORDER BY grantee) FROM aclexplode(relacl) WHERE grantee <> relowner) AS granted
FROM pg_class WHERE relname IN ('shelf', 'shelf_y2026', 'shelf_default') ORDER BY relname COLLATE "C";
SELECT col_description('shelf_y2026'::regclass, 4), (SELECT attcompression FROM pg_attribute WHERE attrelid = 'shelf_y2026'::regclass AND attname = 'note');
SELECT attname, attacl FROM pg_attribute WHERE attrelid = 'shelf_y2026'::regclass AND attacl IS NOT NULL ORDER BY attnum;

-- It lies where the table says that partitions are to lie.
SET allow_in_place_tablespaces = true;
CREATE TABLESPACE shelf_space LOCATION '';
CREATE TABLE apart (at date) PARTITION BY RANGE (at) TABLESPACE shelf_space;
SELECT steward.manage_partitions('apart', '1 month', premake => 0);
SELECT relname, spcname FROM pg_class c JOIN pg_tablespace t ON t.oid = c.reltablespace WHERE relname ~ '^apart' ORDER BY relname COLLATE "C";
DROP TABLE apart;
DROP TABLESPACE shelf_space;

-- Names: quoted, as long as may be, and taken.
CREATE SCHEMA "Back Room";
CREATE TABLE "Back Room"."Odd ""Name" ("When?" date) PARTITION BY RANGE ("When?");
SELECT steward.manage_partitions('"Back Room"."Odd ""Name"', '1 month', premake => 0);
CREATE TABLE a_shelf_whose_name_is_as_long_as_any_name_of_the_server_may_be (at date) PARTITION BY RANGE (at);
CREATE TABLE a_shelf_whose_name_is_as_long_as_any_name_of_the_server_may_bx (at date) PARTITION BY RANGE (at);
SELECT steward.manage_partitions('a_shelf_whose_name_is_as_long_as_any_name_of_the_server_may_be', '1 month', premake => 0);
SELECT steward.manage_partitions('a_shelf_whose_name_is_as_long_as_any_name_of_the_server_may_bx', '1 month', premake => 0);
CREATE TABLE taken (at date) PARTITION BY RANGE (at);
CREATE TABLE taken_y2026m03 ();
CREATE VIEW taken_default AS SELECT 1 AS one;
SELECT steward.manage_partitions('taken', '1 month', premake => 0);
SELECT relname, length(relname) FROM shelves WHERE rel::text ~ 'Odd|a_shelf|taken';

-- The same again changes nothing; what is not NULL changes.
SELECT steward.manage_partitions('shelf', '1 year'), steward.manage_partitions('shelf');
SELECT rel, every, premake, retention, retention_action, archive_schema, since, time_zone, default_partition, keep_detached, lock_budget
FROM steward.partition_sets WHERE rel = 'shelf'::regclass \gx
SELECT steward.manage_partitions('shelf', premake => 2, retention => '2 years', keep_detached => '1 day', lock_budget => '1 s');
SELECT steward.manage_partitions('shelf', retention => '0', retention_action => 'detach', archive_schema => 'Back Room');
SELECT rel, every, premake, retention, retention_action, archive_schema, since, time_zone, default_partition, keep_detached, lock_budget
FROM steward.partition_sets WHERE rel = 'shelf'::regclass \gx
SELECT relname, bounds FROM shelves WHERE rel = 'shelf'::regclass;
SELECT steward.manage_partitions('shelf', archive_schema => '');
SELECT archive_schema FROM steward.partition_sets WHERE rel = 'shelf'::regclass;
-- Partitions that lie askew: what is missing lies between them.
CREATE TABLE askew (at timestamptz) PARTITION BY RANGE (at);
CREATE TABLE askew_old PARTITION OF askew FOR VALUES FROM (MINVALUE) TO ('2026-03-10');
CREATE TABLE askew_own PARTITION OF askew FOR VALUES FROM ('2026-03-25') TO ('2026-04-10');
SELECT steward.manage_partitions('askew', '1 month', premake => 1, since => '2026-01-01');
SELECT relname, bounds FROM shelves WHERE rel = 'askew'::regclass;

-- What cannot be managed, and how not to ask for it.
CREATE TABLE plain_shelf (at date);
SELECT steward.manage_partitions('plain_shelf', '1 month');
CREATE TABLE listed_shelf (at date) PARTITION BY LIST (at);
SELECT steward.manage_partitions('listed_shelf', '1 month');
CREATE TABLE hashed_shelf (at date) PARTITION BY HASH (at);
SELECT steward.manage_partitions('hashed_shelf', '1 month');
CREATE TABLE wide_shelf (at date, id int) PARTITION BY RANGE (at, id);
SELECT steward.manage_partitions('wide_shelf', '1 month');
CREATE TABLE cut_shelf (at timestamptz) PARTITION BY RANGE ((at AT TIME ZONE 'UTC'));
SELECT steward.manage_partitions('cut_shelf', '1 month');
CREATE TABLE text_shelf (at text) PARTITION BY RANGE (at);
SELECT steward.manage_partitions('text_shelf', '1 month');
SELECT steward.manage_partitions('taken_default'::regclass, '1 month');
SELECT steward.manage_partitions(NULL, '1 month');
SELECT steward.manage_partitions(0::regclass, '1 month');
CREATE TABLE empty_shelf (at timestamptz) PARTITION BY RANGE (at);
CREATE TABLE empty_jars (id int) PARTITION BY RANGE (id);
SELECT steward.manage_partitions('empty_shelf');
SELECT steward.manage_partitions('empty_shelf', '90 minutes');
SELECT steward.manage_partitions('empty_shelf', '1 month 1 day');
SELECT steward.manage_partitions('empty_shelf', '0');
SELECT steward.manage_partitions('empty_shelf', '-1 month');
SELECT steward.manage_partitions('empty_shelf', '1 month', key_step => 5);
SELECT steward.manage_partitions('empty_shelf', '1 month', premake => -1);
SELECT steward.manage_partitions('empty_shelf', '1 month', premake => 2000000000);
SELECT steward.manage_partitions('empty_shelf', '1 month', lock_budget => '-1 s');
SELECT steward.manage_partitions('empty_shelf', '1 month', lock_budget => '1 day');
SELECT steward.manage_partitions('empty_shelf', '1 month', lock_budget => '9000000 hours');
SELECT steward.manage_partitions('empty_shelf', '1 month', retention => '-1 day');
SELECT steward.manage_partitions('empty_shelf', '1 month', retention_action => 'burn');
SELECT steward.manage_partitions('empty_shelf', '1 month', archive_schema => 'no such schema');
SELECT steward.manage_partitions('empty_shelf', '1 month', time_zone => 'Mars/Olympus');
SELECT steward.manage_partitions('empty_shelf', '1 month', since => '-infinity');
SELECT steward.manage_partitions('empty_shelf', '1 month', keep_detached => '-1 day');
SELECT steward.manage_partitions('empty_shelf', '1 hour', since => '1970-01-01');
SELECT steward.manage_partitions('empty_jars', '1 month');
SELECT steward.manage_partitions('empty_jars', key_step => 0);
SELECT steward.manage_partitions('empty_jars', key_step => 10, retention => '1 day');
SELECT count(*) FROM steward.partition_sets WHERE rel::text ~ '^(empty|plain|listed|hashed|wide|cut|text)';
-- Rows in the default partition are in the way of a partition of their own.
CREATE TABLE late (at timestamptz) PARTITION BY RANGE (at);
CREATE TABLE late_default PARTITION OF late DEFAULT;
INSERT INTO late VALUES ('2026-03-18');
SELECT steward.manage_partitions('late', '1 month');
SELECT count(*) FROM steward.partition_sets WHERE rel = 'late'::regclass;

-- Who may.
SET ROLE shelf_writer;
SELECT steward.manage_partitions('shelf', '1 year');
SELECT steward.unmanage_partitions('shelf');
SELECT * FROM steward.plan_partitions();
CALL steward.maintain_partitions();
RESET ROLE;
GRANT CREATE ON SCHEMA public TO shelf_writer;
SET ROLE shelf_writer;
CREATE TABLE writers_shelf (at date) PARTITION BY RANGE (at);
SELECT steward.manage_partitions('writers_shelf', '1 month', archive_schema => 'Back Room');
SELECT steward.manage_partitions('writers_shelf', '1 month', premake => 0);
RESET ROLE;
-- A partition belongs to whom the set does, whoever has maintenance run.
SET steward.now = '2026-04-18 14:30+00';
CALL steward.maintain_partitions('writers_shelf');
SELECT relname, relowner::regrole FROM pg_class WHERE relname ~ '^writers_shelf' ORDER BY 1;

-- QP001; and nothing is left of what was dropped.
SELECT steward.unmanage_partitions('plain_shelf');
CALL steward.maintain_partitions('plain_shelf');
SELECT * FROM steward.plan_partitions('plain_shelf');
BEGIN;
CALL steward.maintain_partitions();
ROLLBACK;
SELECT steward.unmanage_partitions('writers_shelf');
SELECT count(*) FROM shelves WHERE rel = 'writers_shelf'::regclass;
SELECT count(*) FROM steward._partition_runs;
DROP TABLE shelf, labels, aisles, late, askew, parcels, taken, taken_y2026m03, writers_shelf, plain_shelf, listed_shelf, hashed_shelf, wide_shelf, cut_shelf, text_shelf,
  empty_shelf, empty_jars, a_shelf_whose_name_is_as_long_as_any_name_of_the_server_may_be, a_shelf_whose_name_is_as_long_as_any_name_of_the_server_may_bx, "Back Room"."Odd ""Name";
CALL steward.maintain_partitions();
SELECT (SELECT count(*) FROM steward.partition_sets WHERE rel::text !~ '^steward') AS sets, (SELECT count(*) FROM steward._partition_runs WHERE rel::text !~ '^steward') AS runs;
DROP VIEW taken_default, shelves;
DROP FUNCTION say;
DROP SCHEMA "Back Room";
REVOKE CREATE ON SCHEMA public FROM shelf_writer;
DROP ROLE shelf_reader, shelf_writer;
