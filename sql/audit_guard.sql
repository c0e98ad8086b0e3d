-- Nothing in the log is changed, and only steward adds to it; and its months.
SET client_min_messages = warning;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
CREATE ROLE regress_guard_writer;
SELECT steward.record_event('read', 'regress_guard', '1') \g /dev/null
GRANT USAGE ON SCHEMA steward TO regress_guard_writer;
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON steward.audit_records, steward.audit_transactions, steward.audit_records_default TO regress_guard_writer;
RESET client_min_messages;

-- Not even its owner.
\set VERBOSITY sqlstate
UPDATE steward.audit_records SET row_key = '2';
\set VERBOSITY default
UPDATE steward.audit_records SET row_key = '2' WHERE false;
DELETE FROM steward.audit_records WHERE action = 'read';
TRUNCATE steward.audit_records;
UPDATE steward.audit_transactions SET actor = 'x';
DELETE FROM steward.audit_transactions;
TRUNCATE steward.audit_transactions;
UPDATE steward.audit_records_default SET row_key = '2';
DELETE FROM steward.audit_records_default;
TRUNCATE steward.audit_records_default;
DELETE FROM steward.audit_transactions_default;
MERGE INTO steward.audit_records r USING (VALUES (1)) v (n) ON r.rel_id = -1 WHEN MATCHED THEN DELETE;
SET session_replication_role = replica;
DELETE FROM steward.audit_records;
RESET session_replication_role;

-- Adding is for a dump, which its owner restores.
SET ROLE regress_guard_writer;
INSERT INTO steward.audit_records (id, at, tx, seq, rel_id, action) VALUES (1, now(), 1, 1, 1, 'read');
INSERT INTO steward.audit_records_default (id, at, tx, seq, rel_id, action) VALUES (1, now(), 1, 1, 1, 'read');
COPY steward.audit_transactions FROM stdin;
\.
DELETE FROM steward.audit_records;
RESET ROLE;
BEGIN;
INSERT INTO steward.audit_records (id, at, tx, seq, rel_id, action) VALUES (-1, '2000-01-01', -1, 1, -1, 'read');
SELECT tableoid::regclass, id FROM steward.audit_records WHERE id = -1;
ROLLBACK;

-- A month has the indexes and triggers of the default partition, and is nobody's by default privileges.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT steward.unmanage_partitions(rel) FROM steward.partition_sets WHERE rel::text LIKE 'steward.audit%';
SET LOCAL steward.now = '2030-05-05';
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;
SELECT steward.manage_partitions('steward.audit_records', every => '1 month', premake => 1, time_zone => 'UTC', since => '2030-05-01');
SELECT steward.manage_partitions('steward.audit_transactions', every => '1 month', premake => 0, time_zone => 'UTC', since => '2030-05-01');
SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_class c WHERE relname ~ '^audit_.*_y2030' AND relkind = 'r' ORDER BY 1;
SELECT regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING', i.indrelid::regclass || ' USING') AS index FROM pg_index i
  WHERE indrelid::regclass::text ~ '^steward.audit_.*_y2030' ORDER BY 1;
SELECT pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE tgrelid::regclass::text ~ '^steward.audit_.*_y2030' ORDER BY 1;
SELECT has_table_privilege('public', 'steward.audit_records_y2030m05', 'SELECT') AS readable_by_all;
INSERT INTO steward.audit_records (id, at, tx, seq, rel_id, action) VALUES (-1, '2030-05-31 23:30+00', -1, 1, -1, 'read');
SELECT tableoid::regclass, id FROM steward.audit_records WHERE id = -1;
SAVEPOINT s;
DELETE FROM steward.audit_records_y2030m05;
ROLLBACK TO s;
-- Also when it is no part of the log any more.
ALTER TABLE steward.audit_records DETACH PARTITION steward.audit_records_y2030m05;
SAVEPOINT s;
DELETE FROM steward.audit_records_y2030m05;
ROLLBACK TO s;
DROP TABLE steward.audit_records_y2030m05;
ROLLBACK;

-- The guard is for the log.
CREATE TABLE regress_guard_other (a int);
CREATE TRIGGER guard BEFORE DELETE ON regress_guard_other FOR EACH STATEMENT EXECUTE FUNCTION steward._guard_audit();
DELETE FROM regress_guard_other;
DROP TRIGGER guard ON regress_guard_other;
SET ROLE regress_guard_writer;
CREATE TEMP TABLE mine (a int);
CREATE TRIGGER guard BEFORE DELETE ON mine FOR EACH STATEMENT EXECUTE FUNCTION steward._guard_audit();
RESET ROLE;
SELECT steward._guard_audit();

DROP TABLE regress_guard_other, mine;
REVOKE ALL ON steward.audit_records, steward.audit_transactions, steward.audit_records_default FROM regress_guard_writer;
REVOKE USAGE ON SCHEMA steward FROM regress_guard_writer;
DROP ROLE regress_guard_writer;
