-- What happens to limited tables and their partitions without any row being written. ALWAYS: in a session that plays a replica, too, a
-- partition gets what it needs for others to write it, and rows that are gone are gone.

CREATE FUNCTION steward._follow_partitions() RETURNS event_trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward__follow_partitions';
COMMENT ON FUNCTION steward._follow_partitions() IS
  'event trigger: partitions that are made, attached or detached under limited tables';
REVOKE EXECUTE ON FUNCTION steward._follow_partitions() FROM PUBLIC;

CREATE FUNCTION steward._follow_drops() RETURNS event_trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward__follow_drops';
COMMENT ON FUNCTION steward._follow_drops() IS 'event trigger: limited tables, their partitions and triggers that are dropped';
REVOKE EXECUTE ON FUNCTION steward._follow_drops() FROM PUBLIC;

CREATE EVENT TRIGGER steward_follow_partitions ON ddl_command_end
  WHEN TAG IN ('CREATE TABLE', 'CREATE FOREIGN TABLE', 'CREATE SCHEMA', 'ALTER TABLE')
  EXECUTE FUNCTION steward._follow_partitions();
ALTER EVENT TRIGGER steward_follow_partitions ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER steward_follow_partitions IS
  'partitions of tables that steward.limit_rows() was declared on count, and those that are detached do so no longer';

CREATE EVENT TRIGGER steward_follow_drops ON sql_drop EXECUTE FUNCTION steward._follow_drops();
ALTER EVENT TRIGGER steward_follow_drops ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER steward_follow_drops IS
  'what is dropped of tables that steward.limit_rows() was declared on counts no longer';
