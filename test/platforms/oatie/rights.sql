-- Who may do what.

SELECT is(pg_temp.failure(statement, role), '42501 permission denied for ' || what, name) FROM (VALUES
  ('app: does not read the log', 'oatie_app', 'view audit_logs', 'SELECT count(*) FROM audit_logs'),
  ('app: does not read the log behind it', 'oatie_app', 'view audit_log', 'SELECT count(*) FROM steward.audit_log'),
  ('app: changes no limits', 'oatie_app', 'function set_limit', $$ SELECT steward.set_limit('free', 'oatie_users', NULL) $$),
  ('app: applies no migrations', 'oatie_app', 'function apply_migration', $$ SELECT apply_migration('005', 'SELECT 1') $$),
  ('auditor: reads no passwords', 'oatie_auditor', 'table users', 'SELECT password_hash FROM users'),
  ('auditor: calls nothing of the application', 'oatie_auditor', 'function expire_share', $$ SELECT expire_share('x', NULL) $$),
  ('monitor: does not read the log', 'oatie_monitor', 'view audit_logs', 'SELECT count(*) FROM audit_logs'),
  ('monitor: reads no reports', 'oatie_monitor', 'table reports', 'SELECT count(*) FROM reports')) r (name, role, what, statement);
SELECT is(pg_temp.failure('SELECT count(*) FROM audit_logs; SELECT count(*) FROM organization_log(pg_temp.id(1, 1))', 'oatie_auditor'), 'done', 'auditor: reads the log');
SELECT is(pg_temp.failure('SELECT count(*) FROM steward.limit_denials; SELECT count(*) FROM steward.partition_health; SELECT count(*) FROM unused_indexes', 'oatie_monitor'), 'done', 'monitor: sees how things stand');
SELECT is_empty($$ SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'oatie'::regnamespace AND has_function_privilege('public', oid, 'EXECUTE') $$, 'nothing of the platform is for everybody');
SELECT is_empty($$ SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'oatie'::regnamespace AND prokind = 'f' AND prosqlbody IS NULL AND proconfig IS NULL $$,
  'each function has a search_path of its own');
SELECT is_empty($$ SELECT c.oid FROM pg_class c WHERE relnamespace = 'oatie'::regnamespace AND relkind IN ('r', 'p', 'v') AND NOT relispartition AND obj_description(c.oid) IS NULL
  UNION ALL SELECT oid FROM pg_proc WHERE pronamespace = 'oatie'::regnamespace AND obj_description(oid) IS NULL $$, 'everything has a comment');
