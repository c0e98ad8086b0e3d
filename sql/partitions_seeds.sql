-- The partitioned tables of a reporting platform, as its authors meant them: by month from January 2024 on, everything that the table has on each.
SET client_min_messages = warning;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SET steward.now = '2024-06-15 12:00+00';
CREATE ROLE seed_app;
CREATE ROLE seed_auditor;
CREATE FUNCTION tenant() RETURNS uuid STABLE LANGUAGE sql AS $$ SELECT NULLIF(current_setting('app.tenant', true), '')::uuid $$;
CREATE TABLE organizations (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), slug varchar(100) NOT NULL UNIQUE);
CREATE TABLE users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE);
CREATE TABLE reports (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE);

-- A partitioned table's primary key has the partition key's column in it, which is therefore not null.
CREATE TABLE report_executions (
  id uuid DEFAULT gen_random_uuid(),
  report_id uuid NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
  executed_by uuid NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  status varchar(50) DEFAULT 'running',
  started_at timestamptz DEFAULT now(),
  completed_at timestamptz,
  execution_time_ms integer,
  result_size_bytes bigint,
  output_format varchar(20),
  output_url text,
  error_message text,
  metadata jsonb DEFAULT '{}',
  PRIMARY KEY (id, started_at),
  CONSTRAINT valid_execution_status CHECK (status IN ('running', 'completed', 'failed', 'cancelled')),
  CONSTRAINT valid_output_format CHECK (output_format IN ('pdf', 'excel', 'csv', 'json', 'html')),
  CONSTRAINT valid_execution_time CHECK (execution_time_ms >= 0),
  CONSTRAINT completed_at_after_started CHECK (completed_at IS NULL OR completed_at >= started_at)
) PARTITION BY RANGE (started_at);
CREATE INDEX idx_report_executions_report_id ON report_executions (report_id);
CREATE INDEX idx_report_executions_executed_by ON report_executions (executed_by);
CREATE INDEX idx_report_executions_status ON report_executions (status);
CREATE INDEX idx_report_executions_started_at ON report_executions (started_at DESC);
CREATE INDEX idx_report_executions_completed_at ON report_executions (completed_at DESC);
CREATE TABLE report_artifacts (execution_id uuid, started_at timestamptz, url text,
  FOREIGN KEY (execution_id, started_at) REFERENCES report_executions ON DELETE CASCADE);
GRANT SELECT, INSERT ON report_executions TO seed_app;
GRANT SELECT (id, status) ON report_executions TO seed_auditor;
ALTER TABLE report_executions REPLICA IDENTITY FULL;

CREATE TABLE audit_logs (
  id uuid DEFAULT gen_random_uuid(),
  user_id uuid REFERENCES users (id) ON DELETE SET NULL,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  action varchar(100) NOT NULL,
  resource_type varchar(50) NOT NULL,
  resource_id uuid,
  old_values jsonb,
  new_values jsonb,
  ip_address inet,
  user_agent text,
  timestamp timestamptz DEFAULT now(),
  session_id uuid,
  PRIMARY KEY (id, "timestamp"),
  CONSTRAINT valid_action CHECK (action IN ('create', 'read', 'update', 'delete', 'login', 'logout', 'export')),
  CONSTRAINT valid_resource_type CHECK (resource_type IN ('user', 'organization', 'template', 'report', 'execution'))
) PARTITION BY RANGE ("timestamp");
CREATE INDEX idx_audit_logs_user_id ON audit_logs (user_id);
CREATE INDEX idx_audit_logs_organization_id ON audit_logs (organization_id);
CREATE INDEX idx_audit_logs_action ON audit_logs (action);
CREATE INDEX idx_audit_logs_resource_type ON audit_logs (resource_type);
CREATE INDEX idx_audit_logs_resource_id ON audit_logs (resource_id);
CREATE INDEX idx_audit_logs_timestamp ON audit_logs ("timestamp" DESC);
ALTER TABLE audit_logs ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_logs FORCE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON audit_logs USING (organization_id = tenant());
CREATE POLICY write_only ON audit_logs AS RESTRICTIVE FOR INSERT TO seed_app WITH CHECK (action <> 'export');
ALTER TABLE audit_logs REPLICA IDENTITY USING INDEX audit_logs_pkey;
GRANT SELECT, INSERT ON audit_logs TO seed_app;

SELECT steward.manage_partitions('report_executions', '1 month', since => '2024-01-01', time_zone => 'UTC', premake => 2),
  steward.manage_partitions('audit_logs', '1 month', since => '2024-01-01', time_zone => 'UTC', premake => 2) \g /dev/null
-- One partition that the call has made, and one that maintenance makes.
SET steward.now = '2024-07-02 12:00+00';
CALL steward.maintain_partitions();

SELECT i.inhparent::regclass AS rel, c.relname, pg_get_expr(c.relpartbound, c.oid)
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent IN ('report_executions'::regclass, 'audit_logs'::regclass) ORDER BY 1, 2;
\d report_executions_y2024m01
\d audit_logs_y2024m01

-- The others are as the first, by what they have and not by its names.
CREATE VIEW traits AS
SELECT i.inhparent::regclass AS rel, c.relname,
  (SELECT string_agg(regexp_replace(pg_get_indexdef(x.indexrelid), '^CREATE (UNIQUE )?INDEX \S+ ON \S+', '\1'), '; ') FROM
     (SELECT indexrelid FROM pg_index WHERE indrelid = c.oid AND indisvalid ORDER BY pg_get_indexdef(indexrelid)) x) AS indexes,
  (SELECT string_agg(contype::text || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated || ' ' || (conparentid <> 0), '; ' ORDER BY contype, pg_get_constraintdef(oid))
     FROM pg_constraint WHERE conrelid = c.oid AND contype IN ('c', 'f', 'p')) AS constraints,
  (SELECT string_agg(conrelid::regclass || ' ' || confdeltype::text, '; ') FROM pg_constraint f
     WHERE f.confrelid = c.oid AND f.contype = 'f') AS referenced_by,
  (SELECT string_agg(grantee::regrole || ' ' || privilege_type, '; ' ORDER BY privilege_type) FROM aclexplode(c.relacl) WHERE grantee <> relowner) AS grants, (SELECT string_agg(attname || ' ' || (SELECT string_agg(grantee::regrole || ' ' || privilege_type, ' ') FROM aclexplode(attacl)), '; ' ORDER BY attname) FROM pg_attribute WHERE attrelid = c.oid AND attacl IS NOT NULL) AS columns,
  c.relrowsecurity, c.relforcerowsecurity,
  (SELECT string_agg(concat_ws(' ', polname, polcmd, polpermissive, polroles::regrole[], pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)), '; ' ORDER BY polname)
     FROM pg_policy WHERE polrelid = c.oid) AS policies,
  c.relreplident, c.relowner
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent IN ('report_executions'::regclass, 'audit_logs'::regclass);
SELECT rel, count(*) AS partitions, count(DISTINCT (indexes, constraints, referenced_by, grants, columns, relrowsecurity, relforcerowsecurity, policies, relreplident, relowner)) AS kinds
FROM traits GROUP BY rel ORDER BY rel;
SELECT indexes, constraints, referenced_by, grants, columns, relrowsecurity, relforcerowsecurity, policies, relreplident FROM traits WHERE relname LIKE '%\_y2024m09' ORDER BY rel \gx
SELECT c.relname, x.relname AS identity FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
WHERE i.indisreplident AND c.relname LIKE 'audit\_logs%' ORDER BY 1;

-- Rows go where they belong, keys hold in both directions, and nobody gets around a policy by a partition's name.
INSERT INTO organizations VALUES ('00000000-0000-0000-0000-00000000000a', 'acme'), ('00000000-0000-0000-0000-00000000000b', 'other');
INSERT INTO users SELECT id, id FROM organizations;
INSERT INTO reports SELECT id, id FROM organizations;
INSERT INTO report_executions (id, report_id, executed_by, started_at) VALUES
  ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-00000000000a', '2024-01-31 23:59:59.999999+00'),
  ('00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-00000000000a', '2024-02-01 00:00+00'),
  ('00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-00000000000b', '00000000-0000-0000-0000-00000000000a', '2023-12-31 23:59+00')
RETURNING tableoid::regclass, started_at;
INSERT INTO report_artifacts VALUES ('00000000-0000-0000-0000-000000000001', '2024-01-31 23:59:59.999999+00', 'https://example.org');
INSERT INTO report_artifacts VALUES ('00000000-0000-0000-0000-000000000009', '2024-01-31 00:00+00', 'https://example.org');
INSERT INTO report_executions (report_id, executed_by, started_at) VALUES ('00000000-0000-0000-0000-00000000000c', '00000000-0000-0000-0000-00000000000a', '2024-09-01');
INSERT INTO report_executions (id, report_id, executed_by, started_at, status) VALUES ('00000000-0000-0000-0000-000000000004', '00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-00000000000a', '2024-09-01', 'lost');
INSERT INTO audit_logs (organization_id, action, resource_type, timestamp) SELECT id, 'read', 'report', '2024-09-09' FROM organizations;
DELETE FROM reports WHERE id = '00000000-0000-0000-0000-00000000000a';
SELECT count(*) AS executions, (SELECT count(*) FROM report_artifacts) AS artifacts FROM report_executions;
SET ROLE seed_app;
SELECT count(*) FROM audit_logs;
SELECT count(*) FROM audit_logs_y2024m09;
SET app.tenant = '00000000-0000-0000-0000-00000000000a';
SELECT count(*) FROM audit_logs;
SELECT count(*) FROM audit_logs_y2024m09;
INSERT INTO audit_logs_y2024m09 (organization_id, action, resource_type, timestamp) VALUES ('00000000-0000-0000-0000-00000000000a', 'export', 'report', '2024-09-09');
DELETE FROM report_executions_y2024m01;
RESET ROLE;
SET ROLE seed_auditor;
SELECT count(status) FROM report_executions_y2024m09;
SELECT count(report_id) FROM report_executions_y2024m09;
RESET ROLE;

-- What is older than two years goes; the log is kept for ever.
SELECT steward.manage_partitions('report_executions', retention => '2 years');
SET steward.now = '2026-02-15 12:00+00';
SET steward.partition_max_drops = 1;
CALL steward.maintain_partitions();
CALL steward.maintain_partitions('report_executions');
SELECT part, lower_bound, upper_bound, foreign_keys, referenced_by FROM steward.recycled_partitions ORDER BY part::text;
SELECT rel, sqlstate, last_error FROM steward._partition_runs ORDER BY rel::text;
SELECT min(relname), max(relname) FILTER (WHERE relname !~ 'default'), count(*) FROM traits GROUP BY rel ORDER BY rel;

DROP TABLE report_artifacts, report_executions_y2024m01, report_executions, audit_logs, reports, users, organizations CASCADE;
DROP FUNCTION tenant();
DROP ROLE seed_app, seed_auditor;
SET client_min_messages = error;
CALL steward.maintain_partitions();
SELECT count(*) FROM steward.partition_sets WHERE NOT EXISTS (SELECT FROM pg_class WHERE oid = rel);
