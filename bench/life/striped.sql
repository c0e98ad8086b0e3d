-- The same platform without steward, and with what helps a row that everybody counts in: 32 rows for each report, of which a session takes its own.
-- What it gives for that is what steward gives, a count that others may be told as well. Variables: users, left.

\ir plain.sql

-- Not in the reports: their column is for nobody any more.
CREATE TABLE report_views (
  report_id uuid NOT NULL REFERENCES reports ON DELETE CASCADE,
  slot smallint NOT NULL,
  views bigint NOT NULL,
  PRIMARY KEY (report_id, slot)
) WITH (fillfactor = 50);
INSERT INTO report_views SELECT id, 0, view_count FROM reports;

CREATE OR REPLACE FUNCTION open_report(short_code text, password text DEFAULT NULL, OUT status int, OUT report_id uuid, OUT name text, OUT results jsonb, OUT view_count bigint)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE report record;
BEGIN
  status := 404;
  SELECT r.id, r.password_hash, r.expires_at, a.name, a.results INTO report
  FROM reports r JOIN analyses a ON a.id = r.analysis_id WHERE r.short_code = open_report.short_code AND r.is_public;
  IF NOT FOUND THEN RETURN; END IF;
  IF report.expires_at <= now() THEN status := 410; RETURN; END IF;
  IF report.password_hash <> public.crypt(COALESCE(password, ''), report.password_hash) THEN status := 401; RETURN; END IF;
  UPDATE report_views v SET views = v.views + 1 WHERE v.report_id = report.id AND v.slot = pg_backend_pid() % 32;
  IF NOT FOUND THEN
    INSERT INTO report_views AS v VALUES (report.id, pg_backend_pid() % 32, 1) ON CONFLICT (report_id, slot) DO UPDATE SET views = v.views + 1;
  END IF;
  SELECT sum(v.views) INTO view_count FROM report_views v WHERE v.report_id = report.id;
  status := 200;
  report_id := report.id;
  name := report.name;
  results := report.results;
END $$;

-- ---- for bench/life/check.sql

CREATE OR REPLACE VIEW views AS SELECT sum(views)::bigint AS views FROM report_views;
CREATE OR REPLACE VIEW kept AS
  SELECT 'reports and views' AS what, 'reports'::regclass AS rel UNION ALL SELECT 'reports and views', 'report_views' UNION ALL SELECT 'usage', 'usage_tracking'
  UNION ALL SELECT 'audit log', relid FROM pg_partition_tree('audit_log') WHERE isleaf;
VACUUM (FREEZE, ANALYZE) report_views;
