-- The log: what was changed, in which transaction, by whom. Two tables partitioned by month, which steward's own partitions keep;
-- no index or key on the tables themselves, or the months' own would not restore.

CREATE TABLE steward.audit_relations (
  rel_id int PRIMARY KEY,
  rel regclass UNIQUE,
  resource text,
  since timestamptz NOT NULL
);
COMMENT ON TABLE steward.audit_relations IS
  'the tables that the log has records of, by a number that dump and restore leave alone; and the resources of other events';
COMMENT ON COLUMN steward.audit_relations.rel_id IS 'the number';
COMMENT ON COLUMN steward.audit_relations.rel IS 'the table as it is called now; NULL when it is gone, and for a resource that is none';
COMMENT ON COLUMN steward.audit_relations.resource IS 'what applications call it';
COMMENT ON COLUMN steward.audit_relations.since IS 'since when its changes are recorded, without a break';
CREATE INDEX audit_resources ON steward.audit_relations (resource);
SELECT pg_catalog.pg_extension_config_dump('steward.audit_relations', '');
REVOKE ALL ON TABLE steward.audit_relations FROM PUBLIC;

CREATE TABLE steward._audited (
  rel regclass PRIMARY KEY,
  rel_id int NOT NULL UNIQUE,
  redact_cols text[] NOT NULL,
  redact_as text NOT NULL CHECK (redact_as IN ('hash', 'mask')),
  full_rows boolean NOT NULL
);
COMMENT ON TABLE steward._audited IS
  'tables whose changes are recorded now, with their options; those that are about columns stand in triggers, which follow renames';
SELECT pg_catalog.pg_extension_config_dump('steward._audited', 'WHERE (SELECT true FROM pg_catalog.pg_class AS r WHERE r.oid = rel)');
REVOKE ALL ON TABLE steward._audited FROM PUBLIC;

CREATE TABLE steward._audit_versions (
  rel_id int NOT NULL,
  from_id bigint NOT NULL,
  at timestamptz NOT NULL,
  rel_schema text NOT NULL,
  rel_name text NOT NULL,
  cols text[] NOT NULL,
  numbers int2[] NOT NULL,
  changes jsonb NOT NULL,
  PRIMARY KEY (rel_id, from_id)
);
COMMENT ON TABLE steward._audit_versions IS
  'how an audited table was called and which columns it had, from a record on; and what that did to its rows';
SELECT pg_catalog.pg_extension_config_dump('steward._audit_versions', '');
REVOKE ALL ON TABLE steward._audit_versions FROM PUBLIC;

-- Equal values have equal hashes, and who has the log alone cannot try values out.
CREATE TABLE steward._audit_key (
  key bytea NOT NULL CHECK (pg_catalog.octet_length(key) >= 32)
);
COMMENT ON TABLE steward._audit_key IS 'the key of the hashes that redacted values are replaced by; made with the first audit_table()';
SELECT pg_catalog.pg_extension_config_dump('steward._audit_key', '');
REVOKE ALL ON TABLE steward._audit_key FROM PUBLIC;

CREATE TABLE steward.audit_gaps (
  at timestamptz NOT NULL,
  rel_id int,
  records bigint NOT NULL,
  sqlstate text NOT NULL
);
COMMENT ON TABLE steward.audit_gaps IS 'changes that could not be recorded, with steward.audit_on_error = degrade';
COMMENT ON COLUMN steward.audit_gaps.at IS 'when they were made, by the clock';
COMMENT ON COLUMN steward.audit_gaps.rel_id IS 'of which table: audit_relations has it';
COMMENT ON COLUMN steward.audit_gaps.records IS 'how many records are missing';
COMMENT ON COLUMN steward.audit_gaps.sqlstate IS 'why they could not be written';
SELECT pg_catalog.pg_extension_config_dump('steward.audit_gaps', '');
REVOKE ALL ON TABLE steward.audit_gaps FROM PUBLIC;

-- CACHE 1: the records of a row are ordered by id, which is drawn under the row's lock.
CREATE SEQUENCE steward._audit_ids CACHE 1;
COMMENT ON SEQUENCE steward._audit_ids IS 'ids of records, in the order of the changes of each row';
SELECT pg_catalog.pg_extension_config_dump('steward._audit_ids', '');
CREATE SEQUENCE steward._audit_txs CACHE 1;
COMMENT ON SEQUENCE steward._audit_txs IS 'numbers of transactions in the log';
SELECT pg_catalog.pg_extension_config_dump('steward._audit_txs', '');
REVOKE ALL ON SEQUENCE steward._audit_ids, steward._audit_txs FROM PUBLIC;

-- The library writes the columns in this order.
CREATE TABLE steward.audit_records (
  id bigint NOT NULL,
  at timestamptz NOT NULL,
  tx bigint NOT NULL,
  seq int NOT NULL,
  rel_id int NOT NULL,
  action text NOT NULL,
  row_key text,
  tenant text,
  changed text[],
  old_values jsonb,
  new_values jsonb
) PARTITION BY RANGE (at);
COMMENT ON TABLE steward.audit_records IS 'the changes, one record each; read them in audit_log';
COMMENT ON COLUMN steward.audit_records.id IS 'in the order of a row''s changes';
COMMENT ON COLUMN steward.audit_records.at IS 'when the change was made, by the clock';
COMMENT ON COLUMN steward.audit_records.tx IS 'in which transaction: audit_transactions has it';
COMMENT ON COLUMN steward.audit_records.seq IS 'which change it was within the transaction';
COMMENT ON COLUMN steward.audit_records.rel_id IS 'of which table: audit_relations has it';
COMMENT ON COLUMN steward.audit_records.action IS 'create, update, delete, truncate, or what record_event() was given';
COMMENT ON COLUMN steward.audit_records.row_key IS 'the row''s primary key; a JSON array where it has several columns';
COMMENT ON COLUMN steward.audit_records.tenant IS 'whose row it is';
COMMENT ON COLUMN steward.audit_records.changed IS 'the columns that an update has changed';
COMMENT ON COLUMN steward.audit_records.old_values IS 'what was there before';
COMMENT ON COLUMN steward.audit_records.new_values IS 'what is there since';
REVOKE ALL ON TABLE steward.audit_records FROM PUBLIC;

CREATE TABLE steward.audit_transactions (
  tx bigint NOT NULL,
  at timestamptz NOT NULL,
  xid xid8 NOT NULL,
  query_id bigint,
  actor text,
  ip inet,
  user_agent text,
  session text,
  request text,
  login_role text NOT NULL,
  role text NOT NULL,
  application text
) PARTITION BY RANGE (at);
COMMENT ON TABLE steward.audit_transactions IS 'who made the changes, once for each transaction; read them in audit_log';
COMMENT ON COLUMN steward.audit_transactions.tx IS 'the transaction''s number in the log, which dump and restore leave alone';
COMMENT ON COLUMN steward.audit_transactions.at IS 'when its first change was recorded';
COMMENT ON COLUMN steward.audit_transactions.xid IS 'the server''s number of it, in the cluster where it ran';
COMMENT ON COLUMN steward.audit_transactions.query_id IS 'the statement''s query id, as pg_stat_statements has it';
COMMENT ON COLUMN steward.audit_transactions.actor IS 'who acted: set_actor(), else the request''s claims, else the role';
COMMENT ON COLUMN steward.audit_transactions.ip IS 'from which address';
COMMENT ON COLUMN steward.audit_transactions.user_agent IS 'with which program';
COMMENT ON COLUMN steward.audit_transactions.session IS 'in which session of the application';
COMMENT ON COLUMN steward.audit_transactions.request IS 'in which request to the application';
COMMENT ON COLUMN steward.audit_transactions.login_role IS 'the role that logged in';
COMMENT ON COLUMN steward.audit_transactions.role IS 'the role that it had taken by SET ROLE';
COMMENT ON COLUMN steward.audit_transactions.application IS 'application_name';
REVOKE ALL ON TABLE steward.audit_transactions FROM PUBLIC;

-- What has no month yet goes here, so that nobody's write fails for it. New months get the indexes and triggers that these have.
-- Text is indexed by its bytes: quickly, and not by what a library of the system takes for the order of words today.
CREATE TABLE steward.audit_records_default PARTITION OF steward.audit_records DEFAULT;
COMMENT ON TABLE steward.audit_records_default IS 'changes whose month has no partition yet: maintenance moves them there';
CREATE INDEX ON steward.audit_records_default (rel_id, row_key pg_catalog.text_pattern_ops, id);
-- Many tables have no tenant, and an index entry for each of their rows would serve nobody.
CREATE INDEX ON steward.audit_records_default (tenant pg_catalog.text_pattern_ops, at) WHERE tenant IS NOT NULL;
CREATE INDEX ON steward.audit_records_default USING brin (at);
SELECT pg_catalog.pg_extension_config_dump('steward.audit_records_default', '');
REVOKE ALL ON TABLE steward.audit_records_default FROM PUBLIC;

CREATE TABLE steward.audit_transactions_default PARTITION OF steward.audit_transactions DEFAULT;
COMMENT ON TABLE steward.audit_transactions_default IS 'transactions whose month has no partition yet: maintenance moves them there';
CREATE INDEX ON steward.audit_transactions_default (tx);
CREATE INDEX ON steward.audit_transactions_default (actor pg_catalog.text_pattern_ops, at);
CREATE INDEX ON steward.audit_transactions_default USING brin (at);
SELECT pg_catalog.pg_extension_config_dump('steward.audit_transactions_default', '');
REVOKE ALL ON TABLE steward.audit_transactions_default FROM PUBLIC;

CREATE FUNCTION steward._guard_audit() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward__guard_audit';
COMMENT ON FUNCTION steward._guard_audit() IS 'trigger of the log: nothing in it is changed, and only steward adds to it';
REVOKE EXECUTE ON FUNCTION steward._guard_audit() FROM PUBLIC;

CREATE TRIGGER guard_audit BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON steward.audit_records
  FOR EACH STATEMENT EXECUTE FUNCTION steward._guard_audit();
CREATE TRIGGER guard_audit BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON steward.audit_records_default
  FOR EACH STATEMENT EXECUTE FUNCTION steward._guard_audit();
CREATE TRIGGER guard_audit BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON steward.audit_transactions
  FOR EACH STATEMENT EXECUTE FUNCTION steward._guard_audit();
CREATE TRIGGER guard_audit BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON steward.audit_transactions_default
  FOR EACH STATEMENT EXECUTE FUNCTION steward._guard_audit();
ALTER TABLE steward.audit_records ENABLE ALWAYS TRIGGER guard_audit;
ALTER TABLE steward.audit_records_default ENABLE ALWAYS TRIGGER guard_audit;
ALTER TABLE steward.audit_transactions ENABLE ALWAYS TRIGGER guard_audit;
ALTER TABLE steward.audit_transactions_default ENABLE ALWAYS TRIGGER guard_audit;

CREATE VIEW steward.audit_log WITH (security_barrier, security_invoker) AS
  SELECT r.id, r.at, r.tx, r.seq, r.rel_id, v.rel_schema, v.rel_name, COALESCE(e.resource, v.rel_name) AS resource,
         r.action, r.row_key, r.tenant, t.actor, r.changed, r.old_values, r.new_values,
         t.ip, t.user_agent, t.session, t.request, t.login_role, t.role, t.application, t.query_id, t.xid
  FROM steward.audit_records r
  LEFT JOIN steward.audit_transactions t ON t.tx OPERATOR(pg_catalog.=) r.tx
  LEFT JOIN steward.audit_relations e ON e.rel_id OPERATOR(pg_catalog.=) r.rel_id
  LEFT JOIN LATERAL (
    SELECT n.rel_schema, n.rel_name FROM steward._audit_versions n
    WHERE n.rel_id OPERATOR(pg_catalog.=) r.rel_id AND n.from_id OPERATOR(pg_catalog.<=) r.id
    ORDER BY n.from_id DESC LIMIT 1) v ON true;
COMMENT ON VIEW steward.audit_log IS 'every change that was recorded: what, when, by whom; for level auditor';
COMMENT ON COLUMN steward.audit_log.id IS 'in the order of a row''s changes';
COMMENT ON COLUMN steward.audit_log.at IS 'when the change was made, by the clock';
COMMENT ON COLUMN steward.audit_log.tx IS 'in which transaction';
COMMENT ON COLUMN steward.audit_log.seq IS 'which change it was within the transaction';
COMMENT ON COLUMN steward.audit_log.rel_id IS 'of which table: its number in audit_relations';
COMMENT ON COLUMN steward.audit_log.rel_schema IS 'the table''s schema, as it was called then';
COMMENT ON COLUMN steward.audit_log.rel_name IS 'the table, as it was called then';
COMMENT ON COLUMN steward.audit_log.resource IS 'what applications call it';
COMMENT ON COLUMN steward.audit_log.action IS 'create, update, delete, truncate, or what record_event() was given';
COMMENT ON COLUMN steward.audit_log.row_key IS 'the row''s primary key; a JSON array where it has several columns';
COMMENT ON COLUMN steward.audit_log.tenant IS 'whose row it is';
COMMENT ON COLUMN steward.audit_log.actor IS 'who acted: set_actor(), else the request''s claims, else the role';
COMMENT ON COLUMN steward.audit_log.changed IS 'the columns that an update has changed';
COMMENT ON COLUMN steward.audit_log.old_values IS 'what was there before';
COMMENT ON COLUMN steward.audit_log.new_values IS 'what is there since';
COMMENT ON COLUMN steward.audit_log.ip IS 'from which address';
COMMENT ON COLUMN steward.audit_log.user_agent IS 'with which program';
COMMENT ON COLUMN steward.audit_log.session IS 'in which session of the application';
COMMENT ON COLUMN steward.audit_log.request IS 'in which request to the application';
COMMENT ON COLUMN steward.audit_log.login_role IS 'the role that logged in';
COMMENT ON COLUMN steward.audit_log.role IS 'the role that it had taken by SET ROLE';
COMMENT ON COLUMN steward.audit_log.application IS 'application_name';
COMMENT ON COLUMN steward.audit_log.query_id IS 'the statement''s query id, as pg_stat_statements has it';
COMMENT ON COLUMN steward.audit_log.xid IS 'the server''s number of the transaction, in the cluster where it ran';
REVOKE ALL ON TABLE steward.audit_log FROM PUBLIC;
