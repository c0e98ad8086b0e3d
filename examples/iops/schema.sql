-- iOps: the tables of the document, in plain PostgreSQL. What steward takes over is in steward.sql.
--
-- The document is written for PostgreSQL and SQLite at once. Here UUID/String(36) is uuid, DateTime is timestamptz (a time without a
-- zone is another time on another machine), JSON/Text is jsonb. Each other departure has a comment at its place.

CREATE SCHEMA iops;
SET search_path = iops;
-- For bcrypt and AES. In public, where two platforms in one database find the same one.
CREATE EXTENSION IF NOT EXISTS pgcrypto SCHEMA public;

-- ---- phase 1

CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- A UNIQUE constraint brings its index: a second one, idx_users_email, would only cost. The one that is there has that name.
  email varchar(255) NOT NULL CONSTRAINT idx_users_email UNIQUE,
  -- "Hashed with bcrypt (10+ rounds)" as a rule: nothing else is stored, whoever writes it.
  password_hash varchar(255) NOT NULL CHECK (password_hash ~ '^\$2[abxy]\$(1[0-9]|2[0-9]|3[01])\$[./A-Za-z0-9]{53}$'),
  full_name varchar(255),
  -- The document names the values in words only.
  tier varchar(50) NOT NULL DEFAULT 'free' CHECK (tier IN ('free', 'pro', 'team', 'enterprise')),
  stripe_customer_id varchar(255),
  stripe_subscription_id varchar(255),
  is_admin boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_users_tier ON users (tier);
CREATE INDEX idx_users_stripe_customer_id ON users (stripe_customer_id);
COMMENT ON TABLE users IS 'accounts and their subscriptions';

-- usage_tracking is a view: steward counts, and a table of counts beside it could only be wrong. It is in steward.sql.

-- Phase 7, and here because datasets refer to it. INVENTED: the document has the name, and that credentials are encrypted.
CREATE TABLE data_connections (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  name varchar(255) NOT NULL,
  kind varchar(50) NOT NULL CHECK (kind IN ('postgresql', 'mysql', 'bigquery', 'snowflake', 'api')),
  credentials bytea NOT NULL,  -- an OpenPGP message, AES-256: see add_connection in app.sql
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, name),
  UNIQUE (id, user_id)  -- for datasets
);
COMMENT ON TABLE data_connections IS 'external data sources';

CREATE TABLE datasets (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  name varchar(255) NOT NULL,
  file_path varchar(500),
  connection_id uuid,
  row_count integer,
  column_count integer,
  size_bytes bigint,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- "Foreign key constraints enforce data ownership": with one column they would not, and my dataset could name your connection.
  FOREIGN KEY (connection_id, user_id) REFERENCES data_connections (id, user_id) ON DELETE SET NULL (connection_id),
  UNIQUE (id, user_id)  -- for analyses
);
CREATE INDEX idx_datasets_user_id ON datasets (user_id);
CREATE INDEX idx_datasets_connection_id ON datasets (connection_id);
CREATE INDEX idx_datasets_created_at ON datasets (created_at);
COMMENT ON TABLE datasets IS 'uploaded datasets: what they are, not what is in them';

CREATE TABLE analyses (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  name varchar(255) NOT NULL,
  dataset_id uuid,
  config jsonb,
  results jsonb,
  status varchar(50) NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'completed', 'failed')),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- Ownership again: an analysis is of a dataset of the same user, and stays when that goes.
  FOREIGN KEY (dataset_id, user_id) REFERENCES datasets (id, user_id) ON DELETE SET NULL (dataset_id),
  UNIQUE (id, user_id)  -- for reports and charts
);
CREATE INDEX idx_analyses_user_id ON analyses (user_id);
CREATE INDEX idx_analyses_dataset_id ON analyses (dataset_id);
CREATE INDEX idx_analyses_status ON analyses (status);
CREATE INDEX idx_analyses_created_at ON analyses (created_at);
COMMENT ON TABLE analyses IS 'analyses and their results';

-- ---- phase 2

CREATE TABLE reports (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  analysis_id uuid NOT NULL,
  -- Not in the document, where a report's user is a join away. Whose limit a report counts for has to stand in its row; the foreign key
  -- below keeps it true, and a trigger fills it in, so that reports are inserted as the document has them.
  user_id uuid NOT NULL,
  -- As with users.email: UNIQUE is the index.
  short_code varchar(20) NOT NULL CONSTRAINT idx_reports_short_code UNIQUE,
  is_public boolean NOT NULL DEFAULT true,
  password_hash varchar(255) CHECK (password_hash ~ '^\$2[abxy]\$(1[0-9]|2[0-9]|3[01])\$[./A-Za-z0-9]{53}$'),
  expires_at timestamptz,
  view_count integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (analysis_id, user_id) REFERENCES analyses (id, user_id) ON DELETE CASCADE
);
CREATE INDEX idx_reports_analysis_id ON reports (analysis_id);
CREATE INDEX idx_reports_expires_at ON reports (expires_at);
COMMENT ON TABLE reports IS 'what is published of analyses, at /r/:short_code';

CREATE FUNCTION fill_report_user() RETURNS trigger LANGUAGE plpgsql SET search_path = iops, pg_temp AS $$
BEGIN
  SELECT a.user_id INTO NEW.user_id FROM analyses a WHERE a.id = NEW.analysis_id;
  RETURN NEW;
END $$;
CREATE TRIGGER fill_report_user BEFORE INSERT ON reports FOR EACH ROW WHEN (NEW.user_id IS NULL) EXECUTE FUNCTION fill_report_user();

-- ---- phases 3 to 7. INVENTED: the document has names and half a line each; here is the least that the names promise.

CREATE TABLE charts (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  analysis_id uuid NOT NULL,
  config jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (analysis_id, user_id) REFERENCES analyses (id, user_id) ON DELETE CASCADE
);
CREATE INDEX idx_charts_user_id ON charts (user_id);
CREATE INDEX idx_charts_analysis_id ON charts (analysis_id);
COMMENT ON TABLE charts IS 'chart configurations';

-- Grows by time, and is partitioned by it: a primary key of such a table holds the time.
CREATE TABLE embed_analytics (
  id bigint GENERATED ALWAYS AS IDENTITY,
  chart_id uuid NOT NULL REFERENCES charts ON DELETE CASCADE,
  referrer varchar(500),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);
CREATE INDEX idx_embed_analytics_chart_id ON embed_analytics (chart_id, created_at);
CREATE INDEX idx_embed_analytics_created_at ON embed_analytics (created_at);
COMMENT ON TABLE embed_analytics IS 'where and when charts were shown on other sites';

CREATE TABLE templates (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  name varchar(255) NOT NULL,
  config jsonb NOT NULL DEFAULT '{}',
  price_cents integer NOT NULL DEFAULT 0 CHECK (price_cents >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_templates_user_id ON templates (user_id);
COMMENT ON TABLE templates IS 'analysis templates that are offered to others';

CREATE TABLE template_purchases (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  template_id uuid NOT NULL REFERENCES templates ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  price_cents integer NOT NULL CHECK (price_cents >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (template_id, user_id)
);
CREATE INDEX idx_template_purchases_user_id ON template_purchases (user_id);
COMMENT ON TABLE template_purchases IS 'who has bought which template';

CREATE TABLE template_ratings (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  template_id uuid NOT NULL REFERENCES templates ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  rating smallint NOT NULL CHECK (rating BETWEEN 1 AND 5),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (template_id, user_id)
);
CREATE INDEX idx_template_ratings_user_id ON template_ratings (user_id);
COMMENT ON TABLE template_ratings IS 'what users think of templates';

CREATE TABLE collaborations (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,  -- who invites, and whose limit it is
  email varchar(255) NOT NULL,
  role varchar(50) NOT NULL DEFAULT 'viewer' CHECK (role IN ('viewer', 'editor')),
  status varchar(50) NOT NULL DEFAULT 'invited' CHECK (status IN ('invited', 'accepted', 'revoked')),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, email)
);
COMMENT ON TABLE collaborations IS 'invitations to work together';

CREATE TABLE comments (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  chart_id uuid NOT NULL REFERENCES charts ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  body text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_comments_chart_id ON comments (chart_id);
CREATE INDEX idx_comments_user_id ON comments (user_id);
COMMENT ON TABLE comments IS 'comments on charts';

-- activity_log is a view of steward's audit log: see steward.sql.

CREATE TABLE analytics_events (
  id bigint GENERATED ALWAYS AS IDENTITY,
  user_id uuid REFERENCES users ON DELETE SET NULL,  -- what was done is still of interest, and nobody's then
  event varchar(100) NOT NULL,
  properties jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);
CREATE INDEX idx_analytics_events_user_id ON analytics_events (user_id, created_at);
CREATE INDEX idx_analytics_events_created_at ON analytics_events (created_at);
COMMENT ON TABLE analytics_events IS 'what users do';

-- ---- updated_at: plain triggers, as steward has no part for this yet

CREATE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql SET search_path = iops, pg_temp AS $$
BEGIN
  NEW.updated_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON users FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON data_connections FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON datasets FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON analyses FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_updated_at();
-- Not of view_count: steward brings that column up to date every now and then, and nobody has changed the report.
CREATE TRIGGER touch_updated_at BEFORE UPDATE OF analysis_id, user_id, short_code, is_public, password_hash, expires_at ON reports
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON charts FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON templates FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON template_ratings FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON collaborations FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON comments FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_updated_at();
