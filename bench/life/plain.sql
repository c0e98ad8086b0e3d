-- The same platform without steward, and where it keeps what. Variables: users, left.

SET client_min_messages = warning;
\ir ../../examples/iops/schema.sql
\ir plain_tables.sql
\ir plain_app.sql
\ir data.sql
INSERT INTO usage_tracking (user_id, month_year, datasets_count, ai_messages_count) SELECT numbered('a', n), to_char(now(), 'YYYY-MM'), 1, 50 - :left FROM generate_series(1, :users) n;
UPDATE reports SET view_count = view_count + 1;

CREATE FUNCTION act_as(actor text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('iops.actor', actor, true); END $$;
\ir calls.sql

-- ---- for bench/life/check.sql

CREATE VIEW views AS SELECT sum(view_count) AS views FROM reports;
CREATE VIEW used AS SELECT user_id, meter, used FROM usage_tracking, LATERAL (VALUES ('datasets', datasets_count), ('ai_messages', ai_messages_count)) m (meter, used);
CREATE VIEW log AS SELECT id, resource, action, row_key, actor, new_values FROM audit_log;
CREATE VIEW own_differences AS SELECT 0 AS differences;
CREATE VIEW kept AS
  SELECT 'reports and views' AS what, 'reports'::regclass AS rel UNION ALL SELECT 'usage', 'usage_tracking'
  UNION ALL SELECT 'audit log', relid FROM pg_partition_tree('audit_log') WHERE isleaf;
\ir before.sql
VACUUM FULL reports;
VACUUM (FREEZE, ANALYZE);
