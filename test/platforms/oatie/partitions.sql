-- Partitions: by month, of executions and of the log.

SELECT is_empty($$ SELECT month FROM generate_series('2024-01-01', now() + interval '3 months', interval '1 month') month
  WHERE to_regclass(to_char(month, '"oatie.report_executions_y"YYYY"m"MM')) IS NULL $$, 'report_executions: a partition for each month from January 2024 on, and three ahead');
SELECT is((SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = 'report_executions_y2024m01'::regclass),
  $$FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2024-02-01 00:00:00+00')$$, 'report_executions_y2024m01: as in the document');
SELECT is((SELECT count(DISTINCT date_trunc('month', lower_bound::timestamptz)) FROM steward.partitions WHERE rel = 'report_executions'::regclass AND lower_bound LIKE '2024%'), 12::bigint,
  'report_executions: all months of 2024');
SELECT is((SELECT count(*) FROM report_executions WHERE tableoid <> to_regclass(to_char(started_at AT TIME ZONE 'UTC', '"oatie.report_executions_y"YYYY"m"MM'))), 0::bigint,
  'report_executions: each row is in its month');
SELECT is_empty($$ SELECT month FROM generate_series(date_trunc('month', now()), now() + interval '3 months', interval '1 month') month
  WHERE to_regclass(to_char(month, '"steward.audit_records_y"YYYY"m"MM')) IS NULL $$, 'audit_logs: the log has a partition for each month');
SELECT results_eq($$ SELECT rel::text, state FROM steward.partition_health WHERE rel = 'report_executions'::regclass OR rel::text LIKE 'steward.%' ORDER BY rel::text $$,
  $$ VALUES ('report_executions', 'ok'), ('steward.audit_records', 'ok'), ('steward.audit_transactions', 'ok') $$, 'partitions: nothing is wrong');
