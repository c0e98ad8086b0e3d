-- Limits declared on tables: every way of writing rows counts.
SET client_min_messages = warning;
\pset null NULL
CREATE TABLE owners (id bigint PRIMARY KEY, tier text NOT NULL);
INSERT INTO owners VALUES (1, 'small'), (2, 'small'), (3, 'large');
SELECT steward.define_tier('small', 0), steward.define_tier('large', 1), steward.bind_subjects('owners', tier_col => 'tier'),
  steward.define_meter('documents', 'owners', 'standing'), steward.define_meter('bytes', 'owners', 'standing'),
  steward.define_meter('published', 'owners', 'metered', 'month'),
  steward.set_limit('small', 'documents', 5), steward.set_limit('large', 'documents', NULL),
  steward.set_limit('small', 'bytes', 1000), steward.set_limit('large', 'bytes', NULL),
  steward.set_limit('small', 'published', 3), steward.set_limit('large', 'published', NULL) \g /dev/null
CREATE TABLE documents (
  id bigint PRIMARY KEY, owner bigint REFERENCES owners ON DELETE CASCADE ON UPDATE CASCADE, size int NOT NULL DEFAULT 1,
  public boolean NOT NULL DEFAULT false, deleted_at timestamptz);
INSERT INTO documents VALUES (1, 1, 100), (2, 1, 50), (3, 3, 5000), (4, NULL, 1);
SET steward.now = '2026-05-05 12:00+00';

-- What is there is counted when it is declared.
SELECT steward.limit_rows('documents', 'owner', 'documents', condition => 'deleted_at IS NULL');
SELECT steward.limit_rows('documents', 'owner', 'bytes', measure_col => 'size', condition => 'deleted_at IS NULL');
SELECT steward.limit_rows('documents', 'owner', 'published', condition => 'public');
CREATE VIEW standing AS
  SELECT o.id, u.meter, u.used, u.held FROM owners o, LATERAL steward.usage(o.id, 'owners') u WHERE u.used <> 0 OR u.held <> 0;
SELECT * FROM standing ORDER BY 1, 2;
SELECT * FROM steward.verify_limits();

-- One statement, several rows; denied as a whole.
INSERT INTO documents SELECT n, 1 FROM generate_series(10, 12) n;
INSERT INTO documents SELECT n, 1 FROM generate_series(13, 14) n;
SELECT * FROM standing ORDER BY 1, 2;
INSERT INTO documents VALUES (20, 2, 999), (21, 2, 2);
INSERT INTO documents VALUES (20, 2, 999);
UPDATE documents SET size = 1001 WHERE id = 20;
UPDATE documents SET size = 1000 WHERE id = 20;
SELECT * FROM standing ORDER BY 1, 2;

-- A row that goes, comes back, or changes hands.
UPDATE documents SET deleted_at = now() WHERE id = 10;
SELECT * FROM standing WHERE id = 1 ORDER BY 1, 2;
UPDATE documents SET deleted_at = NULL WHERE id = 10;
UPDATE documents SET owner = 2 WHERE id = 11;
UPDATE documents SET owner = 2, size = 0 WHERE id = 11;
SELECT * FROM standing ORDER BY 1, 2;
DELETE FROM documents WHERE id = 12;
SELECT * FROM standing ORDER BY 1, 2;
SELECT * FROM steward.verify_limits();

-- Upserts, MERGE, COPY, CTE.
INSERT INTO documents VALUES (10, 1), (12, 1) ON CONFLICT DO NOTHING;
INSERT INTO documents VALUES (10, 1, 7), (13, 1, 7) ON CONFLICT (id) DO UPDATE SET size = excluded.size;
SELECT * FROM standing WHERE id = 1 ORDER BY 1, 2;
MERGE INTO documents d USING (VALUES (13, 1), (14, 3)) v (id, owner) ON d.id = v.id
  WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id, owner) VALUES (v.id, v.owner);
COPY documents (id, owner) FROM stdin;
30	3
31	3
32	1
\.
WITH gone AS (DELETE FROM documents WHERE id = 32 RETURNING owner), come AS (INSERT INTO documents SELECT 33, owner FROM gone)
SELECT FROM gone;
SELECT * FROM standing ORDER BY 1, 2;
SELECT * FROM steward.verify_limits();

-- Metered: when it comes to be public, and nothing comes back.
UPDATE documents SET public = true WHERE owner = 1 AND id < 12;
UPDATE documents SET public = true WHERE owner = 1;
UPDATE documents SET public = false WHERE id = 1;
UPDATE documents SET public = true WHERE id = 1;
SELECT * FROM standing WHERE meter = 'published' ORDER BY 1;

-- Rolled back, wholly or in part.
BEGIN;
DELETE FROM documents WHERE owner = 1;
SELECT * FROM standing WHERE id = 1 ORDER BY 1, 2;
SAVEPOINT a;
INSERT INTO documents SELECT n, 1 FROM generate_series(40, 44) n;
SELECT * FROM standing WHERE id = 1 ORDER BY 1, 2;
ROLLBACK TO a;
INSERT INTO documents VALUES (50, 1, 10);
SELECT * FROM standing WHERE id = 1 ORDER BY 1, 2;
SELECT * FROM steward.verify_limits() WHERE false;
ROLLBACK;
SELECT * FROM standing WHERE id = 1 ORDER BY 1, 2;
SELECT * FROM steward.verify_limits();

-- A subject's key changes, a subject goes, and all rows do.
UPDATE owners SET id = 7 WHERE id = 2;
SELECT * FROM standing WHERE id IN (2, 7) ORDER BY 1, 2;
SELECT * FROM steward.verify_limits();
DELETE FROM owners WHERE id = 7;
SELECT * FROM steward.verify_limits();
SELECT count(*) FROM steward._usage u JOIN steward._meters m ON m.id = u.meter WHERE m.subjects = 'owners'::regclass AND subject IN ('2', '7');
BEGIN;
TRUNCATE documents;
SELECT * FROM standing WHERE meter <> 'published' ORDER BY 1, 2;
ROLLBACK;
SELECT * FROM standing WHERE meter <> 'published' ORDER BY 1, 2;
TRUNCATE documents;
SELECT * FROM standing WHERE meter <> 'published' ORDER BY 1, 2;
INSERT INTO documents SELECT n, 1 FROM generate_series(1, 6) n;
INSERT INTO documents SELECT n, 1 FROM generate_series(1, 5) n;
SELECT * FROM steward.verify_limits();

-- A session that plays a replica fires nothing: found and put right.
SET session_replication_role = replica;
INSERT INTO documents SELECT n, 1 FROM generate_series(60, 61) n;
RESET session_replication_role;
SELECT * FROM steward.verify_limits() ORDER BY meter;
SELECT steward.repair_limits();
SELECT * FROM steward.verify_limits();
SELECT used, remaining FROM steward.usage(1, 'owners') WHERE meter = 'documents';
DELETE FROM documents WHERE id >= 60;
ALTER TABLE documents RENAME owner TO holder;
ALTER TABLE documents RENAME deleted_at TO gone_at;
UPDATE documents SET gone_at = now() WHERE id = 1;
INSERT INTO documents VALUES (70, 1);
SELECT * FROM steward.verify_limits();
TRUNCATE steward._limit_cells;
INSERT INTO documents VALUES (71, 1);
CALL steward.fold_limits();
SELECT * FROM steward.verify_limits();

-- Partitions: through the table, through a partition, from one to another.
CREATE TABLE runs (id bigint, owner bigint, status text, month int) PARTITION BY LIST (month);
CREATE TABLE runs_1 PARTITION OF runs FOR VALUES IN (1);
CREATE TABLE runs_2 (month int, dropped int, status text, owner bigint, id bigint);
ALTER TABLE runs_2 DROP COLUMN dropped;
ALTER TABLE runs ATTACH PARTITION runs_2 FOR VALUES IN (2);
SELECT steward.define_meter('running', 'owners', 'standing'), steward.set_limit('small', 'running', 3) \g /dev/null
SELECT steward.limit_rows('runs', 'owner', 'running', condition => $$status IN ('pending', 'running')$$);
INSERT INTO runs VALUES (1, 1, 'pending', 1), (2, 1, 'done', 1);
INSERT INTO runs_2 (id, owner, status, month) VALUES (3, 1, 'running', 2), (4, 1, 'running', 2);
INSERT INTO runs_2 (id, owner, status, month) VALUES (5, 1, 'running', 2);
UPDATE runs SET month = 2 WHERE id = 1;
UPDATE runs SET status = 'running' WHERE id = 2;
UPDATE runs SET status = 'done' WHERE id = 3;
UPDATE runs SET status = 'running', month = 2 WHERE id = 2;
SELECT used, remaining FROM steward.usage(1, 'owners') WHERE meter = 'running';
SELECT * FROM steward.verify_limits();

-- Calls and rows do not mix; what is left out when it is declared again stays, and what is empty goes; and then no more.
SELECT steward.consume(1, 'running');
SELECT steward.release(1, 'running');
SELECT steward.limit_rows('runs', 'owner', 'running');
SELECT used FROM steward.usage(1, 'owners') WHERE meter = 'running';
SELECT steward.limit_rows('runs', 'owner', 'running', condition => '');
SELECT used FROM steward.usage(1, 'owners') WHERE meter = 'running';
SELECT steward.unlimit_rows('runs', 'running');
SELECT used FROM steward.usage(1, 'owners') WHERE meter = 'running';
SELECT steward.unlimit_rows('runs', 'running');
SELECT count(*) FROM pg_trigger WHERE tgrelid IN ('runs'::regclass, 'runs_1'::regclass) AND NOT tgisinternal;

-- Wrong input.
SELECT steward.limit_rows('runs', 'owner', 'nothing');
SELECT steward.limit_rows('runs', 'nobody', 'running');
SELECT steward.limit_rows('runs', 'status', 'running');
SELECT steward.limit_rows('runs', 'owner', 'running', measure_col => 'status');
SELECT steward.limit_rows('runs', 'owner', 'running', condition => 'status =');
SELECT steward.limit_rows('runs', 'owner', 'running', condition => 'status');
SELECT steward.limit_rows('runs', 'owner', 'running', condition => 'nothing > 0');
SELECT steward.limit_rows('runs', 'owner', 'running', condition => 'random() > 0.5');
SELECT steward.limit_rows('runs', 'owner', 'running', condition => 'id IN (SELECT 1)');
SELECT steward.limit_rows('runs', 'owner', 'running', condition => 'true, true');
SELECT steward.limit_rows('runs', 'owner', 'running', condition => 'true FROM owners');
SELECT steward.limit_rows('standing', 'id', 'running');
INSERT INTO documents VALUES (80, 99);
INSERT INTO documents (id, holder, size) VALUES (81, 3, -1);
