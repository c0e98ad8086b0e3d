-- What takes steward's place: counts of usage, limits, codes, the log. As one would write it with care, and at its best: rows that are
-- updated over and over have room in their pages for it (HOT), no index is on a column that changes often.

SET search_path = iops;

ALTER TABLE reports SET (fillfactor = 70);

CREATE TABLE usage_tracking (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  month_year varchar(7) NOT NULL,
  datasets_count integer NOT NULL DEFAULT 0,
  ai_messages_count integer NOT NULL DEFAULT 0,
  reports_count integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, month_year)
) WITH (fillfactor = 70);
CREATE INDEX idx_usage_tracking_month_year ON usage_tracking (month_year);

-- NULL is unlimited.
CREATE TABLE tier_limits (tier text PRIMARY KEY, datasets int, ai_messages int, reports int);
INSERT INTO tier_limits VALUES ('free', 5, 50, 3), ('pro', NULL, NULL, NULL), ('team', NULL, NULL, NULL), ('enterprise', 0, 0, 0);

-- ---- the log

CREATE TABLE audit_log (
  id bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
  actor text,
  login_role text NOT NULL DEFAULT session_user,
  resource text NOT NULL,
  action text NOT NULL,
  row_key text NOT NULL,
  tenant text,
  changed text[],
  old_values jsonb,
  new_values jsonb
) PARTITION BY RANGE (at);
SELECT format('CREATE TABLE %I PARTITION OF audit_log FOR VALUES FROM (%L) TO (%L)', 'audit_log_' || to_char(m, 'YYYY_MM'), m, m + interval '1 month')
FROM generate_series(date_trunc('month', now()), date_trunc('month', now()) + interval '3 months', interval '1 month') m \gexec
CREATE INDEX ON audit_log (resource, row_key, id);
CREATE INDEX ON audit_log (tx);
CREATE INDEX ON audit_log (tenant, at);
CREATE INDEX ON audit_log (actor, at);
CREATE INDEX ON audit_log USING brin (at);

-- Its arguments: what the table is called in the log, the column that says whose a row is, and one that is not shown.
CREATE FUNCTION log_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - 'updated_at' - COALESCE(TG_ARGV[2], '') END;
  is_now jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - 'updated_at' - COALESCE(TG_ARGV[2], '') END;
  present jsonb := COALESCE(is_now, was);
  changes text[];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    SELECT array_agg(key) INTO changes FROM jsonb_each(is_now) WHERE value IS DISTINCT FROM was->key;
    IF changes IS NULL THEN RETURN NULL; END IF;
  END IF;
  INSERT INTO audit_log (actor, resource, action, row_key, tenant, changed, old_values, new_values)
  VALUES (NULLIF(current_setting('iops.actor', true), ''), TG_ARGV[0], CASE TG_OP WHEN 'INSERT' THEN 'create' WHEN 'UPDATE' THEN 'update' ELSE 'delete' END,
    present->>'id', present->>TG_ARGV[1], changes, was, is_now);
  RETURN NULL;
END $$;

CREATE TRIGGER log_row AFTER INSERT OR UPDATE OR DELETE ON users FOR EACH ROW EXECUTE FUNCTION log_row('user', 'id', 'password_hash');
CREATE TRIGGER log_row AFTER INSERT OR UPDATE OR DELETE ON datasets FOR EACH ROW EXECUTE FUNCTION log_row('dataset', 'user_id');
CREATE TRIGGER log_row AFTER INSERT OR UPDATE OR DELETE ON analyses FOR EACH ROW EXECUTE FUNCTION log_row('analysis', 'user_id');
-- Not for view_count.
CREATE TRIGGER log_row AFTER INSERT OR DELETE OR UPDATE OF analysis_id, user_id, short_code, is_public, password_hash, expires_at ON reports
  FOR EACH ROW EXECUTE FUNCTION log_row('report', 'user_id', 'password_hash');
