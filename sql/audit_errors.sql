-- What cannot be audited, who may not, and what happens when the log cannot be written.
SET client_min_messages = warning;
\pset null NULL
CREATE ROLE regress_aue_owner;
CREATE ROLE regress_aue_other;
GRANT CREATE ON SCHEMA public TO regress_aue_owner, regress_aue_other;
GRANT regress_aue_owner, regress_aue_other TO CURRENT_USER;

-- Not such a column.
CREATE TABLE aue_notes (id int PRIMARY KEY, a text, gone int, b text, c text, made int GENERATED ALWAYS AS (length(a)) STORED);
ALTER TABLE aue_notes DROP gone;
SELECT * FROM refusal($$SELECT steward.audit_table('aue_notes', ignore_cols => '{a,nothing}')$$);
SELECT * FROM refusal($$SELECT steward.audit_table('aue_notes', redact_cols => '{"........pg.dropped.3........"}')$$);
SELECT * FROM refusal($$SELECT steward.audit_table('aue_notes', redact_cols => '{ctid}')$$);
SELECT * FROM refusal($$SELECT steward.audit_table('aue_notes', tenant_col => 'tableoid')$$);
SELECT * FROM refusal($$SELECT steward.audit_table('aue_notes', ignore_cols => '{A}')$$);
SELECT * FROM refusal($$SELECT steward.audit_table('aue_notes', ignore_cols => ARRAY[NULL]::name[])$$);
SELECT * FROM refusal($$SELECT steward.audit_table('aue_notes', ignore_cols => '{a,a}')$$);
SELECT * FROM refusal($$SELECT steward.audit_table('aue_notes', ignore_cols => '{{a,b},{c,c}}')$$);
SELECT * FROM refusal($$SELECT steward.audit_table('aue_notes', tenant_col => 'nothing')$$);
SELECT * FROM refusal($$SELECT steward.audit_table('aue_notes', redact_cols => '{id}')$$);
SELECT * FROM refusal($$SELECT steward.audit_table('aue_notes', ignore_cols => '{id}')$$);
SELECT * FROM refusal($$SELECT steward.audit_table('aue_notes', ignore_cols => '{a}', redact_cols => '{b,a}')$$);
SELECT * FROM refusal($$SELECT steward.audit_table('aue_notes', redact_cols => '{b}', tenant_col => 'b')$$);
SELECT * FROM refusal($$SELECT steward.audit_table('aue_notes', redact_as => 'rot13')$$);
SELECT * FROM refusal($$SELECT steward.audit_table('aue_notes', redact_as => '')$$);
SELECT * FROM refusal($$SELECT steward.audit_table('aue_notes', redact_as => 'HASH')$$);
-- Nor what an earlier declaration has said.
SELECT steward.audit_table('aue_notes', redact_cols => '{b}');
SELECT * FROM refusal($$SELECT steward.audit_table('aue_notes', ignore_cols => '{b}')$$);
SELECT * FROM refusal($$SELECT steward.audit_table('aue_notes', tenant_col => 'b')$$);
SELECT rel, ignore_cols, redact_cols, redact_as, full_rows, tenant_col FROM steward.audited_tables WHERE rel = 'aue_notes'::regclass;

-- Not such a table.
CREATE VIEW aue_view AS SELECT * FROM aue_notes;
CREATE MATERIALIZED VIEW aue_matview AS SELECT * FROM aue_notes;
CREATE SEQUENCE aue_sequence;
CREATE TEMP TABLE aue_temp (id int PRIMARY KEY);
CREATE FOREIGN DATA WRAPPER aue_wrapper;
CREATE SERVER aue_server FOREIGN DATA WRAPPER aue_wrapper;
CREATE FOREIGN TABLE aue_foreign (id int) SERVER aue_server;
CREATE TABLE aue_parts (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE aue_parts_1 PARTITION OF aue_parts FOR VALUES FROM (1) TO (100) PARTITION BY RANGE (id);
CREATE TABLE aue_parts_1a PARTITION OF aue_parts_1 FOR VALUES FROM (1) TO (100);
CREATE TABLE aue_mixed (id int) PARTITION BY LIST (id);
CREATE FOREIGN TABLE aue_mixed_1 PARTITION OF aue_mixed FOR VALUES IN (1) SERVER aue_server;
SELECT t, r.* FROM unnest('{aue_view,aue_matview,aue_sequence,aue_notes_pkey,aue_foreign,aue_mixed,aue_parts_1,aue_parts_1a,pg_catalog.pg_class,steward.audit_records,
  steward.audit_records_default,steward.audit_transactions,steward._audited,steward.audit_log,steward.series}'::text[]) WITH ORDINALITY u (t, n), LATERAL refusal(format('SELECT steward.audit_table(%L)', t)) r ORDER BY n;
SELECT regexp_replace(r, 'pg_temp_\d+', 'pg_temp') FROM refusal($$SELECT steward.audit_table('aue_temp')$$) r;
SELECT * FROM refusal($$SELECT steward.audit_table('aue_nowhere')$$);
SELECT * FROM refusal($$SELECT steward.audit_table(NULL)$$);
SELECT * FROM refusal($$SELECT steward.audit_table(4294967295::oid)$$);
SELECT * FROM refusal($$SELECT steward.unaudit_table('aue_parts')$$);
SELECT * FROM refusal($$SELECT steward.unaudit_table('aue_view')$$);
SELECT * FROM refusal($$SELECT steward.unaudit_table('steward.audit_records')$$);
SELECT count(*) FROM steward.unaudit_table(NULL) u WHERE u IS NOT NULL;
BEGIN READ ONLY;
SELECT * FROM refusal($$SELECT steward.audit_table('aue_parts')$$);
SELECT * FROM refusal($$SELECT steward.unaudit_table('aue_notes')$$);
COMMIT;
-- What is said of a table that is not quite as it should be.
CREATE UNLOGGED TABLE aue_unlogged (id int);
CREATE TABLE aue_parent (id int PRIMARY KEY);
CREATE TABLE aue_child () INHERITS (aue_parent);
SET client_min_messages = notice;
SELECT steward.audit_table('aue_unlogged');
SELECT steward.audit_table('aue_unlogged');
SELECT steward.audit_table('aue_parent');
SET client_min_messages = warning;
INSERT INTO aue_parent VALUES (1);
INSERT INTO aue_child VALUES (2);
UPDATE aue_parent SET id = id + 10;
SELECT rel_name, action, row_key FROM steward.audit_log WHERE rel_name ~ '^aue_(parent|child)' ORDER BY id;

-- Who may.
ALTER TABLE aue_notes OWNER TO regress_aue_owner;
SET ROLE regress_aue_other;
SELECT * FROM refusal($$SELECT steward.audit_table('aue_notes')$$);
SELECT * FROM refusal($$SELECT steward.unaudit_table('aue_notes')$$);
SELECT * FROM refusal($$SELECT count(*) FROM steward.audited_tables$$);
SELECT * FROM refusal($$SELECT count(*) FROM steward.audit_log$$);
SELECT * FROM refusal($$SELECT steward.audit_row()$$);
SELECT * FROM refusal($$SELECT steward.audit_columns()$$);
SET ROLE regress_aue_owner;
SELECT steward.audit_table('aue_notes', tenant_col => 'c');
INSERT INTO aue_notes VALUES (1, 'a', 'b', 'c');
GRANT ALL ON aue_notes TO regress_aue_other;
SET ROLE regress_aue_other;
UPDATE aue_notes SET a = 'other' WHERE id = 1;
RESET ROLE;
SELECT action, row_key, tenant, role FROM steward.audit_log WHERE rel_name = 'aue_notes' ORDER BY id;
SELECT rel_id AS theirs FROM steward.audited_tables WHERE rel = 'aue_notes'::regclass \gset

-- A trigger of one's own writes nothing into the records of others.
SET ROLE regress_aue_other;
CREATE TABLE aue_forged (id int PRIMARY KEY, a text);
CREATE TRIGGER forged AFTER INSERT OR UPDATE OR DELETE ON aue_forged FOR EACH ROW EXECUTE FUNCTION steward.audit_row(:theirs);
CREATE TRIGGER forged_truncate BEFORE TRUNCATE ON aue_forged FOR EACH STATEMENT EXECUTE FUNCTION steward.audit_truncate(:theirs);
CREATE TRIGGER forged_end AFTER INSERT ON aue_forged FOR EACH STATEMENT EXECUTE FUNCTION steward.audit_statement(:theirs);
CREATE TRIGGER forged_none AFTER INSERT ON aue_forged FOR EACH ROW EXECUTE FUNCTION steward.audit_row();
CREATE TRIGGER forged_odd AFTER INSERT ON aue_forged FOR EACH ROW EXECUTE FUNCTION steward.audit_row('99999999999999999999', 'x');
INSERT INTO aue_forged VALUES (1, 'forged');
UPDATE aue_forged SET a = 'x';
DELETE FROM aue_forged;
TRUNCATE aue_forged;
-- Not either where the table has records of its own.
SELECT steward.audit_table('aue_forged');
INSERT INTO aue_forged VALUES (2, 'mine');
UPDATE aue_forged SET a = 'x';
DELETE FROM aue_forged;
TRUNCATE aue_forged;
CREATE TABLE aue_timing (id int);
CREATE TRIGGER wrong BEFORE INSERT ON aue_timing FOR EACH ROW EXECUTE FUNCTION steward.audit_row(:theirs);
SELECT * FROM refusal('INSERT INTO aue_timing VALUES (1)');
DROP TRIGGER wrong ON aue_timing;
CREATE TRIGGER wrong AFTER INSERT ON aue_timing FOR EACH STATEMENT EXECUTE FUNCTION steward.audit_row(:theirs);
SELECT * FROM refusal('INSERT INTO aue_timing VALUES (1)');
DROP TRIGGER wrong ON aue_timing;
CREATE TRIGGER wrong BEFORE INSERT ON aue_timing FOR EACH STATEMENT EXECUTE FUNCTION steward.audit_statement();
SELECT * FROM refusal('INSERT INTO aue_timing VALUES (1)');
DROP TRIGGER wrong ON aue_timing;
CREATE TRIGGER wrong AFTER INSERT ON aue_timing FOR EACH ROW EXECUTE FUNCTION steward.audit_truncate(:theirs);
SELECT * FROM refusal('INSERT INTO aue_timing VALUES (1)');
SELECT * FROM refusal('CREATE TRIGGER guard BEFORE INSERT ON aue_timing FOR EACH STATEMENT EXECUTE FUNCTION steward._guard_audit()');
RESET ROLE;
SELECT rel_name, action, row_key, new_values FROM steward.audit_log WHERE rel_name IN ('aue_forged', 'aue_timing') OR (rel_name = 'aue_notes' AND row_key <> '1') ORDER BY id;

-- Nobody adds to the log, or changes it.
SET ROLE regress_aue_other;
SELECT * FROM refusal('INSERT INTO steward.audit_records (id) VALUES (1)');
SELECT * FROM refusal('SELECT nextval(''steward._audit_ids'')');
SELECT * FROM refusal('DELETE FROM steward._audited');
RESET ROLE;
SELECT * FROM refusal('DELETE FROM steward.audit_records');
SELECT * FROM refusal('UPDATE steward.audit_transactions SET actor = NULL');
SELECT * FROM refusal('TRUNCATE steward.audit_records_default');
SET session_replication_role = replica;
SELECT * FROM refusal('DELETE FROM steward.audit_records_default');
RESET session_replication_role;

-- A log that cannot be written: an index of this month that refuses some rows.
CREATE TABLE aue_policy (id text PRIMARY KEY, n int);
CREATE TABLE aue_leaves (id text PRIMARY KEY, n int) PARTITION BY HASH (id);
CREATE TABLE aue_leaf PARTITION OF aue_leaves FOR VALUES WITH (MODULUS 1, REMAINDER 0);
SELECT steward.audit_table('aue_policy'), steward.audit_table('aue_leaves');
INSERT INTO aue_policy VALUES ('before', 1);
DO $$ BEGIN EXECUTE format('CREATE INDEX aue_refuses ON %s ((1 / CASE row_key WHEN ''poison'' THEN 0 ELSE 1 END))', (SELECT r.tableoid::regclass FROM steward.audit_records r ORDER BY id DESC LIMIT 1)); END $$;
CREATE FUNCTION aue_log(OUT rel text, OUT action text, OUT key text) RETURNS SETOF record LANGUAGE sql AS $$
  SELECT rel_name, action, row_key FROM steward.audit_log WHERE rel_name IN ('aue_policy', 'aue_leaves') ORDER BY id $$;
-- fail: the write fails.
INSERT INTO aue_policy VALUES ('poison', 1);
INSERT INTO aue_policy VALUES ('good', 1), ('poison', 1);
INSERT INTO aue_leaf VALUES ('poison', 1);
BEGIN;
INSERT INTO aue_leaf VALUES ('good leaf', 1);
SAVEPOINT a;
INSERT INTO aue_leaf VALUES ('poison', 1);
COMMIT;
BEGIN;
INSERT INTO aue_policy VALUES ('good', 1);
SAVEPOINT a;
INSERT INTO aue_policy VALUES ('poison', 1);
ROLLBACK TO a;
INSERT INTO aue_policy VALUES ('better', 1);
COMMIT;
SELECT id FROM aue_policy UNION ALL SELECT id FROM aue_leaves ORDER BY 1;
SELECT * FROM aue_log();
SELECT count(*) FROM steward.audit_gaps;
-- degrade: it goes on, and is missing.
SET ROLE regress_aue_other;
SELECT * FROM refusal($$SET steward.audit_on_error = 'degrade'$$) LIMIT 1;
SELECT * FROM refusal($$SET steward.audit_require_actor = off$$) LIMIT 1;
RESET ROLE;
SET steward.audit_on_error = 'degrade';
INSERT INTO aue_policy VALUES ('poison', 1);
INSERT INTO aue_policy VALUES ('with', 1), ('another', 1);
UPDATE aue_policy SET n = 2 WHERE id IN ('poison', 'with');
INSERT INTO aue_leaf VALUES ('poison', 100);
BEGIN;
INSERT INTO aue_leaf VALUES ('outer', 100);
SAVEPOINT a;
UPDATE aue_leaf SET n = 200 WHERE id = 'poison';
ROLLBACK TO a;
SAVEPOINT b;
DELETE FROM aue_leaf WHERE id = 'outer';
INSERT INTO aue_policy VALUES ('within', 1);
RELEASE b;
COMMIT;
BEGIN;
SAVEPOINT a;
UPDATE aue_policy SET n = 4 WHERE id = 'poison';
ROLLBACK TO a;
INSERT INTO aue_policy VALUES ('after', 1);
COMMIT;
BEGIN;
DELETE FROM aue_policy WHERE id = 'poison';
ROLLBACK;
BEGIN;
UPDATE aue_leaf SET n = 300 WHERE id = 'poison';
SAVEPOINT a;
INSERT INTO aue_policy VALUES ('beside', 1);
COMMIT;
SELECT id, n FROM aue_policy UNION ALL SELECT id, n FROM aue_leaves ORDER BY 1, 2;
SELECT * FROM aue_log();
SELECT v.rel_name, g.records, g.sqlstate FROM steward.audit_gaps g JOIN LATERAL (SELECT rel_name FROM steward._audit_versions v WHERE v.rel_id = g.rel_id LIMIT 1) v ON true ORDER BY g.at;
SELECT count(*) FROM steward.audit_records r WHERE (SELECT count(*) FROM steward.audit_transactions t WHERE t.tx = r.tx) <> 1;
-- Many of them, with savepoints and partitions, and one that fails in the midst.
BEGIN;
INSERT INTO aue_leaf SELECT n::text, n FROM generate_series(1, 1500) n;
SAVEPOINT a;
INSERT INTO aue_leaf SELECT n::text, n FROM generate_series(2001, 3500) n;
ROLLBACK TO a;
DELETE FROM aue_leaf WHERE n <= 10;
COMMIT;
SELECT action, count(*) FROM aue_log() WHERE rel = 'aue_leaves' AND key ~ '^\d' GROUP BY 1 ORDER BY 1;
-- Also that a row is gone which a trigger has kept from arriving in another partition: what is found out when the statement ends.
CREATE TABLE aue_moving (id int, part int, PRIMARY KEY (id, part)) PARTITION BY LIST (part);
CREATE TABLE aue_moving_0 PARTITION OF aue_moving FOR VALUES IN (0);
CREATE TABLE aue_moving_1 PARTITION OF aue_moving FOR VALUES IN (1);
CREATE FUNCTION aue_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER aue_refuse BEFORE INSERT ON aue_moving_1 FOR EACH ROW EXECUTE FUNCTION aue_refuse();
SELECT steward.audit_table('aue_moving') \g /dev/null
INSERT INTO aue_moving VALUES (1, 0), (2, 0);
DO $$ BEGIN EXECUTE format('ALTER SEQUENCE steward._audit_ids MAXVALUE %s', (SELECT last_value FROM steward._audit_ids)); END $$;
SELECT count(*) AS gaps FROM steward.audit_gaps WHERE sqlstate = '2200H' \gset
UPDATE aue_moving SET part = 1 WHERE id = 1;
SET steward.audit_require_actor = on;
SELECT * FROM refusal($$UPDATE aue_moving SET part = 1 WHERE id = 2$$) LIMIT 1;
RESET steward.audit_require_actor;
SET steward.audit_on_error = 'fail';
SELECT left(code, 5) AS code FROM refusal($$UPDATE aue_moving SET part = 1 WHERE id = 2$$) r (code) LIMIT 1;
SET steward.audit_on_error = 'degrade';
ALTER SEQUENCE steward._audit_ids NO MAXVALUE;
SELECT * FROM aue_moving;
DROP TABLE aue_moving;
SELECT count(*) - :gaps AS gaps, max(records) AS records FROM steward.audit_gaps WHERE sqlstate = '2200H';
-- Who acts has to be said under any policy.
SET steward.audit_require_actor = on;
SELECT * FROM refusal($$INSERT INTO aue_policy VALUES ('nobody', 1)$$);
SELECT * FROM refusal($$TRUNCATE aue_policy$$);
SELECT * FROM refusal($$UPDATE aue_policy SET n = n$$);
SELECT * FROM refusal($$UPDATE aue_leaf SET n = n + 1 WHERE id = 'poison'$$);
SET steward.audit_on_error = 'fail';
SELECT * FROM refusal($$INSERT INTO aue_policy VALUES ('nobody', 1)$$);
SELECT * FROM refusal($$DELETE FROM aue_leaf$$);
SELECT * FROM refusal($$SELECT steward.record_event('read', 'aue_policy', 'x')$$);
BEGIN;
SELECT steward.set_actor('somebody');
INSERT INTO aue_policy VALUES ('somebody', 1);
COMMIT;
SELECT * FROM refusal($$INSERT INTO aue_policy VALUES ('nobody', 1)$$) LIMIT 1;
RESET steward.audit_require_actor;
SELECT actor FROM steward.audit_log WHERE rel_name = 'aue_policy' ORDER BY id DESC LIMIT 1;
SELECT count(*) FROM steward.audit_gaps g JOIN steward._audit_versions v USING (rel_id) WHERE v.rel_name = 'aue_policy';

RESET steward.audit_on_error;
DROP INDEX steward.aue_refuses;
SELECT steward.unaudit_table(rel) FROM steward.audited_tables WHERE rel::text ~ '^aue_' \g /dev/null
DROP VIEW aue_view;
DROP MATERIALIZED VIEW aue_matview;
DROP TABLE aue_notes, aue_parts, aue_mixed, aue_unlogged, aue_child, aue_parent, aue_forged, aue_timing, aue_policy, aue_leaves;
DROP SEQUENCE aue_sequence;
DROP FUNCTION aue_log;
DROP FOREIGN TABLE aue_foreign;
DROP SERVER aue_server;
DROP FOREIGN DATA WRAPPER aue_wrapper;
DELETE FROM steward.audit_gaps;
REVOKE CREATE ON SCHEMA public FROM regress_aue_owner, regress_aue_other;
DROP ROLE regress_aue_owner, regress_aue_other;
