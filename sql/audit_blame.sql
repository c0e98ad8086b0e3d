-- Who set what, where records are of whole rows: a value stays whose it was until somebody sets another one, whatever the row is called.
SET client_min_messages = warning;
CREATE TABLE aub_rows (id int PRIMARY KEY, a int, c int);
SELECT steward.audit_table('aub_rows', full_rows => true) \g /dev/null
CREATE PROCEDURE aub_as(who text, VARIADIC statements text[]) LANGUAGE plpgsql AS $$
DECLARE
  statement text;
BEGIN
  PERFORM steward.set_actor(who);
  FOREACH statement IN ARRAY statements LOOP EXECUTE statement; END LOOP;
END $$;
CALL aub_as('maker', 'INSERT INTO aub_rows VALUES (1, 1, 1), (2, 2, 2)');
CALL aub_as('second', 'UPDATE aub_rows SET a = 2');
CALL aub_as('renamer', 'ALTER TABLE aub_rows RENAME c TO d', 'ALTER TABLE aub_rows ADD e int DEFAULT 5');
CALL aub_as('mover', 'UPDATE aub_rows SET id = 3, a = 4 WHERE id = 1', 'UPDATE aub_rows SET id = 5 WHERE id = 2', 'UPDATE aub_rows SET id = 2 WHERE id = 5');
SELECT id, col, value, actor FROM (VALUES (3), (2)) r (id), LATERAL steward.blame('aub_rows', id);
-- A row that is gone, or is called otherwise, as it was before.
CALL aub_as('remover', 'DELETE FROM aub_rows');
SELECT id, col, value, actor FROM (VALUES (3), (1)) r (id), LATERAL steward.blame('aub_rows', id);
-- One that comes again is another one.
CALL aub_as('another', 'INSERT INTO aub_rows VALUES (3, 7, 7, 7)', 'UPDATE aub_rows SET a = 8');
CALL aub_as('truncater', 'TRUNCATE aub_rows');
SELECT col, value, actor FROM steward.blame('aub_rows', 3);
-- What a transaction has done is seen in its savepoints, too, and is there once in the end, whatever becomes of them.
CREATE TABLE aub_parts (id int PRIMARY KEY, v text) PARTITION BY LIST (id);
CREATE TABLE aub_part PARTITION OF aub_parts DEFAULT;
SELECT steward.audit_table('aub_parts') \g /dev/null
INSERT INTO aub_parts VALUES (1, 'begun'), (2, 'begun');
BEGIN;
UPDATE aub_part SET v = 'outer' WHERE id = 1;
SAVEPOINT a;
SELECT steward.row_as_of('aub_parts', 1, 'infinity');
UPDATE aub_part SET v = 'inner' WHERE id = 1;
SAVEPOINT b;
SELECT v FROM steward.table_as_of(NULL::aub_parts, 'infinity') ORDER BY id;
ROLLBACK TO b;
SELECT action, old_values, new_values FROM steward.history('aub_parts', 1);
RELEASE a;
SAVEPOINT c;
TRUNCATE aub_part;
SAVEPOINT d;
SELECT steward.row_as_of('aub_parts', 1, 'infinity') AS truncated;
SELECT col, value FROM steward.blame('aub_parts', 2);
ROLLBACK TO c;
SELECT steward.row_as_of('aub_parts', 1, 'infinity') AS again;
SAVEPOINT e;
UPDATE aub_part SET v = 'last' WHERE id = 2;
SAVEPOINT f;
SELECT steward.row_as_of('aub_parts', 2, 'infinity');
RELEASE f;
SAVEPOINT g;
SELECT steward.row_as_of('aub_parts', 2, 'infinity');
COMMIT;
SELECT h.action, h.old_values, h.new_values FROM (VALUES (1), (2)) r (id), LATERAL steward.history('aub_parts', r.id) h ORDER BY h.id;
SELECT count(*) AS without_transaction FROM steward.audit_records r WHERE (SELECT count(*) FROM steward.audit_transactions t WHERE t.tx = r.tx) <> 1;
-- A trigger that asks within a block of its own sees the change that it is called for.
CREATE FUNCTION aub_ask() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  BEGIN
    RAISE NOTICE 'the log has %', steward.row_as_of('aub_parts', NEW.id, 'infinity') ->> 'v';
  EXCEPTION WHEN division_by_zero THEN NULL;
  END;
  RETURN NULL;
END $$;
CREATE TRIGGER aub_ask AFTER UPDATE ON aub_parts FOR EACH ROW EXECUTE FUNCTION aub_ask();
SET client_min_messages = notice;
UPDATE aub_parts SET v = 'asked ' || id;
SET client_min_messages = warning;
SELECT count(*) AS records FROM steward.history('aub_parts', 2) WHERE new_values ->> 'v' = 'asked 2';
SELECT steward.unaudit_table('aub_rows'), steward.unaudit_table('aub_parts') \g /dev/null
DROP TABLE aub_rows, aub_parts;
DROP PROCEDURE aub_as(text, text[]);
DROP FUNCTION aub_ask();
