-- usage_tracking: a view in the shape of the document's table.

SELECT has_view('iops', 'usage_tracking', 'usage_tracking is a view');
SELECT results_eq($$ SELECT month_year::text, datasets_count, ai_messages_count, reports_count FROM usage_tracking WHERE user_id = '00000000-0000-4000-8000-0000000000a1' ORDER BY month_year $$,
  $$ VALUES ('2026-01', 4, 31, 0), ('2026-02', 3, 12, 1), ('2026-03', 3, 47, 0) $$, 'usage of one user by month');
SELECT set_has($$ SELECT user_id, datasets_count, ai_messages_count, reports_count FROM usage_tracking WHERE month_year = '2026-02' $$,
  $$ VALUES ('00000000-0000-4000-8000-0000000000a1'::uuid, 3, 12, 1), ('00000000-0000-4000-8000-0000000000a2'::uuid, 9, 80, 1) $$, 'usage of one month by user');
SELECT cmp_ok((SELECT count(*) FROM usage_tracking), '>', 5::bigint, 'there is more than the sample');
SELECT is_empty('SELECT user_id, month_year FROM usage_tracking GROUP BY 1, 2 HAVING count(*) > 1', 'usage_tracking is unique by user and month');
SELECT is_empty('SELECT id FROM usage_tracking GROUP BY 1 HAVING count(*) > 1', 'usage_tracking.id is unique');
SELECT is_empty('SELECT FROM usage_tracking WHERE usage_tracking IS NULL OR NOT usage_tracking IS NOT NULL', 'nothing in usage_tracking is null');
SELECT is_empty($$ SELECT month_year FROM usage_tracking WHERE month_year !~ '^\d{4}-(0[1-9]|1[0-2])$' $$, 'month_year is YYYY-MM');
SELECT is_empty('SELECT user_id FROM usage_tracking EXCEPT SELECT id FROM users', 'each row of usage_tracking is of a user');
SELECT is_empty('SELECT FROM usage_tracking WHERE created_at > updated_at', 'usage begins before it ends');

-- One who has used one thing has 0 of the others; the row is the same one as it grows.
SELECT pg_temp.new_user('usage@example.org') AS usage \gset
SELECT is((SELECT count(*) FROM usage_tracking WHERE user_id = :'usage'), 0::bigint, 'who has used nothing has no row');
SELECT send_ai_message(:'usage');
SELECT id AS row FROM usage_tracking WHERE user_id = :'usage' \gset
SELECT row_eq(format('SELECT datasets_count, ai_messages_count, reports_count, created_at, updated_at FROM usage_tracking WHERE user_id = %L', :'usage'),
  ROW (0, 1, 0, '2026-03-10 12:00+00'::timestamptz, '2026-03-10 12:00+00'::timestamptz), 'counts begin at 0');
SET steward.now = '2026-03-20 08:00+00';
SELECT upload_dataset(:'usage', 'x'), publish_report(pg_temp.analysis_of(:'usage'));
SELECT row_eq(format('SELECT id, datasets_count, ai_messages_count, reports_count, created_at, updated_at FROM usage_tracking WHERE user_id = %L', :'usage'),
  ROW (:'row'::uuid, 1, 1, 1, '2026-03-10 12:00+00'::timestamptz, '2026-03-20 08:00+00'::timestamptz), 'the counts are of datasets, messages and reports of the month');
CALL steward.fold_limits();
SELECT row_eq(format('SELECT id, datasets_count, ai_messages_count, reports_count, created_at, updated_at FROM usage_tracking WHERE user_id = %L', :'usage'),
  ROW (:'row'::uuid, 1, 1, 1, '2026-03-10 12:00+00'::timestamptz, '2026-03-20 08:00+00'::timestamptz), 'and so they are after a fold');
SET steward.now = '2026-03-10 12:00+00';
SELECT is(pg_temp.refusal('UPDATE usage_tracking SET datasets_count = 0'), '55000: cannot update view "usage_tracking"', 'nobody sets a count back');
