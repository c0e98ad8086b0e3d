-- Codes on a table.
CREATE TABLE reports (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text, short_code varchar(20) NOT NULL UNIQUE);
SELECT steward.assign_codes('reports', 'short_code');
\d reports
INSERT INTO reports (title) VALUES ('one'), ('two') RETURNING id, length(short_code), short_code ~ '^[0-9A-Za-z]{8}$' AS base62;
INSERT INTO reports (title, short_code) VALUES ('null counts as none', NULL) RETURNING length(short_code);
INSERT INTO reports (title, short_code) VALUES ('vanity', 'spring') RETURNING short_code;
INSERT INTO reports (title) SELECT 'bulk' FROM generate_series(1, 10000);
COPY reports (title) FROM stdin;
copied
copied
\.
INSERT INTO reports (title, short_code) VALUES ('upsert', 'spring') ON CONFLICT (short_code) DO UPDATE SET title = excluded.title RETURNING title, short_code;
MERGE INTO reports USING (VALUES ('merged')) AS v(t) ON title = t WHEN NOT MATCHED THEN INSERT (title) VALUES (t);
WITH new AS (INSERT INTO reports (title) VALUES ('cte') RETURNING short_code) SELECT length(short_code) FROM new;
SELECT count(*), count(DISTINCT short_code), count(*) FILTER (WHERE length(short_code) = 8) AS of_8 FROM reports;
-- A change of the code is held to the same rules; what does not change is not.
UPDATE reports SET short_code = 'autumn' WHERE short_code = 'spring' RETURNING short_code;
UPDATE reports SET title = 'same', short_code = short_code WHERE short_code = 'autumn' RETURNING title;

-- The same call again changes nothing; another one changes what is not NULL.
SELECT oid AS before FROM pg_trigger WHERE tgrelid = 'reports'::regclass \gset
SELECT steward.assign_codes('reports', 'short_code');
SELECT count(*) AS triggers, bool_and(oid = :before) AS untouched FROM pg_trigger WHERE tgrelid = 'reports'::regclass AND NOT tgisinternal;
SELECT steward.assign_codes('reports', 'short_code', length => 10);
INSERT INTO reports (title) VALUES ('ten') RETURNING length(short_code);
SELECT steward.assign_codes('reports', 'short_code', prefix => 'rpt_');
INSERT INTO reports (title) VALUES ('prefixed') RETURNING short_code ~ '^rpt_[0-9A-Za-z]{10}$' AS prefixed;
INSERT INTO reports (title, short_code) VALUES ('prefixed', 'rpt_winter') RETURNING short_code;
SELECT rel, col, series, prefix, length, max_length FROM steward.code_capacity;
SELECT steward.assign_codes('reports', 'short_code', prefix => '');
INSERT INTO reports (title) VALUES ('bare') RETURNING length(short_code);

-- What somebody has set by ALTER TABLE stays.
ALTER TABLE reports ENABLE ALWAYS TRIGGER steward_code_short_code;
SELECT steward.assign_codes('reports', 'short_code', max_length => 15);
SELECT tgenabled FROM pg_trigger WHERE tgrelid = 'reports'::regclass;

-- It follows the table: renames, a new column order after a dump, its end.
ALTER TABLE reports RENAME COLUMN short_code TO link;
ALTER TABLE reports RENAME TO papers;
INSERT INTO papers (title) VALUES ('renamed') RETURNING length(link);
SELECT rel, col, length FROM steward.code_capacity;
SELECT steward.unassign_codes('papers', 'link');
INSERT INTO papers (title) VALUES ('no code any more');
SELECT count(*) AS triggers FROM pg_trigger WHERE tgrelid = 'papers'::regclass;
DROP TABLE papers;

-- Two columns of one table; a table dropped with its codes.
CREATE TABLE "Odd ""Table""" (id int, "Pub Code" text UNIQUE, other text, CONSTRAINT u UNIQUE (other));
SELECT steward.assign_codes('"Odd ""Table"""', 'Pub Code', 4), steward.assign_codes('"Odd ""Table"""', 'other', 12, prefix => 'it''s "');
INSERT INTO "Odd ""Table""" VALUES (1) RETURNING length("Pub Code"), length(other), left(other, 6);
DROP TABLE "Odd ""Table""";
SELECT count(*) FROM steward.code_capacity;

-- A column keeps its codes when another one takes the name that it had, or begins alike; a trigger of the user's own stays.
CREATE TABLE reused (id int, code text UNIQUE);
SELECT steward.assign_codes('reused', 'code');
ALTER TABLE reused RENAME code TO old_code;
ALTER TABLE reused ADD code text UNIQUE, ADD mine text UNIQUE;
CREATE FUNCTION numbered() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN new.id := 7; RETURN new; END';
CREATE TRIGGER steward_code_mine BEFORE INSERT ON reused FOR EACH ROW EXECUTE FUNCTION numbered();
SELECT steward.assign_codes('reused', 'code'), steward.assign_codes('reused', 'mine');
SELECT steward.assign_codes('reused', 'old_code', 9);
DO $$
DECLARE column_name text;
BEGIN
  FOREACH column_name IN ARRAY ARRAY[repeat('x', 62) || '1', repeat('x', 62) || '2'] LOOP
    EXECUTE format('ALTER TABLE reused ADD %I text UNIQUE', column_name);
    PERFORM steward.assign_codes('reused', column_name);
  END LOOP;
END $$;
INSERT INTO reused DEFAULT VALUES;
SELECT r.id, count(*) AS codes, max(length(v)) FROM reused r, LATERAL jsonb_each_text(to_jsonb(r) - 'id') AS j(k, v) WHERE v IS NOT NULL GROUP BY r.id;
SELECT tgname FROM pg_trigger WHERE tgrelid = 'reused'::regclass ORDER BY tgname;
DROP TABLE reused;
DROP FUNCTION numbered();

-- From a series: no collision, no second look, no retry.
SELECT steward.create_series('tickets', 6, 1, '\x2B7E151628AED2A6ABF7158809CF4F3D');
CREATE TABLE tickets (id int PRIMARY KEY, code text UNIQUE);
SELECT steward.assign_codes('tickets', 'code', series => 'tickets', prefix => 'T-');
INSERT INTO tickets SELECT generate_series(0, 4) RETURNING id, code, steward.id_of(substr(code, 3), 'tickets') AS decoded;
-- A chosen code in the way of the series is stepped over.
INSERT INTO tickets SELECT 100, 'T-' || steward.code_of(5, 'tickets');
INSERT INTO tickets VALUES (5) RETURNING steward.id_of(substr(code, 3), 'tickets') AS stepped_to;
SELECT rel, col, series, prefix, length, max_length, collision_chance FROM steward.code_capacity;
SELECT refusal($$SELECT steward.drop_series('tickets')$$);
DROP TABLE tickets;
SELECT steward.drop_series('tickets');

-- Growth: a space of 62 codes, then one of 3,844.
CREATE TABLE tiny (code text UNIQUE);
SELECT steward.assign_codes('tiny', 'code', length => 1, max_length => 2);
INSERT INTO tiny SELECT FROM generate_series(1, 400);
SELECT count(*), count(DISTINCT code), min(length(code)), max(length(code)) FROM tiny;
-- A rollback gives codes back; the code of a deleted row is free.
DELETE FROM tiny;
BEGIN;
INSERT INTO tiny SELECT FROM generate_series(1, 20);
SAVEPOINT s;
INSERT INTO tiny SELECT FROM generate_series(1, 20);
ROLLBACK TO s;
INSERT INTO tiny SELECT FROM generate_series(1, 20);
SELECT count(*), count(DISTINCT code) FROM tiny;
ROLLBACK;
SELECT count(*) AS stripes_left FROM pg_locks WHERE locktype = 'object' AND classid = 'tiny_code_key'::regclass;
-- One row holds one stripe until the transaction's next row, however many there were.
BEGIN;
INSERT INTO tiny SELECT FROM generate_series(1, 30);
INSERT INTO tiny DEFAULT VALUES;
INSERT INTO tiny DEFAULT VALUES;
SELECT count(*) AS stripes FROM pg_locks WHERE locktype = 'object' AND classid = 'tiny_code_key'::regclass;
COMMIT;
SELECT count(*) AS stripes_left FROM pg_locks WHERE locktype = 'object' AND classid = 'tiny_code_key'::regclass;
-- A row inserted by a trigger of the row that waits for its own code.
CREATE FUNCTION nested() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 3 THEN INSERT INTO tiny DEFAULT VALUES; END IF;
  RETURN new;
END $$;
CREATE TRIGGER zz_nested BEFORE INSERT ON tiny FOR EACH ROW EXECUTE FUNCTION nested();
SELECT steward.assign_codes('tiny', 'code', max_length => 4);
BEGIN;
INSERT INTO tiny SELECT FROM generate_series(1, 50);
SELECT count(*), count(DISTINCT code) FROM tiny;
COMMIT;
SELECT count(*) AS stripes_left FROM pg_locks WHERE locktype = 'object' AND classid = 'tiny_code_key'::regclass;
DROP TABLE tiny;
DROP FUNCTION nested();

-- How full: from the planner's statistics.
CREATE TABLE crowd (code text UNIQUE);
SELECT steward.assign_codes('crowd', 'code', length => 2, max_length => 4);
SELECT * FROM steward.code_capacity \gx
INSERT INTO crowd SELECT FROM generate_series(1, 961);
ANALYZE crowd;
SELECT * FROM steward.code_capacity \gx
DROP TABLE crowd;

-- A session of replication applies rows as they come.
CREATE TABLE applied (code text UNIQUE);
SELECT steward.assign_codes('applied', 'code');
SET session_replication_role = replica;
INSERT INTO applied VALUES (NULL), ('not a code');
RESET session_replication_role;
TABLE applied;
DROP TABLE applied;
