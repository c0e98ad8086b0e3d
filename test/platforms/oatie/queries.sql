-- The document's queries, and by which index.

SELECT results_eq('SELECT id FROM list_reports(pg_temp.id(1, 2))', 'SELECT id FROM reports WHERE organization_id = pg_temp.id(1, 2) ORDER BY created_at DESC, id DESC LIMIT 20', 'list_reports: the latest twenty');
SELECT results_eq($$ WITH RECURSIVE page AS (
    SELECT 1 AS n, array_agg(id) AS ids, min(created_at) AS last FROM list_reports(pg_temp.id(1, 2), page_size => 4)
    UNION ALL SELECT n + 1, next.ids, next.last FROM page, LATERAL (SELECT array_agg(l.id) AS ids, min(l.created_at) AS last FROM list_reports(pg_temp.id(1, 2), page.last, page.ids[cardinality(page.ids)], 4) l) next WHERE next.ids IS NOT NULL)
  SELECT unnest(ids) FROM page ORDER BY 1 $$, 'SELECT id FROM reports WHERE organization_id = pg_temp.id(1, 2) ORDER BY 1', 'list_reports: page by page, each report once, also those of the same second');
SELECT results_eq($$ SELECT * FROM execution_statistics(pg_temp.id(1, 2), '2024-05-15') $$,
  $$ SELECT status::text, count(*), round(avg(execution_time_ms), 1) FROM report_executions WHERE organization_id = pg_temp.id(1, 2) AND started_at BETWEEN '2024-04-15' AND '2024-05-15' GROUP BY 1 ORDER BY 1 $$,
  'execution_statistics: thirty days, by status');
SET LOCAL enable_seqscan = off;
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query; END $$;
SELECT ok(EXISTS (SELECT FROM pg_temp.plan_of($$ SELECT id, name, created_at FROM reports r WHERE organization_id = pg_temp.id(1, 2) AND (created_at, id) < ('2024-06-01', pg_temp.id(4, 1)) ORDER BY created_at DESC, id DESC LIMIT 20 $$) line
  WHERE line ~ 'Index Scan using idx_reports_org_created'), 'list_reports: by an index, in its order');
SELECT ok(EXISTS (SELECT FROM pg_temp.plan_of($$ SELECT id FROM users WHERE lower(email) = 'nora@northwind.example' $$) line WHERE line ~ 'idx_users_email_lower'), 'users are found by email in any case, by an index');
SELECT ok(EXISTS (SELECT FROM pg_temp.plan_of($$ SELECT id FROM reports WHERE parameters @> '{"region": "north"}' $$) line WHERE line ~ 'idx_reports_parameters_gin'), 'reports are found by parameters, by an index');
WITH lines (line) AS (SELECT pg_temp.plan_of($$ SELECT status, count(*), avg(execution_time_ms) FROM report_executions
    WHERE organization_id = pg_temp.id(1, 2) AND started_at BETWEEN '2024-04-15' AND '2024-05-15' GROUP BY status $$))
SELECT ok(count(*) FILTER (WHERE line ~ 'Index Only Scan using report_executions_y2024m0[45]_organization_id') = 2 AND count(*) FILTER (WHERE line ~ ' on report_executions_y') = 2,
  'execution_statistics: by the covering index, of the two months that it is about') FROM lines;
RESET enable_seqscan;
SELECT ok(count(*) > 30, 'index_usage: tells of the indexes') FROM index_usage;
SELECT ok(count(*) > 30 AND max(idx_scan) < 10 AND bool_and(size ~ ' (bytes|kB)$'), 'unused_indexes: tells of those that hardly anybody uses') FROM unused_indexes;
