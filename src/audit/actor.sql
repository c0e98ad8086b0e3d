-- Who acts, and events that are no changes of rows.

CREATE FUNCTION steward.set_actor(
    actor text, tenant text DEFAULT NULL, ip inet DEFAULT NULL, user_agent text DEFAULT NULL, session text DEFAULT NULL,
    request text DEFAULT NULL, local boolean DEFAULT true) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_set_actor';
COMMENT ON FUNCTION steward.set_actor(text, text, inet, text, text, text, boolean) IS
  'say who acts from now on in this transaction; in this session with local => false';
REVOKE EXECUTE ON FUNCTION steward.set_actor(text, text, inet, text, text, text, boolean) FROM PUBLIC;

CREATE FUNCTION steward.clear_actor() RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_clear_actor';
COMMENT ON FUNCTION steward.clear_actor() IS 'nobody in particular acts from now on, in this transaction and in this session';
REVOKE EXECUTE ON FUNCTION steward.clear_actor() FROM PUBLIC;

CREATE FUNCTION steward.record_event(action text, resource text, resource_id text, details jsonb DEFAULT NULL) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_record_event';
COMMENT ON FUNCTION steward.record_event(text, text, text, jsonb) IS
  'record what is no change of a row, such as read, login, logout or export, with details in new_values';
REVOKE EXECUTE ON FUNCTION steward.record_event(text, text, text, jsonb) FROM PUBLIC;
