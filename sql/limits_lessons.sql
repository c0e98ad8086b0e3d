-- What once went wrong with limits, and must not again.
SET client_min_messages = warning;
CREATE TABLE keepers (id bigint PRIMARY KEY, tier text NOT NULL DEFAULT 'kept');
INSERT INTO keepers SELECT i FROM generate_series(1, 9) i;
CREATE TABLE papers (id bigint GENERATED ALWAYS AS IDENTITY, owner bigint REFERENCES keepers ON DELETE CASCADE ON UPDATE CASCADE);
CREATE TABLE tours (id int, owner bigint, month int) PARTITION BY LIST (month);
CREATE TABLE tours_1 PARTITION OF tours FOR VALUES IN (1);
SELECT steward.define_tier('kept', 0), steward.bind_subjects('keepers', 'tier'), steward.define_meter('papers', 'keepers', 'standing'),
  steward.define_meter('rings', 'keepers', 'metered', 'year'), steward.set_limit('kept', 'papers', 20), steward.set_limit('kept', 'rings', 10) \g /dev/null
SELECT steward.limit_rows('papers', 'owner', 'papers'), steward.limit_rows('tours', 'owner', 'papers') \g /dev/null

SELECT set_config('lessons.meter', id::text, false) FROM steward._meters WHERE meter = 'papers' \g /dev/null
-- A trigger that somebody makes on a table of his own reaches nobody's limit.
CREATE ROLE regress_steward_stranger;
CREATE SCHEMA strange AUTHORIZATION regress_steward_stranger;
SET ROLE regress_steward_stranger;
CREATE TABLE strange.numbers (o float8);
CREATE TABLE strange.others (o bigint);
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY '{numbers,others}'::text[] LOOP
    EXECUTE format($c$CREATE TRIGGER c AFTER UPDATE OF o ON strange.%I FOR EACH ROW WHEN (false) EXECUTE FUNCTION steward.count_rows(%L, 'columns')$c$, t, current_setting('lessons.meter'));
    EXECUTE format($c$CREATE TRIGGER d AFTER INSERT ON strange.%I FOR EACH ROW EXECUTE FUNCTION steward.count_rows(%L, 'insert')$c$, t, current_setting('lessons.meter'));
    EXECUTE format($c$CREATE TRIGGER e AFTER DELETE ON strange.%I FOR EACH ROW EXECUTE FUNCTION steward.count_rows(%L, 'delete')$c$, t, current_setting('lessons.meter'));
  END LOOP;
END $$;
INSERT INTO strange.numbers VALUES (1.5);
INSERT INTO strange.others VALUES (1);
DELETE FROM strange.others;
SELECT steward.limit_rows('strange.others', 'o', 'papers');
CREATE TRIGGER wrong AFTER INSERT ON strange.others FOR EACH ROW EXECUTE FUNCTION steward.count_rows('1000', 'delete');
INSERT INTO strange.others VALUES (1);
RESET ROLE;
SELECT used FROM steward.usage(1, 'keepers') WHERE meter = 'papers';
DROP SCHEMA strange CASCADE;
DROP ROLE regress_steward_stranger;

-- What is given back in a transaction that has removed a subject, or moved one.
INSERT INTO papers (owner) SELECT 1 FROM generate_series(1, 20);
BEGIN;
DELETE FROM keepers WHERE id = 9;
DELETE FROM papers WHERE owner = 1;
COMMIT;
INSERT INTO papers (owner) VALUES (1);
UPDATE keepers SET id = 31 WHERE id = 1;
INSERT INTO keepers VALUES (1);
INSERT INTO papers (owner) SELECT 1 FROM generate_series(1, 20);
SELECT id, used FROM keepers, LATERAL steward.usage(id, 'keepers') WHERE meter = 'papers' AND used <> 0 ORDER BY id;
SELECT used, held, giving FROM steward._limit_cells WHERE held <> 0 OR giving <> 0;

-- Rows that are counted in a savepoint which is released, before another that is rolled back.
BEGIN;
SAVEPOINT a;
INSERT INTO tours_1 SELECT n, 2, 1 FROM generate_series(1, 3) n;
RELEASE a;
SAVEPOINT b;
ROLLBACK TO b;
COMMIT;
SELECT used, held FROM steward.usage(2, 'keepers') WHERE meter = 'papers';
SELECT * FROM steward.verify_limits();

-- What this transaction has used, and writes when it commits, is no difference.
BEGIN;
INSERT INTO papers (owner) VALUES (2);
SELECT * FROM steward.verify_limits();
ROLLBACK;

-- An idempotency key goes with its subject, and with its key.
SELECT steward.consume(3, 'rings', 2, 'k'), steward.consume(4, 'rings', 2, 'k');
DELETE FROM keepers WHERE id = 3;
INSERT INTO keepers VALUES (3);
UPDATE keepers SET id = 44 WHERE id = 4;
SELECT steward.consume(3, 'rings', 3, 'k'), steward.consume(44, 'rings', 2, 'k');
SELECT id, used FROM keepers, LATERAL steward.usage(id, 'keepers') WHERE meter = 'rings' AND used <> 0 ORDER BY id;

-- What was used before goes along with a key that changes in a transaction which has consumed.
BEGIN;
SELECT steward.consume(44, 'rings');
UPDATE keepers SET id = 45 WHERE id = 44;
SELECT used FROM steward.usage(45, 'keepers') WHERE meter = 'rings';
COMMIT;
SELECT used FROM steward.usage(45, 'keepers') WHERE meter = 'rings';
SELECT steward.try_consume(45, 'rings', 3), steward.try_consume(45, 'rings', 2);

-- A condition with names of the user's own schemas.
CREATE TYPE state AS ENUM ('draft', 'live');
CREATE TABLE sheets (owner bigint, state state);
SELECT steward.define_meter('lively', 'keepers', 'standing'), steward.set_limit('kept', 'lively', 1) \g /dev/null
SELECT steward.limit_rows('sheets', 'owner', 'lively', condition => $$state IN ('live')$$);
INSERT INTO sheets VALUES (1, 'live'), (1, 'draft');
INSERT INTO sheets VALUES (1, 'live');
SELECT * FROM steward.verify_limits();

-- A meter that tables are declared for stays what it is, and is dropped after them, or once they are gone.
SELECT steward.define_meter('lively', kind => 'metered', subjects => NULL, period => 'day');
SELECT steward.drop_meter('lively');
DROP TABLE sheets;
SELECT steward.drop_meter('lively');

SELECT steward.unlimit_rows('papers', 'papers'), steward.unlimit_rows('tours', 'papers'), steward.drop_meter('papers'), steward.drop_meter('rings'),
  steward.unbind_subjects('keepers'), steward.drop_tier('kept') \g /dev/null
DROP TABLE papers, tours, keepers;
DROP TYPE state;
