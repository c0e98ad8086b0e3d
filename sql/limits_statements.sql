-- Rows of limited tables are decided by statement: one sum for each meter and subject, wherever its rows stand.
SET client_min_messages = warning;
SET steward.now = '2026-05-05 12:00+00';
CREATE TABLE tenants (id int PRIMARY KEY, tier text NOT NULL);
INSERT INTO tenants VALUES (1, 'few'), (2, 'few'), (3, 'many');
SELECT steward.define_tier('few', 0), steward.define_tier('many', 1), steward.bind_subjects('tenants', 'tier'),
  steward.define_meter('rows held', 'tenants', 'standing'), steward.define_meter('bytes held', 'tenants', 'standing'),
  steward.set_limit('few', 'rows held', 5), steward.set_limit('many', 'rows held', NULL),
  steward.set_limit('few', 'bytes held', 100), steward.set_limit('many', 'bytes held', NULL) \g /dev/null
CREATE TABLE things (id int PRIMARY KEY, tenant int, bytes bigint NOT NULL DEFAULT 1);
SELECT steward.limit_rows('things', 'tenant', 'rows held'), steward.limit_rows('things', 'tenant', 'bytes held', 'bytes') \g /dev/null
CREATE VIEW in_use AS SELECT t.id, u.meter, u.used FROM tenants t, LATERAL steward.usage(t.id, 'tenants') u WHERE u.used <> 0;

-- Two that are full change places.
INSERT INTO things SELECT n, 1 + n % 2 FROM generate_series(1, 10) n;
UPDATE things SET tenant = 3 - tenant;
SELECT * FROM in_use ORDER BY 1, 2;
-- One goes and another comes.
WITH gone AS (DELETE FROM things WHERE id = 1 RETURNING *) INSERT INTO things SELECT 11, tenant FROM gone;
MERGE INTO things t USING (VALUES (3), (12)) v (id) ON t.id = v.id
  WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (v.id, 1);
SELECT * FROM in_use ORDER BY 1, 2;

-- Who is over a limit that was lowered may shrink, and not grow.
UPDATE things SET bytes = 20 WHERE tenant = 2;
SELECT steward.set_limit('few', 'bytes held', 50) \g /dev/null
UPDATE things SET bytes = bytes - 1 WHERE tenant = 2;
UPDATE things SET bytes = bytes + CASE WHEN id = 4 THEN 9 ELSE -1 END WHERE tenant = 2;
SELECT * FROM in_use WHERE id = 2 ORDER BY 1, 2;
SELECT steward.set_limit('few', 'bytes held', 100) \g /dev/null

-- What is denied names every subject for which it is.
DELETE FROM things;
INSERT INTO things SELECT n, 1 + n % 2 FROM generate_series(1, 20) n;
INSERT INTO things VALUES (1, 1, 9223372036854775807), (2, 3, 9223372036854775807), (3, 3, 1);
INSERT INTO things SELECT n, 3 FROM generate_series(1, 1000) n;
SELECT * FROM in_use ORDER BY 1, 2;
SELECT * FROM steward.verify_limits();
DELETE FROM things;

-- A trigger's own statements inside another one, some of them undone.
CREATE FUNCTION twin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF new.id < 100 THEN
    BEGIN
      INSERT INTO things VALUES (new.id + 100, new.tenant);
      IF new.id % 2 = 0 THEN RAISE EXCEPTION 'no twin'; END IF;
    EXCEPTION WHEN raise_exception THEN NULL;
    END;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER twin AFTER INSERT ON things FOR EACH ROW EXECUTE FUNCTION twin();
INSERT INTO things VALUES (1, 1), (2, 1), (3, 1);
SELECT id FROM things ORDER BY 1;
SELECT * FROM in_use ORDER BY 1, 2;
INSERT INTO things VALUES (4, 1);
INSERT INTO things VALUES (5, 1);
SELECT * FROM in_use ORDER BY 1, 2;
SELECT * FROM steward.verify_limits();
-- What such a trigger sees is what it has written itself, and what came before the statement.
CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE WARNING 'row %: % used', new.id, (SELECT used FROM steward.usage(3, 'tenants') WHERE meter = 'rows held');
  RETURN NULL;
END $$;
DROP TRIGGER twin ON things;
CREATE TRIGGER zz_look AFTER INSERT ON things FOR EACH ROW EXECUTE FUNCTION look();
INSERT INTO things VALUES (201, 3), (202, 3);
DROP TRIGGER zz_look ON things;

-- A metered row that moves to another partition has counted already, whatever else the statement writes.
CREATE TABLE posts (id int, tenant int, public boolean, part int) PARTITION BY LIST (part);
CREATE TABLE posts_1 PARTITION OF posts FOR VALUES IN (1);
CREATE TABLE posts_2 PARTITION OF posts FOR VALUES IN (2);
SELECT steward.define_meter('posted', 'tenants', 'metered', 'month'), steward.set_limit('few', 'posted', 100) \g /dev/null
SELECT steward.limit_rows('posts', 'tenant', 'posted', condition => 'public');
INSERT INTO posts VALUES (1, 1, true, 1), (2, 1, false, 1);
SELECT used FROM in_use WHERE id = 1 AND meter = 'posted';
-- Both move: nothing comes to be public.
UPDATE posts SET part = 2;
SELECT used FROM in_use WHERE id = 1 AND meter = 'posted';
-- They move, and one becomes public while the other ceases to be.
UPDATE posts SET part = 1, public = NOT public;
SELECT used FROM in_use WHERE id = 1 AND meter = 'posted';
-- One moves and ceases to be public, and another comes.
MERGE INTO posts p USING (VALUES (2), (3)) v (id) ON p.id = v.id
  WHEN MATCHED THEN UPDATE SET part = 2, public = false WHEN NOT MATCHED THEN INSERT VALUES (v.id, 1, true, 1);
SELECT used FROM in_use WHERE id = 1 AND meter = 'posted';

-- A trigger of the platform's own between the two halves of a move changes nothing, and a row that never comes lends its place to none.
CREATE FUNCTION stumble() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  BEGIN
    PERFORM 1 / 0;
  EXCEPTION WHEN division_by_zero THEN NULL;
  END;
  RETURN NULL;
END $$;
CREATE TRIGGER stumble AFTER DELETE ON posts FOR EACH ROW EXECUTE FUNCTION stumble();
UPDATE posts SET part = 3 - part WHERE public;
SELECT used FROM in_use WHERE id = 1 AND meter = 'posted';
DROP TRIGGER stumble ON posts;
CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER swallow BEFORE INSERT ON posts_1 FOR EACH ROW EXECUTE FUNCTION swallow();
BEGIN;
UPDATE posts SET part = 1 WHERE part = 2 AND public;
INSERT INTO posts VALUES (9, 1, true, 2);
COMMIT;
SELECT used FROM in_use WHERE id = 1 AND meter = 'posted';
DROP TRIGGER swallow ON posts_1;

-- A subject and its first rows in one statement; a question from within one.
WITH newcomer AS (INSERT INTO tenants VALUES (4, 'few') RETURNING id) INSERT INTO things SELECT 300, id FROM newcomer;
DELETE FROM things;
INSERT INTO things SELECT n, 1 + n % 2 FROM generate_series(1, 10) n;
CREATE FUNCTION ask() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM steward.check_limit(new.tenant, 'rows held'); RETURN NULL; END $$;
CREATE TRIGGER zz_ask AFTER UPDATE ON things FOR EACH ROW EXECUTE FUNCTION ask();
UPDATE things SET tenant = 3 - tenant;
SELECT * FROM in_use WHERE meter = 'rows held' ORDER BY 1;
SELECT * FROM steward.verify_limits();

SELECT steward.unlimit_rows('posts', 'posted'), steward.unlimit_rows('things', 'rows held'), steward.unlimit_rows('things', 'bytes held'),
  steward.drop_meter('posted'), steward.drop_meter('rows held'), steward.drop_meter('bytes held'), steward.unbind_subjects('tenants'),
  steward.drop_tier('few'), steward.drop_tier('many') \g /dev/null
DROP VIEW in_use;
DROP TABLE posts, things, tenants;
DROP FUNCTION twin(), look(), stumble(), swallow(), ask();
