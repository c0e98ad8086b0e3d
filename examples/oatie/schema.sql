-- The platform's tables. "Corrected" says where the document's SQL cannot be run as it stands, or does what nobody can have meant.
-- Plain SQL throughout; what steward takes over is in steward.sql. Stamps (updated_at) are a trigger here, and migrations a table
-- (migrations.sql), because steward has no part for them yet.

CREATE FUNCTION update_updated_at_column() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.updated_at = now();
  RETURN NEW;
END $$;
COMMENT ON FUNCTION update_updated_at_column() IS 'the time of the last change of a row';

-- ---- Organizations. Corrected: first, because users refer to them.

CREATE TABLE organizations (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name varchar(255) NOT NULL UNIQUE,
  domain varchar(255),
  slug varchar(100) NOT NULL UNIQUE,
  description text,
  settings jsonb DEFAULT '{}',
  created_at timestamptz DEFAULT now(),
  updated_at timestamptz DEFAULT now(),
  is_active boolean DEFAULT true,
  subscription_tier varchar(50) DEFAULT 'free',
  subscription_expires_at timestamptz,
  max_users integer DEFAULT 10,
  max_reports integer DEFAULT 100,
  storage_limit_gb integer DEFAULT 5,
  CONSTRAINT valid_subscription_tier CHECK (subscription_tier IN ('free', 'pro', 'enterprise')),
  CONSTRAINT valid_slug CHECK (slug ~* '^[a-z0-9-]{3,50}$'),
  CONSTRAINT valid_domain CHECK (domain ~* '^[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$' OR domain IS NULL)
);
COMMENT ON TABLE organizations IS 'the customers, each with limits of its own';
-- Corrected: no idx_organizations_slug. UNIQUE has made that index already; a second one costs writes and is never read.
CREATE INDEX idx_organizations_domain ON organizations (domain);
CREATE INDEX idx_organizations_is_active ON organizations (is_active);
CREATE INDEX idx_organizations_subscription_tier ON organizations (subscription_tier);
CREATE TRIGGER update_organizations_updated_at BEFORE UPDATE ON organizations FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- ---- Users

CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  email varchar(255) NOT NULL UNIQUE,
  username varchar(100) NOT NULL UNIQUE,
  password_hash varchar(255) NOT NULL,
  first_name varchar(100) NOT NULL,
  last_name varchar(100) NOT NULL,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  role varchar(50) NOT NULL DEFAULT 'user',
  preferences jsonb DEFAULT '{}',
  created_at timestamptz DEFAULT now(),
  updated_at timestamptz DEFAULT now(),
  is_active boolean DEFAULT true,
  last_login timestamptz,
  email_verified boolean DEFAULT false,
  phone varchar(20),
  timezone varchar(50) DEFAULT 'UTC',
  language varchar(10) DEFAULT 'en',
  CONSTRAINT valid_role CHECK (role IN ('super_admin', 'org_admin', 'report_manager', 'report_viewer', 'user')),
  CONSTRAINT valid_email CHECK (email ~* '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$'),
  CONSTRAINT valid_username CHECK (username ~* '^[a-zA-Z0-9_-]{3,30}$')
);
COMMENT ON TABLE users IS 'who works for an organization; whoever is not active takes no seat';
-- Corrected: no idx_users_email and idx_users_username, for the same reason.
CREATE INDEX idx_users_organization_id ON users (organization_id);
CREATE INDEX idx_users_role ON users (role);
CREATE INDEX idx_users_is_active ON users (is_active);
CREATE INDEX idx_users_last_login ON users (last_login DESC);
CREATE INDEX idx_users_email_lower ON users (lower(email));
CREATE TRIGGER update_users_updated_at BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- Invented: the diagram names sessions and says no more of them.
CREATE TABLE user_sessions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  ip_address inet,
  user_agent text
);
COMMENT ON TABLE user_sessions IS 'who is logged in';
CREATE INDEX idx_user_sessions_user_id ON user_sessions (user_id);

-- ---- Templates. Corrected: without a version, which migration 004 adds (migrations.sql): the document has the column in both
-- places, and the migration would fail.

CREATE TABLE templates (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name varchar(255) NOT NULL,
  description text,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  created_by uuid NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  template_type varchar(50) NOT NULL,
  structure jsonb NOT NULL DEFAULT '{}',
  parameters jsonb DEFAULT '{}',
  configuration jsonb DEFAULT '{}',
  is_active boolean DEFAULT true,
  is_public boolean DEFAULT false,
  created_at timestamptz DEFAULT now(),
  updated_at timestamptz DEFAULT now(),
  CONSTRAINT valid_template_type CHECK (template_type IN ('tabular', 'chart', 'dashboard', 'custom'))
);
COMMENT ON TABLE templates IS 'what reports are made from';
CREATE INDEX idx_templates_organization_id ON templates (organization_id);
CREATE INDEX idx_templates_created_by ON templates (created_by);
CREATE INDEX idx_templates_template_type ON templates (template_type);
CREATE INDEX idx_templates_is_active ON templates (is_active);
CREATE INDEX idx_templates_is_public ON templates (is_public);
CREATE INDEX idx_templates_created_at ON templates (created_at DESC);
CREATE INDEX idx_templates_active_org ON templates (organization_id, name) WHERE is_active = true;
CREATE TRIGGER update_templates_updated_at BEFORE UPDATE ON templates FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- Invented: the diagram names the fields of a template and says no more of them.
CREATE TABLE template_fields (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  template_id uuid NOT NULL REFERENCES templates (id) ON DELETE CASCADE,
  name varchar(100) NOT NULL,
  field_type varchar(50) NOT NULL DEFAULT 'text',
  position integer NOT NULL DEFAULT 1,
  UNIQUE (template_id, name)
);
COMMENT ON TABLE template_fields IS 'the fields of a template';

-- ---- Reports

CREATE TABLE reports (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name varchar(255) NOT NULL,
  description text,
  template_id uuid NOT NULL REFERENCES templates (id) ON DELETE RESTRICT,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  created_by uuid NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  parameters jsonb DEFAULT '{}',
  configuration jsonb DEFAULT '{}',
  status varchar(50) DEFAULT 'draft',
  priority integer DEFAULT 5,
  scheduled_at timestamptz,
  created_at timestamptz DEFAULT now(),
  updated_at timestamptz DEFAULT now(),
  last_executed timestamptz,
  execution_count integer DEFAULT 0,
  CONSTRAINT valid_status CHECK (status IN ('draft', 'scheduled', 'processing', 'completed', 'failed', 'cancelled')),
  CONSTRAINT valid_priority CHECK (priority BETWEEN 1 AND 10),
  -- Added: what an execution's organization is checked against.
  UNIQUE (id, organization_id)
);
COMMENT ON TABLE reports IS 'what an organization reports';
CREATE INDEX idx_reports_organization_id ON reports (organization_id);
CREATE INDEX idx_reports_template_id ON reports (template_id);
CREATE INDEX idx_reports_created_by ON reports (created_by);
CREATE INDEX idx_reports_status ON reports (status);
CREATE INDEX idx_reports_scheduled_at ON reports (scheduled_at) WHERE scheduled_at IS NOT NULL;
CREATE INDEX idx_reports_created_at ON reports (created_at DESC);
CREATE INDEX idx_reports_last_executed ON reports (last_executed DESC);
CREATE INDEX idx_reports_org_status_created ON reports (organization_id, status, created_at DESC);
CREATE INDEX idx_reports_parameters_gin ON reports USING gin (parameters);
-- Added: the document's pages are by time alone, which the index above serves only within one status.
CREATE INDEX idx_reports_org_created ON reports (organization_id, created_at DESC, id DESC);
CREATE TRIGGER update_reports_updated_at BEFORE UPDATE ON reports FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- ---- Executions. Corrected: the document gives partitions to a table that is not partitioned. It is partitioned here, by the month
-- in which an execution started; so started_at is part of the primary key, and not null. steward makes the months.

CREATE TABLE report_executions (
  id uuid DEFAULT gen_random_uuid(),
  report_id uuid NOT NULL,
  -- Added: the organization of the report, which the foreign key keeps true. Storage is limited by organization, and what a
  -- limit counts must be in the row itself.
  organization_id uuid NOT NULL,
  executed_by uuid NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  status varchar(50) DEFAULT 'running',
  started_at timestamptz NOT NULL DEFAULT now(),
  completed_at timestamptz,
  execution_time_ms integer,
  result_size_bytes bigint,
  output_format varchar(20),
  output_url text,
  error_message text,
  metadata jsonb DEFAULT '{}',
  PRIMARY KEY (id, started_at),
  FOREIGN KEY (report_id, organization_id) REFERENCES reports (id, organization_id) ON DELETE CASCADE,
  -- Needed beside the one above: an organization that is deleted takes its users along, and the executions that refer to these
  -- must be gone at the same step.
  FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
  CONSTRAINT valid_execution_status CHECK (status IN ('running', 'completed', 'failed', 'cancelled')),
  CONSTRAINT valid_output_format CHECK (output_format IN ('pdf', 'excel', 'csv', 'json', 'html')),
  CONSTRAINT valid_execution_time CHECK (execution_time_ms >= 0),
  CONSTRAINT completed_at_after_started CHECK (completed_at IS NULL OR completed_at >= started_at)
) PARTITION BY RANGE (started_at);
COMMENT ON TABLE report_executions IS 'each run of a report, and what came of it';
CREATE INDEX idx_report_executions_report_id ON report_executions (report_id);
CREATE INDEX idx_report_executions_executed_by ON report_executions (executed_by);
CREATE INDEX idx_report_executions_status ON report_executions (status);
CREATE INDEX idx_report_executions_started_at ON report_executions (started_at DESC);
CREATE INDEX idx_report_executions_completed_at ON report_executions (completed_at DESC);
-- Added: the document counts "with covering index", and defines none; and whoever deletes an organization looks for its executions.
CREATE INDEX idx_report_executions_statistics ON report_executions (organization_id, started_at) INCLUDE (status, execution_time_ms);

-- Invented: the diagram names the logs of an execution and says no more of them.
CREATE TABLE execution_logs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  execution_id uuid NOT NULL,
  started_at timestamptz NOT NULL,
  logged_at timestamptz NOT NULL DEFAULT now(),
  level varchar(10) NOT NULL DEFAULT 'info',
  message text NOT NULL,
  FOREIGN KEY (execution_id, started_at) REFERENCES report_executions (id, started_at) ON DELETE CASCADE
);
COMMENT ON TABLE execution_logs IS 'what an execution had to say';
CREATE INDEX idx_execution_logs_execution ON execution_logs (execution_id, started_at);

-- Invented: the diagram names shares and says no more of them. What a share shows to the world is its code.
CREATE TABLE report_shares (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  report_id uuid NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
  -- Who goes takes his links along: nobody would be there to answer for them.
  created_by uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  short_code text NOT NULL UNIQUE,
  password_hash text,
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  view_count bigint NOT NULL DEFAULT 0,
  last_viewed_at timestamptz
);
COMMENT ON TABLE report_shares IS 'links to a report for people without an account';
CREATE INDEX idx_report_shares_report_id ON report_shares (report_id);
CREATE INDEX idx_report_shares_created_by ON report_shares (created_by);

-- ---- The audit log is steward's: steward.sql makes audit_logs a view of it.

-- ---- Monitoring. Corrected: pg_stat_user_indexes has relname and indexrelname; there is no tablename and no indexname.

CREATE VIEW index_usage AS
  SELECT schemaname, relname AS tablename, indexrelname AS indexname, idx_tup_read, idx_tup_fetch, idx_scan,
         idx_tup_read::float / NULLIF(idx_scan, 0) AS avg_tuples_per_scan
  FROM pg_stat_user_indexes WHERE schemaname = 'oatie' ORDER BY idx_scan DESC;
COMMENT ON VIEW index_usage IS 'how much each index is used';

CREATE VIEW unused_indexes AS
  SELECT schemaname, relname AS tablename, indexrelname AS indexname, idx_scan, pg_size_pretty(pg_relation_size(indexrelid)) AS size
  FROM pg_stat_user_indexes WHERE schemaname = 'oatie' AND idx_scan < 10 ORDER BY pg_relation_size(indexrelid) DESC;
COMMENT ON VIEW unused_indexes IS 'indexes that hardly anybody has used';
