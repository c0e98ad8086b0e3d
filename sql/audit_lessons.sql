-- What was found by looking for it: what is hidden stays hidden, nobody is named for what he has not done, and nothing is taken for something else.
SET client_min_messages = warning;
-- A redacted column by all its names, also when it comes again by the last one, with a default.
CREATE TABLE aul_tokens (id int PRIMARY KEY, token text);
SELECT steward.audit_table('aul_tokens', redact_cols => '{token}', redact_as => 'mask') \g /dev/null
ALTER TABLE aul_tokens RENAME token TO secret;
ALTER TABLE aul_tokens DROP secret CASCADE;
ALTER TABLE aul_tokens ADD secret text DEFAULT 'aul_default';
INSERT INTO aul_tokens VALUES (1, 'aul_value');
SELECT new_values FROM steward.history('aul_tokens', 1);
SELECT (SELECT count(*) FROM steward.audit_records r WHERE r::text ~ 'aul_(value|default)') + (SELECT count(*) FROM steward._audit_versions v WHERE v::text ~ 'aul_(value|default)') AS shown;
-- A value that came while its column was ignored is nobody's, whoever set the one before.
CREATE TABLE aul_notes (id int PRIMARY KEY, x text, y text);
SELECT steward.audit_table('aul_notes', ignore_cols => '{y}', full_rows => true) \g /dev/null
BEGIN;
SELECT steward.set_actor('alice') \g /dev/null
INSERT INTO aul_notes VALUES (1, 'x', 'alice wrote');
COMMIT;
UPDATE aul_notes SET y = 'bob wrote';
SELECT steward.audit_table('aul_notes', ignore_cols => '{}') \g /dev/null
BEGIN;
SELECT steward.set_actor('carol') \g /dev/null
UPDATE aul_notes SET x = 'x2';
COMMIT;
SELECT col, value, actor FROM steward.blame('aul_notes', 1);
-- A row that goes to another tenant under another key: of what it was he sees the key, from partition to partition, too.
CREATE TABLE aul_things (id int, org text, v text, PRIMARY KEY (id));
CREATE TABLE aul_moving (id int, org text, v text, PRIMARY KEY (id, org)) PARTITION BY LIST (org);
CREATE TABLE aul_moving_1 PARTITION OF aul_moving FOR VALUES IN ('o1');
CREATE TABLE aul_moving_2 PARTITION OF aul_moving FOR VALUES IN ('o2');
SELECT steward.audit_table('aul_things', tenant_col => 'org'), steward.audit_table('aul_moving', tenant_col => 'org', full_rows => true) \g /dev/null
INSERT INTO aul_things VALUES (1, 'o1', 'secret of o1');
INSERT INTO aul_moving VALUES (1, 'o1', 'secret of o1');
UPDATE aul_things SET org = 'o2', id = 2, v = '';
UPDATE aul_moving SET org = 'o2', v = '';
SELECT rel_name, row_key, tenant, old_values, new_values FROM steward.audit_log WHERE rel_name IN ('aul_things', 'aul_moving') AND action = 'update' ORDER BY id;
SELECT h.row_key, steward.row_as_of('aul_things', h.row_key, 'infinity') FROM steward.history('aul_things', 2) h ORDER BY id;
SELECT steward.row_as_of('aul_things', 1, (SELECT at FROM steward.audit_log WHERE rel_name = 'aul_things' AND action = 'create'));
-- A key that looks like a digest is a key.
CREATE TABLE aul_keys (k text PRIMARY KEY, v int);
SELECT steward.audit_table('aul_keys') \g /dev/null
INSERT INTO aul_keys VALUES ('sha256:' || repeat('a', 64), 1), ('other', 1);
UPDATE aul_keys SET v = 2;
SELECT left(k, 10) AS k, v FROM steward.table_as_of(NULL::aul_keys, 'infinity') ORDER BY k;
SELECT action, changed FROM steward.history('aul_keys', 'sha256:' || repeat('a', 64));
-- Events of a resource are those of the table that had the name first, whatever somebody else calls his.
CREATE ROLE regress_aul_eve;
CREATE SCHEMA aul_eve AUTHORIZATION regress_aul_eve;
SELECT steward.audit_table('aul_things', resource => 'aul bees') \g /dev/null
SET ROLE regress_aul_eve;
CREATE TABLE aul_eve.mine (id int PRIMARY KEY);
SELECT steward.audit_table('aul_eve.mine', resource => 'aul bees') \g /dev/null
RESET ROLE;
SELECT steward.record_event('read', 'aul bees', '2') \g /dev/null
SELECT action FROM steward.history('aul_things', 2) ORDER BY id DESC LIMIT 1;
-- A record that could not be written takes nobody's name from those that could.
SET steward.audit_on_error = 'degrade';
SELECT tableoid::regclass AS month FROM steward.audit_records ORDER BY id DESC LIMIT 1 \gset
CREATE INDEX aul_refuses ON :month ((1 / CASE action WHEN 'aul_event' THEN 0 ELSE 1 END));
CREATE FUNCTION aul_tries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  BEGIN
    PERFORM steward.record_event('read', 'aul', '1');
    PERFORM steward.set_actor('another');
    PERFORM steward.record_event('aul_event', 'aul', '2');
    RAISE EXCEPTION 'roll back';
  EXCEPTION WHEN raise_exception THEN NULL;
  END;
  RETURN NULL;
END $$;
CREATE TRIGGER aul_tries AFTER INSERT ON aul_notes FOR EACH ROW EXECUTE FUNCTION aul_tries();
BEGIN;
SELECT steward.set_actor('who acts') \g /dev/null
SET LOCAL client_min_messages = error;
INSERT INTO aul_notes VALUES (2, 'x', 'y');
COMMIT;
SELECT action, actor FROM steward.history('aul_notes', 2);
-- Nor is a reader told less without a word.
DROP INDEX steward.aul_refuses;
CREATE INDEX aul_refuses ON :month ((1 / CASE row_key WHEN '["9", "o1"]' THEN 0 ELSE 1 END));
BEGIN;
INSERT INTO aul_moving_1 VALUES (9, 'o1', 'waits');
SAVEPOINT a;
SELECT count(*) AS shown FROM steward.history('aul_moving', '["9", "o1"]');
ROLLBACK TO a;
SET LOCAL client_min_messages = error;
COMMIT;
DROP INDEX steward.aul_refuses;
SET steward.audit_on_error = 'fail';
-- The log's tables may have columns of somebody's own; a month that cannot be written is an error, and no crash.
BEGIN;
ALTER TABLE steward.audit_records ADD aul_1 text, ADD aul_2 int, ADD aul_3 text, ADD aul_4 text, ADD aul_5 text, ADD aul_6 text, ADD aul_7 text, ADD aul_8 text;
INSERT INTO aul_keys VALUES ('wider', 1);
SELECT action, new_values, aul_1 FROM steward.audit_records ORDER BY id DESC LIMIT 1;
ROLLBACK;
BEGIN;
DO $$
DECLARE
  part regclass;
BEGIN
  FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'steward.audit_records'::regclass LOOP EXECUTE format('ALTER TABLE steward.audit_records DETACH PARTITION %s', part); END LOOP;
  EXECUTE format('CREATE TABLE steward.aul_month PARTITION OF steward.audit_records FOR VALUES FROM (%L) TO (%L) PARTITION BY LIST (tenant)', now() - interval '1 hour', now() + interval '1 hour');
END $$;
\set VERBOSITY sqlstate
INSERT INTO aul_keys VALUES ('nowhere', 1);
ROLLBACK;
\set VERBOSITY default
INSERT INTO aul_keys VALUES ('here', 1);
SELECT action, new_values FROM steward.history('aul_keys', 'here');
SELECT steward.unaudit_table('aul_tokens'), steward.unaudit_table('aul_notes'), steward.unaudit_table('aul_things'), steward.unaudit_table('aul_moving'),
  steward.unaudit_table('aul_keys'), steward.unaudit_table('aul_eve.mine') \g /dev/null
DELETE FROM steward.audit_gaps;
DROP TABLE aul_tokens, aul_notes, aul_things, aul_moving, aul_keys;
DROP FUNCTION aul_tries();
DROP SCHEMA aul_eve CASCADE;
DROP ROLE regress_aul_eve;
