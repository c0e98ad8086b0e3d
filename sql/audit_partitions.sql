-- Partitioned tables in the log: one table, wherever its rows are.
SET client_min_messages = warning;
\pset null NULL
CREATE TEMP TABLE seen AS SELECT COALESCE(max(id), 0) AS id FROM steward.audit_records;
CREATE FUNCTION pg_temp.news(OUT n bigint, OUT rel text, OUT action text, OUT key text, OUT changed text[], OUT old_values jsonb, OUT new_values jsonb)
RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY SELECT dense_rank() OVER (ORDER BY l.tx, l.seq), l.rel_name, l.action, l.row_key, l.changed, l.old_values, l.new_values
    FROM steward.audit_log l WHERE l.id > (SELECT s.id FROM seen s) AND l.rel_name ~ '^aup_' ORDER BY l.id;
  UPDATE seen SET id = (SELECT COALESCE(max(l.id), 0) FROM steward.audit_records l);
END $$;

-- Columns of partitions stand elsewhere, and some have been others.
CREATE TABLE aup_runs (gone int, id int, month int, status text, note text DEFAULT 'none', PRIMARY KEY (id, month)) PARTITION BY LIST (month);
ALTER TABLE aup_runs DROP COLUMN gone;
CREATE TABLE aup_runs_1 PARTITION OF aup_runs FOR VALUES IN (1);
CREATE TABLE aup_runs_2 (note text, month int NOT NULL, dropped int, status text, id int NOT NULL);
ALTER TABLE aup_runs_2 DROP COLUMN dropped;
ALTER TABLE aup_runs ATTACH PARTITION aup_runs_2 FOR VALUES IN (2);
CREATE TABLE aup_runs_3 (status text, dropped text, id int NOT NULL, dropped_too text, month int NOT NULL, note text) PARTITION BY RANGE (id);
ALTER TABLE aup_runs_3 DROP COLUMN dropped, DROP COLUMN dropped_too;
CREATE TABLE aup_runs_3a (id int NOT NULL, status text, note text, month int NOT NULL);
ALTER TABLE aup_runs_3 ATTACH PARTITION aup_runs_3a FOR VALUES FROM (1) TO (10000);
ALTER TABLE aup_runs ATTACH PARTITION aup_runs_3 FOR VALUES IN (3);
SELECT steward.audit_table('aup_runs', ignore_cols => '{note}');
SELECT rel, ignore_cols FROM steward.audited_tables WHERE rel::text ~ '^aup_';

-- Through the table and through partitions.
INSERT INTO aup_runs VALUES (1, 1, 'a', 'x'), (2, 2, 'b', 'x'), (3, 3, 'c', 'x');
INSERT INTO aup_runs_1 VALUES (4, 1, 'd', 'x');
INSERT INTO aup_runs_2 (id, month, status) VALUES (5, 2, 'e');
INSERT INTO aup_runs_3 (id, month, status) VALUES (6, 3, 'f');
INSERT INTO aup_runs_3a (id, month, status) VALUES (7, 3, 'g');
COPY aup_runs (id, month, status) FROM stdin;
8	1	h
9	2	i
10	3	j
\.
COPY aup_runs_2 (id, month, status) FROM stdin;
11	2	k
\.
INSERT INTO aup_runs VALUES (11, 2, 'conflict'), (12, 3, 'l') ON CONFLICT (id, month) DO UPDATE SET status = excluded.status;
UPDATE aup_runs SET status = upper(status) WHERE id < 4;
UPDATE aup_runs_3 SET status = 'three' WHERE id = 6;
UPDATE aup_runs SET note = 'ignored';
UPDATE aup_runs_2 SET note = NULL;
DELETE FROM aup_runs WHERE id IN (8, 9, 10);
DELETE FROM aup_runs_3a WHERE id = 7;
SELECT * FROM pg_temp.news();

-- A row that goes to another partition is changed, and that is all.
UPDATE aup_runs SET month = 2 WHERE id = 1;
UPDATE aup_runs SET month = month % 3 + 1 WHERE id IN (1, 2, 3);
UPDATE aup_runs SET month = 1, status = 'moved', note = 'ignored' WHERE id = 11;
UPDATE aup_runs SET id = 40, month = 3 WHERE id = 4;
MERGE INTO aup_runs r USING (VALUES (5, 3), (6, 0), (50, 1)) v (id, month) ON r.id = v.id
  WHEN MATCHED AND v.month = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET month = v.month, status = 'merged'
  WHEN NOT MATCHED THEN INSERT (id, month) VALUES (v.id, v.month);
SELECT * FROM pg_temp.news();
SELECT steward.audit_table('aup_runs', full_rows => true);
UPDATE aup_runs SET month = 1 WHERE id = 5;
BEGIN;
UPDATE aup_runs SET month = 2 WHERE id = 5;
SAVEPOINT a;
UPDATE aup_runs SET month = 3 WHERE id = 5;
ROLLBACK TO a;
UPDATE aup_runs SET status = 'after' WHERE id = 5;
COMMIT;
SELECT * FROM pg_temp.news();
SELECT steward.audit_table('aup_runs', full_rows => false);

-- It may not arrive: then it is gone.
CREATE FUNCTION aup_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status = 'altered' THEN NEW.status := 'by a trigger'; RETURN NEW; END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER refuse BEFORE INSERT ON aup_runs_2 FOR EACH ROW EXECUTE FUNCTION aup_refuse();
SELECT id, month, status FROM aup_runs ORDER BY 1;
UPDATE aup_runs SET month = 2 WHERE id IN (5, 40);
UPDATE aup_runs SET month = 2, status = 'altered' WHERE id = 50;
UPDATE aup_runs SET month = CASE id WHEN 12 THEN 2 ELSE 3 END WHERE id IN (11, 12);
SELECT id, month, status FROM aup_runs ORDER BY 1;
SELECT * FROM pg_temp.news();
DROP TRIGGER refuse ON aup_runs_2;

-- What triggers of others do between its going and its coming.
CREATE FUNCTION aup_between() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() > 1 THEN RETURN NULL; END IF;
  INSERT INTO aup_runs VALUES (OLD.id + 1000, 1, 'between');
  UPDATE aup_runs SET month = 3, status = 'moved between' WHERE id = OLD.id + 1000;
  UPDATE aup_runs SET status = 'changed between' WHERE id = 2;
  BEGIN
    UPDATE aup_runs SET month = month % 3 + 1 WHERE id = 2;
    DELETE FROM aup_runs WHERE id = OLD.id + 1000;
    RAISE 'rolled back';
  EXCEPTION WHEN raise_exception THEN NULL;
  END;
  RETURN NULL;
END $$;
CREATE TRIGGER aa_between AFTER DELETE ON aup_runs FOR EACH ROW WHEN (OLD.id < 1000) EXECUTE FUNCTION aup_between();
UPDATE aup_runs SET month = 2 WHERE id = 1;
SELECT * FROM pg_temp.news();
ALTER TRIGGER aa_between ON aup_runs RENAME TO zz_between;
DELETE FROM aup_runs WHERE id = 1001;
UPDATE aup_runs SET month = 1 WHERE id = 1;
SELECT * FROM pg_temp.news();
SET steward.audit_on_error = degrade;
INSERT INTO aup_runs VALUES (60, 1, 'degrade');
UPDATE aup_runs SET month = 2 WHERE id = 60;
RESET steward.audit_on_error;
SELECT * FROM pg_temp.news();
DROP TRIGGER zz_between ON aup_runs;

-- With tables that refer to it.
CREATE TABLE aup_steps (id int PRIMARY KEY, run int, month int, FOREIGN KEY (run, month) REFERENCES aup_runs ON UPDATE CASCADE ON DELETE CASCADE);
SELECT steward.audit_table('aup_steps');
INSERT INTO aup_runs VALUES (70, 1, 'referred');
INSERT INTO aup_steps VALUES (1, 70, 1), (2, 70, 1);
UPDATE aup_runs SET month = 3 WHERE id = 70;
SELECT * FROM pg_temp.news();
DELETE FROM aup_runs WHERE id = 70;
SELECT rel, action, key, old_values FROM pg_temp.news() ORDER BY rel, key;
DROP TABLE aup_steps CASCADE;

-- Partitions that come and go.
CREATE TABLE aup_runs_4 PARTITION OF aup_runs FOR VALUES IN (4);
INSERT INTO aup_runs VALUES (80, 4, 'new partition');
INSERT INTO aup_runs_4 VALUES (81, 4, 'itself');
UPDATE aup_runs SET month = 1 WHERE id = 80;
ALTER TABLE aup_runs DETACH PARTITION aup_runs_2;
INSERT INTO aup_runs_2 (id, month, status) VALUES (90, 2, 'detached');
UPDATE aup_runs_2 SET status = 'detached' WHERE id = 60;
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'aup_runs_2'::regclass AND tgfoid = 'steward.audit_row()'::regprocedure;
ALTER TABLE aup_runs ATTACH PARTITION aup_runs_2 FOR VALUES IN (2);
UPDATE aup_runs_2 SET status = 'attached' WHERE id = 90;
CREATE TABLE aup_other (LIKE aup_runs);
INSERT INTO aup_other VALUES (100, 5, 'before');
ALTER TABLE aup_runs ATTACH PARTITION aup_other FOR VALUES IN (5);
UPDATE aup_other SET status = 'after';
SELECT * FROM pg_temp.news();
-- One with its own records becomes part of another.
CREATE TABLE aup_alone (LIKE aup_runs INCLUDING ALL);
SELECT steward.audit_table('aup_alone');
INSERT INTO aup_alone VALUES (110, 6, 'alone');
SELECT * FROM refusal('ALTER TABLE aup_runs ATTACH PARTITION aup_alone FOR VALUES IN (6)') LIMIT 1;
UPDATE aup_runs SET status = 'attached' WHERE id = 110;
UPDATE aup_alone SET status = 'attached too' WHERE id = 110;
SELECT * FROM pg_temp.news();
SELECT count(*) FROM steward.audited_tables WHERE rel = 'aup_alone'::regclass;

-- TRUNCATE of all, of one, and of both.
TRUNCATE aup_runs_1;
SELECT rel, action, key, old_values FROM pg_temp.news();
INSERT INTO aup_runs VALUES (301, 1, 'a'), (302, 2, 'b'), (303, 3, 'c');
BEGIN;
TRUNCATE aup_runs_3;
ROLLBACK;
TRUNCATE aup_runs_3;
TRUNCATE aup_runs;
INSERT INTO aup_runs VALUES (1, 1, 'a');
TRUNCATE aup_runs_1;
SELECT rel, action, key, old_values, new_values FROM pg_temp.news();
BEGIN;
INSERT INTO aup_runs VALUES (1, 1, 'a'), (2, 2, 'b');
TRUNCATE aup_runs;
INSERT INTO aup_runs VALUES (1, 1, 'again');
TRUNCATE aup_runs_1;
TRUNCATE aup_runs;
COMMIT;
SELECT rel, action, key, old_values, new_values FROM pg_temp.news();
-- A leaf that is named first has been truncated by its own name.
BEGIN;
INSERT INTO aup_runs VALUES (1, 1, 'a'), (2, 2, 'b');
TRUNCATE aup_runs_1, aup_runs;
INSERT INTO aup_runs VALUES (1, 1, 'again');
TRUNCATE aup_runs_1;
COMMIT;
SELECT rel, action, key, old_values, new_values FROM pg_temp.news();

-- A partition made since, truncated alone.
CREATE TABLE aup_new PARTITION OF aup_runs FOR VALUES IN (7);
INSERT INTO aup_runs VALUES (120, 7, 'new');
TRUNCATE aup_new;
SELECT rel, action, key, old_values, new_values FROM pg_temp.news();

-- Redacted and the tenant's columns, under other numbers.
CREATE TABLE aup_secret (id int, secret text, org text, month int, PRIMARY KEY (month, id)) PARTITION BY LIST (month);
CREATE TABLE aup_secret_1 (org text, month int NOT NULL, id int NOT NULL, x int, secret text);
ALTER TABLE aup_secret_1 DROP x;
ALTER TABLE aup_secret ATTACH PARTITION aup_secret_1 FOR VALUES IN (1);
CREATE TABLE aup_secret_2 PARTITION OF aup_secret FOR VALUES IN (2);
SELECT steward.audit_table('aup_secret', redact_cols => '{secret}', tenant_col => 'org');
INSERT INTO aup_secret VALUES (1, 'unseen', 'one', 1), (2, 'unseen', 'two', 2), (3, NULL, NULL, 1);
UPDATE aup_secret SET month = 3 - month;
UPDATE aup_secret SET month = 3 - month, secret = 'unseen too', org = 'three' WHERE id = 1;
SELECT steward.audit_table('aup_secret', redact_as => 'mask');
UPDATE aup_secret SET month = 3 - month, secret = 'unseen' WHERE id = 1;
UPDATE aup_secret SET month = 3 - month;
ALTER TABLE aup_secret RENAME secret TO hidden;
UPDATE aup_secret SET month = 3 - month, hidden = 'unseen again';
UPDATE aup_secret_1 SET hidden = 'unseen';
SELECT action, row_key, tenant, changed, regexp_replace(old_values::text, '[0-9a-f]{32}', '…', 'g') AS old_values, regexp_replace(new_values::text, '[0-9a-f]{32}', '…', 'g') AS new_values
  FROM steward.audit_log WHERE rel_name = 'aup_secret' ORDER BY id;
SELECT count(*) FROM steward.audit_records r WHERE r::text ~ 'unseen';
UPDATE seen SET id = (SELECT COALESCE(max(id), 0) FROM steward.audit_records);

-- Of many rows that move, each has one record; also when more are pending than may be.
CREATE TABLE aup_many (id int, part int, PRIMARY KEY (id, part)) PARTITION BY LIST (part);
CREATE TABLE aup_many_1 PARTITION OF aup_many FOR VALUES IN (1);
CREATE TABLE aup_many_2 PARTITION OF aup_many FOR VALUES IN (2);
SELECT steward.audit_table('aup_many');
INSERT INTO aup_many SELECT n, 1 + n % 2 FROM generate_series(1, 3000) n;
UPDATE aup_many SET part = 3 - part;
SELECT action, count(*), count(DISTINCT (tx, seq)), count(DISTINCT row_key), count(*) FILTER (WHERE changed = '{part}') FROM steward.audit_log WHERE rel_name = 'aup_many' GROUP BY 1 ORDER BY 1;

-- Steward's own maintenance moves rows, which changes none.
CREATE TABLE aup_dated (id int, at timestamptz NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE aup_dated_default PARTITION OF aup_dated DEFAULT;
SELECT steward.audit_table('aup_dated');
INSERT INTO aup_dated VALUES (1, '2026-03-02 00:00+00'), (2, '2026-04-02 00:00+00');
SET steward.now = '2026-03-18 12:00+00';
SELECT steward.manage_partitions('aup_dated', '1 month', premake => 1, time_zone => 'UTC', since => '2026-03-01');
CALL steward.maintain_partitions('aup_dated');
RESET steward.now;
SELECT tableoid::regclass, id FROM aup_dated ORDER BY 2;
UPDATE aup_dated SET id = 10 WHERE id = 1;
SELECT rel, action, key, changed FROM pg_temp.news() WHERE rel = 'aup_dated';
SELECT steward.unmanage_partitions('aup_dated');

SELECT count(*) FROM steward.audit_records r WHERE (SELECT count(*) FROM steward.audit_transactions t WHERE t.tx = r.tx) <> 1;
SELECT count(*) FROM steward.audit_gaps;
SELECT steward.unaudit_table(rel) FROM steward.audited_tables WHERE rel::text ~ '^aup_' \g /dev/null
SELECT count(*) FROM pg_trigger WHERE tgrelid::regclass::text ~ '^aup_' AND tgfoid IN (SELECT oid FROM pg_proc WHERE proname ~ '^audit_' AND pronamespace = 'steward'::regnamespace);
DROP TABLE aup_runs, aup_secret, aup_many, aup_dated;
DROP TABLE IF EXISTS aup_alone;
DROP FUNCTION aup_refuse, aup_between;
