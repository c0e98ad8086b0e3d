-- What the log says of changes, in each way of making them.
SET client_min_messages = warning;
\pset null NULL
CREATE TEMP TABLE seen AS SELECT COALESCE(max(id), 0) AS id FROM steward.audit_records;
-- What has come since it was asked last; n counts changes.
CREATE FUNCTION pg_temp.news(OUT n bigint, OUT rel text, OUT action text, OUT key text, OUT changed text[], OUT old_values jsonb, OUT new_values jsonb)
RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY SELECT dense_rank() OVER (ORDER BY l.tx, l.seq), l.rel_name, l.action, l.row_key, l.changed, l.old_values, l.new_values
    FROM steward.audit_log l WHERE l.id > (SELECT s.id FROM seen s) AND l.rel_name ~ '^chg_' ORDER BY l.id;
  UPDATE seen SET id = (SELECT COALESCE(max(l.id), 0) FROM steward.audit_records l);
END $$;
-- The same as numbers.
CREATE FUNCTION pg_temp.sums(OUT rel text, OUT action text, OUT records bigint, OUT txs bigint, OUT keys text)
RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY SELECT l.rel_name, l.action, count(*), count(DISTINCT l.tx), left(string_agg(l.row_key, ' ' ORDER BY l.id), 40)
    FROM steward.audit_log l WHERE l.id > (SELECT s.id FROM seen s) AND l.rel_name ~ '^chg_' GROUP BY 1, 2 ORDER BY 1, 2;
  UPDATE seen SET id = (SELECT COALESCE(max(l.id), 0) FROM steward.audit_records l);
END $$;

CREATE TABLE chg_notes (id int PRIMARY KEY, title text, size int DEFAULT 1, updated_at timestamptz);
INSERT INTO chg_notes VALUES (1, 'before');
SELECT steward.audit_table('chg_notes', ignore_cols => '{updated_at}', resource => 'note');
SELECT rel, ignore_cols, redact_cols, redact_as, full_rows, tenant_col, resource FROM steward.audited_tables WHERE rel = 'chg_notes'::regclass;
SELECT * FROM pg_temp.news();

-- Rows that come.
INSERT INTO chg_notes VALUES (2, 'one', NULL, '2026-01-01');
INSERT INTO chg_notes SELECT n, 'many' FROM generate_series(3, 5) n;
COPY chg_notes (id, title) FROM stdin;
6	copied
7	\N
\.
INSERT INTO chg_notes VALUES (7, 'old'), (8, 'new') ON CONFLICT (id) DO UPDATE SET title = excluded.title;
INSERT INTO chg_notes VALUES (8, 'again'), (9, 'nine') ON CONFLICT DO NOTHING;
INSERT INTO chg_notes VALUES (9, 'same') ON CONFLICT (id) DO UPDATE SET title = excluded.title WHERE false;
SELECT * FROM pg_temp.news();
-- Rows that change and go.
UPDATE chg_notes SET title = upper(title) WHERE id < 4;
UPDATE chg_notes SET title = NULL, size = size + 1 WHERE id = 3;
UPDATE ONLY chg_notes n SET size = v.size FROM (VALUES (4, 40), (4, 41), (5, 50)) v (id, size) WHERE n.id = v.id AND v.size <> 41;
DELETE FROM chg_notes WHERE id BETWEEN 4 AND 6;
DELETE FROM chg_notes WHERE false;
MERGE INTO chg_notes n USING (VALUES (1, 'merged'), (2, NULL), (20, 'twenty'), (21, NULL)) v (id, title) ON n.id = v.id
  WHEN MATCHED AND v.title IS NULL THEN DELETE
  WHEN MATCHED THEN UPDATE SET title = v.title
  WHEN NOT MATCHED AND v.title IS NULL THEN DO NOTHING
  WHEN NOT MATCHED THEN INSERT (id, title) VALUES (v.id, v.title);
WITH gone AS (DELETE FROM chg_notes WHERE id IN (7, 8) RETURNING id, title),
  come AS (INSERT INTO chg_notes SELECT id + 100, title FROM gone RETURNING id),
  other AS (UPDATE chg_notes SET size = -1 WHERE id = 9 RETURNING id)
  SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM come), (SELECT count(*) FROM other);
SELECT * FROM pg_temp.news();
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM chg_notes WHERE id > 100 ORDER BY id FOR UPDATE;
FETCH 1 FROM c;
UPDATE chg_notes SET title = 'current' WHERE CURRENT OF c;
DELETE FROM chg_notes WHERE CURRENT OF c;
COMMIT;
CREATE VIEW chg_view AS SELECT id, title FROM chg_notes WHERE id > 100;
INSERT INTO chg_view VALUES (200, 'view');
UPDATE chg_view SET title = 'through' WHERE id = 200;
DELETE FROM chg_view WHERE id = 200;
CREATE RULE chg_rule AS ON DELETE TO chg_view DO INSTEAD UPDATE chg_notes SET title = 'rule' WHERE id = OLD.id;
DELETE FROM chg_view;
DROP VIEW chg_view;
PREPARE change AS UPDATE chg_notes SET size = $2 WHERE id = $1;
EXECUTE change(1, 10);
EXECUTE change(1, 11);
DEALLOCATE change;
SELECT * FROM pg_temp.news();

-- What changes nothing that is recorded leaves no record.
UPDATE chg_notes SET title = title, size = size;
UPDATE chg_notes SET updated_at = now();
SELECT id FROM chg_notes WHERE id = 1 FOR UPDATE;
SELECT * FROM pg_temp.news();
UPDATE chg_notes SET updated_at = NULL, size = 12 WHERE id = 1;
SELECT * FROM pg_temp.news();
SELECT steward.audit_table('chg_notes', full_rows => true);
UPDATE chg_notes SET updated_at = '2026-02-01 00:00+00' WHERE id = 1;
UPDATE chg_notes SET updated_at = '2026-03-01 00:00+00', size = 13 WHERE id = 1;
SELECT * FROM pg_temp.news();
SELECT steward.audit_table('chg_notes', full_rows => false, ignore_cols => '{}');
UPDATE chg_notes SET updated_at = '2026-01-01 00:00+00' WHERE id = 1;
SELECT * FROM pg_temp.news();
SELECT steward.audit_table('chg_notes', ignore_cols => '{updated_at}');

-- Keys: one that changes is told of under both.
CREATE TABLE chg_pairs (a int, "b ""x""" text, n int, PRIMARY KEY ("b ""x""", a));
CREATE TABLE chg_keyless (a int, b text);
CREATE TABLE chg_long (k text PRIMARY KEY, n int);
SELECT steward.audit_table(t) FROM unnest('{chg_pairs,chg_keyless,chg_long}'::regclass[]) t;
UPDATE chg_notes SET id = -id WHERE id = 1;
UPDATE chg_notes SET id = id + 1, title = 'moved' WHERE id IN (20);
INSERT INTO chg_pairs VALUES (1, 'x", "y', 1), (2, '', 2), (3, E'\\ \t\u00e4', 3);
UPDATE chg_pairs SET a = a + 10 WHERE a < 3;
UPDATE chg_pairs SET n = 0 WHERE a = 3;
INSERT INTO chg_keyless VALUES (1, 'x'), (1, 'x'), (NULL, NULL);
UPDATE chg_keyless SET b = 'y' WHERE a = 1;
DELETE FROM chg_keyless WHERE a IS NULL;
SELECT * FROM pg_temp.news();
INSERT INTO chg_long SELECT repeat('a', l), l FROM unnest('{999,1000,1001,9000}'::int[]) l;
INSERT INTO chg_long SELECT repeat('ä', l), l FROM unnest('{500,501}'::int[]) l;
SELECT l.row_key = k.k AS whole, l.row_key = 'sha256:' || encode(sha256(convert_to(k.k, 'UTF8')), 'hex') AS digest, (l.new_values ->> 'n')::int AS n
  FROM steward.audit_log l JOIN chg_long k ON l.new_values ->> 'k' = k.k WHERE l.rel_name = 'chg_long' ORDER BY l.id;
UPDATE chg_long SET n = 0 WHERE n = 1001;
DELETE FROM chg_long WHERE n = 0;
SELECT count(*), count(DISTINCT row_key) FROM steward.audit_log WHERE rel_name = 'chg_long' AND row_key = 'sha256:' || encode(sha256(convert_to(repeat('a', 1001), 'UTF8')), 'hex');
UPDATE seen SET id = (SELECT COALESCE(max(id), 0) FROM steward.audit_records);

-- Whose row it is: the column says it, and where there is none, who acts.
CREATE TABLE chg_owned (id int PRIMARY KEY, org uuid, n int);
SELECT steward.audit_table('chg_owned', tenant_col => 'org', ignore_cols => '{org}');
INSERT INTO chg_owned VALUES (1, '00000000-0000-0000-0000-000000000001', 1), (2, NULL, 2);
UPDATE chg_owned SET org = '00000000-0000-0000-0000-000000000002', n = 10 WHERE id = 1;
UPDATE chg_owned SET org = '00000000-0000-0000-0000-000000000003' WHERE id = 1;
BEGIN;
SELECT steward.set_actor('who', tenant => 'said');
INSERT INTO chg_owned VALUES (3, NULL, 3);
INSERT INTO chg_notes VALUES (30, 'tenant');
SELECT steward.set_actor('another', tenant => 'too');
UPDATE chg_notes SET title = 'tenant''s' WHERE id = 30;
TRUNCATE chg_keyless;
SELECT steward.clear_actor();
DELETE FROM chg_notes WHERE id = 30;
COMMIT;
SELECT rel_name, resource, action, row_key, tenant, NULLIF(actor, current_user) AS actor, dense_rank() OVER (ORDER BY tx) AS tx, seq
  FROM steward.audit_log WHERE id > (SELECT id FROM seen) AND rel_name ~ '^chg_' ORDER BY id;
SELECT steward.audit_table('chg_owned', tenant_col => '');
UPDATE chg_owned SET n = 20 WHERE id = 1;
SELECT action, row_key, tenant FROM steward.audit_log WHERE rel_name = 'chg_owned' ORDER BY id DESC LIMIT 1;
UPDATE seen SET id = (SELECT COALESCE(max(id), 0) FROM steward.audit_records);

-- Hidden values: equal ones are seen to be equal, and nothing more.
CREATE TABLE chg_people (id int PRIMARY KEY, email text, pin int, name text, raw jsonb);
SELECT steward.audit_table('chg_people', redact_cols => '{email,pin,raw}');
INSERT INTO chg_people VALUES (1, 'nobody@sees.this', 471147, 'a', '{"iban": "DE471147"}'), (2, 'nobody@sees.this', NULL, 'b', NULL), (3, 'else@sees.this', 471147, 'c', 'null');
UPDATE chg_people SET email = 'other@sees.this', name = 'd' WHERE id = 1;
UPDATE chg_people SET email = 'nobody@sees.this' WHERE id = 1;
UPDATE chg_people SET pin = NULL WHERE id = 1;
DELETE FROM chg_people WHERE id = 2;
SELECT n, action, key, changed, regexp_replace(old_values::text, '[0-9a-f]{32}', '…', 'g') AS old_values, regexp_replace(new_values::text, '[0-9a-f]{32}', '…', 'g') AS new_values
  FROM pg_temp.news();
SELECT count(DISTINCT v), count(*) FROM steward.audit_log, LATERAL (VALUES (old_values ->> 'email'), (new_values ->> 'email')) t (v) WHERE rel_name = 'chg_people' AND v IS NOT NULL;
ALTER TABLE chg_people RENAME email TO mail;
UPDATE chg_people SET mail = 'renamed@sees.this' WHERE id = 1;
SELECT redact_cols FROM steward.audited_tables WHERE rel = 'chg_people'::regclass;
SELECT * FROM refusal('ALTER TABLE chg_people DROP COLUMN mail') LIMIT 1;
SELECT steward.audit_table('chg_people', redact_as => 'mask');
UPDATE chg_people SET mail = 'masked@sees.this', raw = '{"iban": "DE471147"}' WHERE id = 1;
UPDATE chg_people SET mail = mail WHERE id = 1;
UPDATE chg_people SET mail = NULL WHERE id = 1;
INSERT INTO chg_people VALUES (4, 'masked@sees.this', 471147, 'e');
SELECT n, action, key, changed, regexp_replace(old_values::text, '[0-9a-f]{32}', '…', 'g') AS old_values, regexp_replace(new_values::text, '[0-9a-f]{32}', '…', 'g') AS new_values
  FROM pg_temp.news();
SELECT count(*) FROM steward.audit_records r WHERE r::text ~ 'sees.this|471147';
-- With another column of the same name.
ALTER TABLE chg_people ADD email text;
UPDATE chg_people SET email = 'new@sees.this', mail = 'x' WHERE id = 1;
SELECT changed, new_values ->> 'email' = 'new@sees.this' AS shown FROM steward.audit_log WHERE rel_name = 'chg_people' ORDER BY id DESC LIMIT 1;
-- Who says so is told of them again.
ALTER TABLE chg_people DROP COLUMN mail CASCADE;
UPDATE chg_people SET pin = 471147 WHERE id = 1;
SELECT new_values ->> 'pin' AS pin FROM steward.audit_log WHERE rel_name = 'chg_people' ORDER BY id DESC LIMIT 1;
SELECT redact_cols FROM steward.audited_tables WHERE rel = 'chg_people'::regclass;
SELECT steward.audit_table('chg_people', redact_cols => '{}');
UPDATE chg_people SET name = 'f', pin = 0 WHERE id = 1;
SELECT old_values, new_values FROM steward.audit_log WHERE rel_name = 'chg_people' ORDER BY id DESC LIMIT 1;
UPDATE seen SET id = (SELECT COALESCE(max(id), 0) FROM steward.audit_records);

-- Foreign keys.
CREATE TABLE chg_parents (id int PRIMARY KEY);
CREATE TABLE chg_children (id int PRIMARY KEY, parent int REFERENCES chg_parents ON DELETE CASCADE ON UPDATE CASCADE);
CREATE TABLE chg_orphans (id int PRIMARY KEY, parent int DEFAULT 1 REFERENCES chg_parents ON DELETE SET NULL ON UPDATE SET DEFAULT);
SELECT steward.audit_table(t) FROM unnest('{chg_parents,chg_children,chg_orphans}'::regclass[]) t;
INSERT INTO chg_parents VALUES (1), (2), (3);
INSERT INTO chg_children VALUES (1, 2), (2, 2), (3, 3);
INSERT INTO chg_orphans VALUES (1, 2), (2, 3);
SELECT * FROM pg_temp.sums();
UPDATE chg_parents SET id = 30 WHERE id = 3;
DELETE FROM chg_parents WHERE id = 2;
SELECT rel, action, key, old_values, new_values FROM pg_temp.news() ORDER BY n, rel, key;
BEGIN;
DELETE FROM chg_parents;
ROLLBACK;
SELECT * FROM pg_temp.news();

-- Triggers of others: what they make of the row, and what they do besides.
CREATE TABLE chg_jobs (id int PRIMARY KEY, state text);
CREATE TABLE chg_steps (id int PRIMARY KEY, job int, state text);
SELECT steward.audit_table('chg_jobs'), steward.audit_table('chg_steps');
CREATE FUNCTION chg_before() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'refused' THEN RETURN NULL; END IF;
  NEW.state := upper(NEW.state);
  INSERT INTO chg_steps VALUES (1000 + NEW.id + (SELECT count(*) FROM chg_steps), NEW.id, 'before') ON CONFLICT DO NOTHING;
  RETURN NEW;
END $$;
CREATE FUNCTION chg_after() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO chg_steps SELECT NEW.id * 10 + n, NEW.id, TG_OP FROM generate_series(1, 2) n ON CONFLICT (id) DO UPDATE SET state = excluded.state;
  RETURN NULL;
END $$;
CREATE TRIGGER before_row BEFORE INSERT OR UPDATE ON chg_jobs FOR EACH ROW EXECUTE FUNCTION chg_before();
CREATE TRIGGER zz_after AFTER INSERT OR UPDATE ON chg_jobs FOR EACH ROW EXECUTE FUNCTION chg_after();
INSERT INTO chg_jobs VALUES (1, 'open'), (2, 'refused'), (3, 'open');
UPDATE chg_jobs SET state = 'done' WHERE id = 1;
SELECT rel, action, key, old_values, new_values FROM pg_temp.news();
-- Those that wait for the commit.
DROP TRIGGER zz_after ON chg_jobs;
CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT OR UPDATE ON chg_jobs DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION chg_after();
BEGIN;
INSERT INTO chg_jobs VALUES (5, 'open');
UPDATE chg_jobs SET state = 'again' WHERE id = 5;
COMMIT;
SELECT rel, action, key, old_values, new_values FROM pg_temp.news();
DROP TABLE chg_jobs;

-- A row's records are in the order of its changes, whichever trigger comes first.
CREATE TABLE chg_order (id int PRIMARY KEY, n int);
SELECT steward.audit_table('chg_order');
CREATE FUNCTION chg_more() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE chg_order SET n = n + 1 WHERE id = NEW.id AND n < 3;
  RETURN NULL;
END $$;
CREATE TRIGGER zz_more AFTER INSERT OR UPDATE ON chg_order FOR EACH ROW EXECUTE FUNCTION chg_more();
INSERT INTO chg_order VALUES (1, 1);
SELECT action, key, old_values, new_values FROM pg_temp.news();
ALTER TRIGGER zz_more ON chg_order RENAME TO "AA_more";
INSERT INTO chg_order VALUES (2, 1);
SELECT action, key, old_values, new_values FROM pg_temp.news();
DROP TABLE chg_order;

-- Savepoints.
BEGIN;
INSERT INTO chg_notes VALUES (300, '1');
SAVEPOINT a;
INSERT INTO chg_notes VALUES (301, 'a, rolled back');
SAVEPOINT b;
INSERT INTO chg_notes VALUES (302, 'b, released');
RELEASE b;
UPDATE chg_notes SET title = 'a, rolled back' WHERE id = 300;
ROLLBACK TO a;
INSERT INTO chg_notes VALUES (303, 'a, later');
SAVEPOINT c;
INSERT INTO chg_notes VALUES (304, 'c, rolled back');
SAVEPOINT d;
DELETE FROM chg_notes WHERE id = 303;
ROLLBACK TO c;
ROLLBACK TO c;
INSERT INTO chg_notes VALUES (305, 'c, released');
RELEASE a;
UPDATE chg_notes SET size = 300 WHERE id = 300;
COMMIT;
SELECT n, action, key, changed, new_values FROM pg_temp.news();
SELECT count(DISTINCT tx) AS txs, min(seq) AS first, count(DISTINCT seq) AS seqs FROM steward.audit_log WHERE rel_name = 'chg_notes' AND row_key BETWEEN '300' AND '305';
BEGIN;
SAVEPOINT a;
INSERT INTO chg_notes VALUES (310, 'rolled back');
ROLLBACK TO a;
COMMIT;
BEGIN;
INSERT INTO chg_notes VALUES (311, 'rolled back');
SAVEPOINT a;
INSERT INTO chg_notes VALUES (312, 'rolled back');
RELEASE a;
ROLLBACK;
BEGIN;
SAVEPOINT a;
INSERT INTO chg_notes VALUES (313, 'the transaction''s row is written with it');
ROLLBACK TO a;
INSERT INTO chg_notes VALUES (314, 'and again with this');
COMMIT;
SELECT n, action, key, new_values FROM pg_temp.news();
DO $$
BEGIN
  FOR i IN 320 .. 329 LOOP
    BEGIN
      INSERT INTO chg_notes VALUES (i, 'loop');
      BEGIN
        UPDATE chg_notes SET size = i WHERE id = i;
        IF i % 3 = 0 THEN RAISE 'inner'; END IF;
      EXCEPTION WHEN raise_exception THEN
        UPDATE chg_notes SET size = -i WHERE id = i;
      END;
      IF i % 2 = 0 THEN RAISE 'outer'; END IF;
    EXCEPTION WHEN raise_exception THEN NULL;
    END;
  END LOOP;
END $$;
SELECT n, action, key, new_values FROM pg_temp.news();
CREATE PROCEDURE chg_commits() LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 330 .. 333 LOOP
    INSERT INTO chg_notes VALUES (i, 'procedure');
    UPDATE chg_notes SET size = i WHERE id = i;
    IF i % 2 = 0 THEN COMMIT; ELSE ROLLBACK; END IF;
  END LOOP;
END $$;
CALL chg_commits();
DROP PROCEDURE chg_commits;
SELECT * FROM pg_temp.sums();

-- Of what is not written yet, that of outer levels waits, however much comes inside. Into a partition, where no statement's end writes it.
CREATE TABLE chg_parts (id int PRIMARY KEY, t text) PARTITION BY RANGE (id);
CREATE TABLE chg_leaf PARTITION OF chg_parts FOR VALUES FROM (0) TO (1000000);
SELECT steward.audit_table('chg_parts');
BEGIN;
INSERT INTO chg_leaf VALUES (1, 'outer');
SAVEPOINT a;
INSERT INTO chg_leaf SELECT n, 'inner' FROM generate_series(1001, 3500) n;
ROLLBACK TO a;
INSERT INTO chg_leaf VALUES (2, 'outer');
COMMIT;
SELECT * FROM pg_temp.sums();
BEGIN;
INSERT INTO chg_leaf SELECT n, 'outer' FROM generate_series(10, 1008) n;
SAVEPOINT a;
INSERT INTO chg_leaf SELECT n, 'inner' FROM generate_series(2001, 3500) n;
SAVEPOINT b;
INSERT INTO chg_leaf SELECT n, 'innermost' FROM generate_series(4001, 5500) n;
ROLLBACK TO b;
UPDATE chg_leaf SET t = 'updated' WHERE id = 10;
RELEASE a;
DELETE FROM chg_leaf WHERE id = 1008;
COMMIT;
SELECT * FROM pg_temp.sums();
BEGIN;
SAVEPOINT a;
INSERT INTO chg_leaf SELECT n, 'one' FROM generate_series(10001, 11500) n;
SAVEPOINT b;
INSERT INTO chg_leaf SELECT n, 'two' FROM generate_series(12001, 13500) n;
RELEASE b;
INSERT INTO chg_leaf VALUES (13501, 'three');
SAVEPOINT c;
INSERT INTO chg_leaf VALUES (13502, 'four');
ROLLBACK TO a;
SAVEPOINT d;
INSERT INTO chg_leaf VALUES (13503, 'five');
RELEASE d;
COMMIT;
SELECT * FROM pg_temp.sums();
-- Big rows, of which fewer are too many.
BEGIN;
INSERT INTO chg_leaf VALUES (20000, repeat('x', 1000));
SAVEPOINT a;
INSERT INTO chg_leaf SELECT n, repeat('y', 100000) FROM generate_series(20001, 20010) n;
ROLLBACK TO a;
INSERT INTO chg_leaf SELECT n, repeat('z', 100000) FROM generate_series(20011, 20014) n;
COMMIT;
SELECT * FROM pg_temp.sums();
-- In a trigger, where the statement that fired it is not at its end.
CREATE FUNCTION chg_inner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO chg_steps VALUES (NEW.id * 10000, NEW.id, 'kept');
  BEGIN
    INSERT INTO chg_steps SELECT NEW.id * 10000 + n, NEW.id, 'rolled back' FROM generate_series(1, 1500) n;
    RAISE 'inner';
  EXCEPTION WHEN raise_exception THEN NULL;
  END;
  BEGIN
    INSERT INTO chg_steps SELECT NEW.id * 10000 + n, NEW.id, 'released' FROM generate_series(2001, 3200) n;
  EXCEPTION WHEN raise_exception THEN NULL;
  END;
  RETURN NULL;
END $$;
CREATE TRIGGER zz_inner AFTER INSERT ON chg_notes FOR EACH ROW EXECUTE FUNCTION chg_inner();
INSERT INTO chg_notes VALUES (400, 'fires'), (401, 'fires');
DROP TRIGGER zz_inner ON chg_notes;
SELECT * FROM pg_temp.sums();
SELECT (SELECT count(*) FROM chg_steps WHERE job IN (400, 401)) = (SELECT count(*) FROM steward.audit_log WHERE rel_name = 'chg_steps' AND new_values ->> 'job' IN ('400', '401')) AS one_each;

-- All rows at once.
TRUNCATE chg_steps;
BEGIN;
TRUNCATE chg_children, chg_orphans;
ROLLBACK;
TRUNCATE chg_parents CASCADE;
BEGIN;
INSERT INTO chg_steps VALUES (1);
TRUNCATE chg_steps RESTART IDENTITY;
SAVEPOINT a;
TRUNCATE chg_steps;
ROLLBACK TO a;
INSERT INTO chg_steps VALUES (2);
COMMIT;
SELECT rel, action, key, old_values, new_values FROM pg_temp.news();

-- Counters' columns are no change of the row.
CREATE TABLE chg_counted (id int PRIMARY KEY, title text, hits bigint NOT NULL DEFAULT 0, seen timestamptz);
INSERT INTO chg_counted VALUES (1, 'a'), (2, 'b');
SELECT steward.audit_table('chg_counted');
SELECT steward.create_counter('chg_counted', 'hits', last_col => 'seen');
SELECT steward.hit('chg_counted', id, 5) FROM chg_counted;
CALL steward.fold_counters('chg_counted');
SELECT id, hits FROM chg_counted ORDER BY id;
SELECT steward.hit('chg_counted', 1, 2);
UPDATE chg_counted SET title = 'c' WHERE id = 1;
INSERT INTO chg_counted VALUES (3, 'd');
SELECT action, key, changed, old_values, new_values FROM pg_temp.news();
SELECT steward.drop_counter('chg_counted', 'hits');
UPDATE chg_counted SET hits = 1000 WHERE id = 1;
SELECT action, key, changed, old_values, new_values FROM pg_temp.news();

-- A session that plays a replica is recorded too.
SET session_replication_role = replica;
INSERT INTO chg_notes VALUES (600, 'replica');
UPDATE chg_notes SET size = 600 WHERE id = 600;
DELETE FROM chg_notes WHERE id = 600;
TRUNCATE chg_keyless;
RESET session_replication_role;
SELECT rel, action, key, old_values, new_values FROM pg_temp.news();

-- Declaring it again changes nothing; no longer, and again.
CREATE TEMP TABLE chg_was AS SELECT oid, tgrelid, tgname FROM pg_trigger WHERE tgname ~ '^steward';
SELECT steward.audit_table('chg_notes'), steward.audit_table('chg_parts'), steward.audit_table('chg_people');
SELECT count(*) FROM (TABLE chg_was EXCEPT SELECT oid, tgrelid, tgname FROM pg_trigger) t;
SELECT count(*) FROM (SELECT oid, tgrelid, tgname FROM pg_trigger WHERE tgname ~ '^steward' EXCEPT TABLE chg_was) t;
SELECT DISTINCT tgenabled FROM pg_trigger WHERE tgname ~ '^steward' AND tgrelid = 'chg_notes'::regclass AND tgfoid <> 'steward.audit_columns()'::regprocedure;
SELECT rel_id AS number FROM steward.audited_tables WHERE rel = 'chg_notes'::regclass \gset
SELECT steward.unaudit_table('chg_notes');
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'chg_notes'::regclass AND NOT tgisinternal;
INSERT INTO chg_notes VALUES (700, 'not recorded');
SELECT steward.audit_table('chg_notes');
SELECT rel_id = :number AS same, ignore_cols FROM steward.audited_tables WHERE rel = 'chg_notes'::regclass;
UPDATE chg_notes SET size = 700 WHERE id = 700;
SELECT action, key, old_values, new_values FROM pg_temp.news();
BEGIN;
UPDATE chg_notes SET size = 701 WHERE id = 700;
SELECT steward.unaudit_table('chg_notes');
UPDATE chg_notes SET size = 702 WHERE id = 700;
ROLLBACK;
UPDATE chg_notes SET size = 703 WHERE id = 700;
BEGIN;
UPDATE chg_notes SET size = 704 WHERE id = 700;
SELECT steward.unaudit_table('chg_notes');
UPDATE chg_notes SET size = 705 WHERE id = 700;
SAVEPOINT a;
SELECT steward.audit_table('chg_notes');
UPDATE chg_notes SET size = 706 WHERE id = 700;
ROLLBACK TO a;
UPDATE chg_notes SET size = 707 WHERE id = 700;
SELECT steward.audit_table('chg_notes');
UPDATE chg_notes SET size = 708 WHERE id = 700;
COMMIT;
SELECT action, key, old_values, new_values FROM pg_temp.news();
-- Made, recorded and altered in one transaction.
BEGIN;
CREATE TABLE chg_short (id int PRIMARY KEY, t text);
SELECT steward.audit_table('chg_short');
INSERT INTO chg_short VALUES (1, 'short');
ALTER TABLE chg_short RENAME TO chg_shorter;
INSERT INTO chg_shorter VALUES (2, 'shorter');
ALTER TABLE chg_shorter ADD added int DEFAULT 7, DROP t;
UPDATE chg_shorter SET added = id;
COMMIT;
SELECT rel, action, key, old_values, new_values FROM pg_temp.news();

-- Each record has its transaction, once.
SELECT count(*) FROM steward.audit_records r WHERE (SELECT count(*) FROM steward.audit_transactions t WHERE t.tx = r.tx) <> 1;
SELECT count(*) FROM steward.audit_transactions t WHERE NOT EXISTS (SELECT FROM steward.audit_records r WHERE r.tx = t.tx);
SELECT count(*) FROM (SELECT FROM steward.audit_records GROUP BY id HAVING count(*) > 1) t;
SELECT count(*) FROM steward.audit_gaps;

SELECT steward.unaudit_table(rel) FROM steward.audited_tables WHERE rel::text ~ '^chg_' \g /dev/null
DROP TABLE chg_notes, chg_pairs, chg_keyless, chg_long, chg_owned, chg_people, chg_parents, chg_children, chg_orphans, chg_steps, chg_parts, chg_counted, chg_shorter;
DROP FUNCTION chg_before, chg_after, chg_more, chg_inner;
SELECT count(*) FROM steward._audited a WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = a.rel);
