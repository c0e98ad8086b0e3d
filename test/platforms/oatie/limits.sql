-- Limits: the organization's own, and its subscription.

CREATE FUNCTION pg_temp.stands(org uuid) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(concat_ws(' ', meter, used, 'of', COALESCE(max::text, 'any'), tier, source), ', ' ORDER BY meter) FROM steward.usage(org, 'oatie.organizations') $$;
SELECT is(pg_temp.stands(pg_temp.id(1, 1)), 'oatie_reports 3 of 4 free column, oatie_storage 707788800 of 1073741824 free column, oatie_users 2 of 3 free column',
  'limits are those of the organization''s own row, and gigabytes are bytes');
SELECT is(pg_temp.failure($$ SELECT add_user(pg_temp.id(1, 1), pg_temp.id(2, 1), 'x@northwind.example', 'xena', 'a password', 'Xena', 'W') $$, 'oatie_app'), 'done', 'max_users: up to the limit');
SELECT is(pg_temp.failure($$ SELECT add_user(pg_temp.id(1, 1), pg_temp.id(2, 1), 'y@northwind.example', 'yves', 'a password', 'Yves', 'W') $$, 'oatie_app'),
  'QL002 "oatie_users" limit reached: 3 of 3 in use', 'max_users: and no further');
SELECT is(pg_temp.failure($$ UPDATE users SET is_active = true WHERE username = 'former' $$), 'QL002 "oatie_users" limit reached: 3 of 3 in use', 'max_users: nor by making somebody active again');
UPDATE users SET is_active = false WHERE username = 'xena';
SELECT is(pg_temp.failure($$ UPDATE users SET is_active = true WHERE username = 'former' $$), 'done', 'max_users: who is made inactive makes room');
UPDATE users SET is_active = false WHERE username = 'former';
SELECT is(pg_temp.failure($$ SELECT create_report(pg_temp.id(1, 1), pg_temp.id(2, 1), pg_temp.id(3, 2), 'Fourth') $$, 'oatie_app'), 'done', 'max_reports: up to the limit');
SELECT is(pg_temp.failure($$ SELECT create_report(pg_temp.id(1, 1), pg_temp.id(2, 1), pg_temp.id(3, 2), 'Fifth') $$, 'oatie_app'),
  'QL002 "oatie_reports" limit reached: 4 of 4 in use', 'max_reports: and no further');
SELECT is(pg_temp.failure($$ UPDATE reports SET organization_id = pg_temp.id(1, 1) WHERE id = pg_temp.id(4, 10) $$),
  'QL002 "oatie_reports" limit reached: 4 of 4 in use', 'max_reports: nor from another organization');
SELECT is(pg_temp.failure($$ SELECT delete_report(id, pg_temp.id(2, 1)) FROM reports WHERE name = 'Fourth' $$, 'oatie_app'), 'done', 'max_reports: what is deleted makes room');
CREATE TEMP TABLE run AS SELECT run_report(pg_temp.id(4, 3), pg_temp.id(2, 2)) AS id;
GRANT SELECT ON run TO oatie_app;
SELECT is(pg_temp.failure($$ SELECT finish_execution(id, 400 * 1048576, 1200) FROM run $$, 'oatie_app'),
  'QL002 "oatie_storage" limit: 419430400 requested, 365953024 left', 'storage_limit_gb: a result that is too large is refused');
SELECT is((SELECT status FROM report_executions JOIN run USING (id)), 'running', 'storage_limit_gb: and its execution goes on running');
SELECT is(pg_temp.failure($$ SELECT finish_execution(id, 365953024, 1200) FROM run $$, 'oatie_app'), 'done', 'storage_limit_gb: up to the last byte');
SELECT is(pg_temp.failure($$ INSERT INTO report_executions (report_id, organization_id, executed_by, result_size_bytes, started_at)
  VALUES (pg_temp.id(4, 3), pg_temp.id(1, 1), pg_temp.id(2, 1), 1, '2024-02-02') $$), 'QL002 "oatie_storage" limit reached: 1073741824 of 1073741824 in use', 'storage_limit_gb: in each partition');
SELECT is(pg_temp.failure($$ UPDATE report_executions SET result_size_bytes = -1 FROM run WHERE run.id = report_executions.id $$),
  '22003 column "result_size_bytes" is negative: -1', 'storage_limit_gb: no result has less than nothing');
DELETE FROM report_executions USING run WHERE run.id = report_executions.id;
SELECT is((SELECT used FROM steward.usage(pg_temp.id(1, 1), 'organizations') WHERE meter = 'oatie_storage'), 707788800::bigint, 'storage_limit_gb: what is deleted makes room');
SELECT is((SELECT used FROM steward.usage(pg_temp.id(1, 2), 'organizations') WHERE meter = 'oatie_storage'),
  (SELECT sum(result_size_bytes)::bigint FROM report_executions e JOIN reports r ON r.id = e.report_id WHERE r.organization_id = pg_temp.id(1, 2)), 'storage is that of the executions of the organization''s reports');

SELECT is(pg_temp.stands(pg_temp.id(1, 3)), 'oatie_reports 12 of 100 free tier, oatie_storage 46137344 of 5368709120 free tier, oatie_users 2 of 10 free tier',
  'subscription_expires_at: who has not renewed has the limits of tier free');
SELECT is(pg_temp.failure($$ SELECT renew_subscription(pg_temp.id(1, 3), pg_temp.id(2, 7), '2099-01-01') $$, 'oatie_app'), 'done', 'subscription_expires_at: renewed');
SELECT is(pg_temp.stands(pg_temp.id(1, 3)), 'oatie_reports 12 of 5000 enterprise column, oatie_storage 46137344 of 536870912000 enterprise column, oatie_users 2 of 200 enterprise column',
  'subscription_expires_at: who has renewed has his own limits again');
SELECT is(pg_temp.failure($$ SELECT expire_subscription(pg_temp.id(1, 2), pg_temp.id(2, 4)) $$, 'oatie_app'), 'done', 'subscription_expires_at: ended');
SELECT is(pg_temp.stands(pg_temp.id(1, 2)), 'oatie_reports 45 of 100 free tier, oatie_storage 189792256 of 5368709120 free tier, oatie_users 3 of 10 free tier',
  'subscription_expires_at: whose subscription ends has the limits of tier free at once');
SELECT is(pg_temp.failure($$ SELECT renew_subscription(pg_temp.id(1, 2), pg_temp.id(2, 4), '2099-12-31', users => 3) $$, 'oatie_app'), 'done', 'a subscription may come with another limit');
SELECT is(pg_temp.failure($$ SELECT add_user(pg_temp.id(1, 2), pg_temp.id(2, 4), 'z@harbor.example', 'zora', 'a password', 'Zora', 'Z') $$, 'oatie_app'),
  'QL002 "oatie_users" limit reached: 3 of 3 in use', 'which holds at once');
UPDATE organizations SET max_users = NULL, max_reports = NULL, storage_limit_gb = NULL WHERE slug IN ('harbor', 'northwind');
SELECT is(pg_temp.stands(pg_temp.id(1, 2)), 'oatie_reports 45 of any pro tier, oatie_storage 189792256 of any pro tier, oatie_users 3 of any pro tier', 'a row without limits: any number for who pays');
SELECT is(pg_temp.stands(pg_temp.id(1, 1)), 'oatie_reports 3 of 100 free tier, oatie_storage 707788800 of 5368709120 free tier, oatie_users 2 of 10 free tier', 'a row without limits: the defaults of the columns for who does not');
SELECT is_empty('SELECT * FROM steward.verify_limits()', 'what limits have recorded is what is there');
