-- The rules of two platforms, in their own words: what a table of tiers becomes, and what the customer's own row says.
SET client_min_messages = warning;
SET timezone = 'UTC';
SET steward.now = '2026-03-10 12:00+00';

-- ---- A platform with tiers
--
--   tier         datasets a month   AI messages a month   public reports a month   collaborators   data connections
--   free         5                  50                    3                        3               5
--   pro          unlimited          unlimited             unlimited                3               5
--   team         unlimited          unlimited             unlimited                unlimited       10
--   enterprise   by contract

CREATE SCHEMA iops;
SET search_path = iops;
CREATE TABLE users (
  id uuid PRIMARY KEY, email varchar(255) NOT NULL UNIQUE, tier varchar(50) NOT NULL DEFAULT 'free',
  subscription_expires_at timestamptz, time_zone text NOT NULL DEFAULT 'UTC');
CREATE TABLE datasets (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE, name varchar(255) NOT NULL);
CREATE TABLE reports (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE, title text NOT NULL, is_public boolean NOT NULL DEFAULT true);
CREATE TABLE collaborators (user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE, email text NOT NULL, removed_at timestamptz, PRIMARY KEY (user_id, email));
CREATE TABLE data_connections (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE, deleted_at timestamptz);
INSERT INTO users (id, email, tier) VALUES
  ('00000000-0000-4000-8000-000000000001', 'ada@example.org', 'free'), ('00000000-0000-4000-8000-000000000002', 'grace@example.org', 'pro'),
  ('00000000-0000-4000-8000-000000000003', 'team@example.org', 'team'), ('00000000-0000-4000-8000-000000000004', 'corp@example.org', 'enterprise');
SELECT id AS ada FROM users WHERE email LIKE 'ada%' \gset
SELECT id AS grace FROM users WHERE email LIKE 'grace%' \gset
SELECT id AS team FROM users WHERE email LIKE 'team%' \gset
SELECT id AS corp FROM users WHERE email LIKE 'corp%' \gset

SELECT steward.define_tier('free', 0), steward.define_tier('pro', 1), steward.define_tier('team', 2), steward.define_tier('enterprise', 3) \g /dev/null
SELECT steward.bind_subjects('users', tier_col => 'tier', expires_col => 'subscription_expires_at', fallback => 'free', zone_col => 'time_zone') \g /dev/null
SELECT steward.define_meter('datasets', 'users', 'metered', 'month'), steward.define_meter('ai_messages', 'users', 'metered', 'month'),
  steward.define_meter('reports', 'users', 'metered', 'month'),
  steward.define_meter('collaborators', 'users', 'standing'), steward.define_meter('data_connections', 'users', 'standing') \g /dev/null
SELECT steward.set_limit(tier, meter, max) FROM (VALUES
  ('free', 'datasets', 5), ('free', 'ai_messages', 50),   ('free', 'reports', 3),   ('free', 'collaborators', 3),    ('free', 'data_connections', 5),
  ('pro', 'datasets', NULL), ('pro', 'ai_messages', NULL),  ('pro', 'reports', NULL),  ('pro', 'collaborators', 3),     ('pro', 'data_connections', 5),
  ('team', 'datasets', NULL), ('team', 'ai_messages', NULL), ('team', 'reports', NULL), ('team', 'collaborators', NULL), ('team', 'data_connections', 10)) l (tier, meter, max) \g /dev/null
-- The tables themselves keep their limits; only AI messages are no rows.
SELECT steward.limit_rows('datasets', 'user_id', 'datasets'), steward.limit_rows('reports', 'user_id', 'reports', condition => 'is_public'),
  steward.limit_rows('collaborators', 'user_id', 'collaborators', condition => 'removed_at IS NULL'),
  steward.limit_rows('data_connections', 'user_id', 'data_connections', condition => 'deleted_at IS NULL') \g /dev/null

-- Free: 5 datasets a month, and deleting one gives no other.
INSERT INTO datasets (user_id, name) SELECT :'ada', 'dataset ' || n FROM generate_series(1, 5) n;
DELETE FROM datasets WHERE name = 'dataset 1';
INSERT INTO datasets (user_id, name) VALUES (:'ada', 'dataset 6');
-- 50 messages.
SELECT steward.consume(:'ada', 'ai_messages', 49) AS remaining, steward.try_consume(:'ada', 'ai_messages') AS the_last, steward.try_consume(:'ada', 'ai_messages') AS one_more;
-- 3 public reports: a private one counts when it is published, and publishing it again is another.
INSERT INTO reports (user_id, title, is_public) SELECT :'ada', 'report ' || n, n <= 2 FROM generate_series(1, 4) n;
UPDATE reports SET is_public = true WHERE title = 'report 3';
UPDATE reports SET is_public = true WHERE title = 'report 4';
UPDATE reports SET is_public = false WHERE title = 'report 1';
UPDATE reports SET is_public = true WHERE title = 'report 1';
-- 3 collaborators at any time: who leaves makes room.
INSERT INTO collaborators SELECT :'ada', n || '@example.org' FROM generate_series(1, 3) n;
INSERT INTO collaborators VALUES (:'ada', '4@example.org');
UPDATE collaborators SET removed_at = '2026-03-10' WHERE email = '1@example.org';
INSERT INTO collaborators VALUES (:'ada', '4@example.org');
UPDATE collaborators SET removed_at = NULL WHERE email = '1@example.org';
-- 5 connections.
INSERT INTO data_connections (user_id) SELECT :'ada' FROM generate_series(1, 6);
INSERT INTO data_connections (user_id) SELECT :'ada' FROM generate_series(1, 5);
SELECT meter, kind, used, max, remaining, resets_at FROM steward.usage(:'ada', 'users');

-- Pro: as many as one likes, but 3 collaborators. Team: 10 connections.
INSERT INTO datasets (user_id, name) SELECT :'grace', 'dataset ' || n FROM generate_series(1, 500) n;
SELECT steward.consume(:'grace', 'ai_messages', 100000) AS remaining;
INSERT INTO collaborators SELECT :'grace', n || '@example.org' FROM generate_series(1, 4) n;
INSERT INTO collaborators SELECT :'team', n || '@example.org' FROM generate_series(1, 400) n;
INSERT INTO data_connections (user_id) SELECT :'team' FROM generate_series(1, 10);
INSERT INTO data_connections (user_id) VALUES (:'team');
SELECT email, meter, used, max FROM users, steward.usage(id, 'users') WHERE email ~ '^(grace|team)' AND used > 0 ORDER BY 1, 2;

-- Enterprise: nothing until it is agreed upon.
SELECT steward.consume(:'corp', 'ai_messages');
SELECT steward.override_limit(:'corp', 'ai_messages', 20000, reason => 'contract 4711'), steward.override_limit(:'corp', 'datasets', NULL, until => '2027-01-01') \g /dev/null
SELECT steward.consume(:'corp', 'ai_messages', 20000) AS remaining, steward.try_consume(:'corp', 'ai_messages') AS one_more;
SELECT meter, max, source FROM steward.usage(:'corp', 'users') ORDER BY 1;

-- An upgrade counts at once. When the subscription runs out the user is free again; what there is stays, and there is no more.
UPDATE users SET tier = 'team', subscription_expires_at = '2026-03-20' WHERE id = :'ada';
INSERT INTO data_connections (user_id) SELECT :'ada' FROM generate_series(1, 3);
SET steward.now = '2026-03-20 00:00+00';
INSERT INTO data_connections (user_id) VALUES (:'ada');
SELECT * FROM steward.what_if(:'ada', 'pro', 'users') ORDER BY 1;

-- A new month. The table that the platform had kept by hand is a view.
SET steward.now = '2026-04-01 00:00+00';
INSERT INTO datasets (user_id, name) VALUES (:'ada', 'dataset 6');
CREATE VIEW usage_tracking AS
  SELECT subject::uuid AS user_id, month AS month_year, COALESCE(sum(used) FILTER (WHERE meter = 'datasets'), 0) AS datasets_count,
    COALESCE(sum(used) FILTER (WHERE meter = 'ai_messages'), 0) AS ai_messages_count, COALESCE(sum(used) FILTER (WHERE meter = 'reports'), 0) AS reports_count
  FROM steward.usage_by_month WHERE rel = 'iops.users'::regclass GROUP BY subject, month;
SELECT email, month_year, datasets_count, ai_messages_count, reports_count FROM usage_tracking JOIN users ON id = user_id ORDER BY email, month_year;
SELECT count(*) AS differences FROM steward.verify_limits();

-- ---- A platform whose limits are in each customer's own row

CREATE SCHEMA oatie;
SET search_path = oatie;
CREATE TABLE organizations (
  id uuid PRIMARY KEY, name varchar(255) NOT NULL, subscription_tier varchar(50) DEFAULT 'free', subscription_expires_at timestamptz,
  max_users int DEFAULT 2, max_reports int DEFAULT 3, storage_limit_gb int DEFAULT 1);
CREATE TABLE users (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE, is_active boolean NOT NULL DEFAULT true);
CREATE TABLE reports (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
  UNIQUE (id, organization_id));
-- An execution belongs to an organization by its report; the foreign key sees to it.
CREATE TABLE report_executions (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, report_id int NOT NULL, organization_id uuid NOT NULL, status varchar(50) NOT NULL DEFAULT 'pending',
  result_size_bytes bigint, FOREIGN KEY (report_id, organization_id) REFERENCES reports (id, organization_id) ON DELETE CASCADE ON UPDATE CASCADE);
INSERT INTO organizations (id, name) VALUES ('00000000-0000-4000-8000-00000000000a', 'Acme'), ('00000000-0000-4000-8000-00000000000b', 'Big');
SELECT id AS acme FROM organizations WHERE name = 'Acme' \gset

SELECT steward.bind_subjects('organizations', tier_col => 'subscription_tier', expires_col => 'subscription_expires_at', fallback => 'free') \g /dev/null
SELECT steward.define_meter('org_users', 'organizations', 'standing', max_col => 'max_users'),
  steward.define_meter('org_reports', 'organizations', 'standing', max_col => 'max_reports'),
  steward.define_meter('storage', 'organizations', 'standing', unit => 'bytes', max_col => 'storage_limit_gb', max_unit => 1073741824),
  steward.define_meter('concurrent_jobs', 'organizations', 'standing'),
  steward.set_limit('free', 'concurrent_jobs', 2), steward.set_limit('enterprise', 'concurrent_jobs', 20),
  steward.set_limit('free', 'org_users', 1), steward.set_limit('free', 'org_reports', 1), steward.set_limit('free', 'storage', 0) \g /dev/null
SELECT steward.limit_rows('users', 'organization_id', 'org_users', condition => 'is_active'), steward.limit_rows('reports', 'organization_id', 'org_reports'),
  steward.limit_rows('report_executions', 'organization_id', 'storage', measure_col => 'result_size_bytes'),
  steward.limit_rows('report_executions', 'organization_id', 'concurrent_jobs', condition => $$status IN ('pending', 'processing')$$) \g /dev/null

-- max_users and max_reports.
INSERT INTO users (organization_id) VALUES (:'acme'), (:'acme');
INSERT INTO users (organization_id) VALUES (:'acme');
INSERT INTO users (organization_id, is_active) VALUES (:'acme', false);
UPDATE users SET is_active = true;
UPDATE organizations SET max_users = 3 WHERE id = :'acme';
UPDATE users SET is_active = true;
INSERT INTO reports (organization_id) SELECT :'acme' FROM generate_series(1, 4);
INSERT INTO reports (organization_id) SELECT :'acme' FROM generate_series(1, 3);
-- Two jobs at a time: one that is done makes room, and one that is tried again needs it.
SELECT min(id) AS report FROM reports \gset
INSERT INTO report_executions (report_id, organization_id) VALUES (:report, :'acme'), (:report, :'acme');
INSERT INTO report_executions (report_id, organization_id) VALUES (:report, :'acme');
UPDATE report_executions SET status = 'processing' WHERE id = 1;
UPDATE report_executions SET status = 'completed', result_size_bytes = 1073741823 WHERE id = 1;
INSERT INTO report_executions (report_id, organization_id) VALUES (:report, :'acme');
UPDATE report_executions SET status = 'pending' WHERE id = 1;
-- storage_limit_gb is the sum of the sizes of what there is.
UPDATE report_executions SET result_size_bytes = 2 WHERE id = 2;
UPDATE report_executions SET result_size_bytes = 1 WHERE id = 2;
SELECT meter, used, max, remaining, source FROM steward.usage(:'acme', 'organizations');
-- A NULL in the row leaves it to the tier; so does the end of the subscription.
UPDATE organizations SET max_reports = NULL WHERE id = :'acme';
SELECT meter, used, max, source FROM steward.usage(:'acme', 'organizations') WHERE meter = 'org_reports';
UPDATE organizations SET subscription_tier = 'enterprise', subscription_expires_at = '2026-03-31' WHERE id = :'acme';
SELECT meter, tier, used, max, remaining, source FROM steward.usage(:'acme', 'organizations');
UPDATE organizations SET subscription_expires_at = '2027-03-31' WHERE id = :'acme';
SELECT meter, tier, used, max, remaining, source FROM steward.usage(:'acme', 'organizations') WHERE meter = 'concurrent_jobs';
-- A report takes its executions along, and an organization everything.
DELETE FROM reports WHERE id = :report;
SELECT meter, used FROM steward.usage(:'acme', 'organizations');
DELETE FROM organizations;
SELECT count(*) AS differences FROM steward.verify_limits();

SELECT steward.unlimit_rows(t, m) FROM (VALUES ('iops.collaborators'::regclass, 'collaborators'), ('iops.data_connections', 'data_connections'), ('users', 'org_users'),
  ('reports', 'org_reports'), ('report_executions', 'storage'), ('report_executions', 'concurrent_jobs'), ('iops.datasets', 'datasets'), ('iops.reports', 'reports')) u (t, m) \g /dev/null
SELECT steward.drop_meter(m) FROM unnest('{datasets,ai_messages,reports,collaborators,data_connections,org_users,org_reports,storage,concurrent_jobs}'::text[]) m \g /dev/null
SELECT steward.unbind_subjects('organizations'), steward.unbind_subjects('iops.users') \g /dev/null
SELECT steward.drop_tier(t) FROM unnest('{free,pro,team,enterprise}'::text[]) t \g /dev/null
RESET search_path;
DROP SCHEMA iops, oatie CASCADE;
RESET steward.now;
RESET timezone;
