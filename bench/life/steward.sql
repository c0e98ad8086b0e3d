-- The platform as examples/iops has it, and where it keeps what. Variables: users, left.

SET client_min_messages = warning;
CREATE EXTENSION steward;
\ir ../../examples/iops/schema.sql
\ir ../../examples/iops/steward.sql
\ir ../../examples/iops/app.sql
\ir data.sql
SELECT steward.consume(numbered('a', n), 'ai_messages', 50 - :left) FROM generate_series(1, :users) n \g /dev/null
SELECT steward.hit('reports', r.id) FROM reports r \g /dev/null

CREATE FUNCTION act_as(actor text) RETURNS void LANGUAGE sql AS 'SELECT steward.set_actor(actor)';
\ir calls.sql

-- ---- for bench/life/check.sql

CREATE VIEW views AS SELECT sum(steward.count_of('reports', id)) AS views FROM reports;
CREATE VIEW used AS SELECT subject::uuid AS user_id, meter::text, used FROM steward.usage_by_month WHERE month = to_char(now(), 'YYYY-MM') AND meter IN ('datasets', 'ai_messages');
CREATE VIEW log AS SELECT id, resource, action, row_key, actor, new_values FROM steward.audit_log;
-- What steward itself finds, and columns that are not what was counted.
CREATE VIEW own_differences AS
  SELECT (SELECT count(*) FROM steward.verify_limits()) + (SELECT count(*) FROM reports WHERE view_count <> steward.count_of('reports', id)) AS differences;
CREATE VIEW kept AS
  SELECT 'reports and views' AS what, rel FROM unnest('{iops.reports,steward._counts,steward._bucket_counts,steward._last_hits}'::regclass[]) rel
  UNION ALL SELECT 'usage', rel FROM unnest('{steward._usage,steward._ledger,steward._limit_cells,steward._denials}'::regclass[]) rel
  UNION ALL SELECT 'audit log', relid FROM (VALUES ('steward.audit_records'::regclass), ('steward.audit_transactions')) l (log), pg_partition_tree(log) WHERE isleaf;
\ir before.sql
CALL steward.maintain();
VACUUM (FREEZE, ANALYZE);
