CREATE FUNCTION steward.schedule_maintenance(schedule text DEFAULT '*/5 * * * *') RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_schedule_maintenance';
COMMENT ON FUNCTION steward.schedule_maintenance(text) IS
  'have pg_cron call maintain() by a schedule from now on, as the role that asks for it; the same again changes the schedule';
REVOKE EXECUTE ON FUNCTION steward.schedule_maintenance(text) FROM PUBLIC;

CREATE FUNCTION steward.unschedule_maintenance() RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_unschedule_maintenance';
COMMENT ON FUNCTION steward.unschedule_maintenance() IS 'have pg_cron call maintain() no more';
REVOKE EXECUTE ON FUNCTION steward.unschedule_maintenance() FROM PUBLIC;
