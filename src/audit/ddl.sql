-- What becomes of audited tables without any row being written. ALWAYS: in a session that plays a replica, too.

CREATE FUNCTION steward._note_altered_tables() RETURNS event_trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward__note_altered_tables';
COMMENT ON FUNCTION steward._note_altered_tables() IS 'event trigger: audited tables that get other names or columns';
REVOKE EXECUTE ON FUNCTION steward._note_altered_tables() FROM PUBLIC;

CREATE FUNCTION steward._audit_new_partitions() RETURNS event_trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward__audit_new_partitions';
COMMENT ON FUNCTION steward._audit_new_partitions() IS 'event trigger: partitions that come to audited tables, and those that leave';
REVOKE EXECUTE ON FUNCTION steward._audit_new_partitions() FROM PUBLIC;

CREATE FUNCTION steward._forget_dropped_tables() RETURNS event_trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward__forget_dropped_tables';
COMMENT ON FUNCTION steward._forget_dropped_tables() IS 'event trigger: tables of the log that are dropped';
REVOKE EXECUTE ON FUNCTION steward._forget_dropped_tables() FROM PUBLIC;

CREATE EVENT TRIGGER steward_note_altered_tables ON ddl_command_end
  WHEN TAG IN ('ALTER TABLE', 'ALTER SCHEMA')
  EXECUTE FUNCTION steward._note_altered_tables();
ALTER EVENT TRIGGER steward_note_altered_tables ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER steward_note_altered_tables IS 'the audit log knows what its tables were called, and which columns they had';

CREATE EVENT TRIGGER steward_audit_new_partitions ON ddl_command_end
  WHEN TAG IN ('CREATE TABLE', 'CREATE FOREIGN TABLE', 'CREATE SCHEMA', 'ALTER TABLE')
  EXECUTE FUNCTION steward._audit_new_partitions();
ALTER EVENT TRIGGER steward_audit_new_partitions ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER steward_audit_new_partitions IS 'a TRUNCATE of a partition of an audited table is recorded, too, as long as it is one';

CREATE EVENT TRIGGER steward_forget_dropped_tables ON sql_drop EXECUTE FUNCTION steward._forget_dropped_tables();
ALTER EVENT TRIGGER steward_forget_dropped_tables ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER steward_forget_dropped_tables IS 'the number of a table in the audit log is nobody else''s when it is dropped';
