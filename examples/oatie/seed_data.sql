-- Three organizations and what they did in the first half of 2024. The same each time: fixed keys, times and sizes, no randomness.
-- Passwords are bcrypt of "correct horse" with a fixed salt, so that loading is quick; sign_up() and add_user() salt at random.

CREATE FUNCTION seed_id(kind integer, n integer) RETURNS uuid LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('%s0000000-0000-4000-8000-%s', kind, lpad(n::text, 12, '0'))::uuid;
$$;

BEGIN;
SELECT steward.set_actor('seed data') \g /dev/null

-- Northwind does not pay and is small; Harbor pays until 2099; Meridian's subscription ran out in June 2024.
INSERT INTO organizations (id, name, slug, domain, subscription_tier, subscription_expires_at, max_users, max_reports, storage_limit_gb, created_at, updated_at) VALUES
  (seed_id(1, 1), 'Northwind Analytics', 'northwind', 'northwind.example', 'free', NULL, 3, 4, 1, '2024-01-02 08:00+00', '2024-01-02 08:00+00'),
  (seed_id(1, 2), 'Harbor Logistics', 'harbor', 'harbor.example', 'pro', '2099-12-31 00:00+00', 25, 500, 50, '2024-01-03 09:30+00', '2024-01-03 09:30+00'),
  (seed_id(1, 3), 'Meridian Health', 'meridian', 'meridian.example', 'enterprise', '2024-06-30 00:00+00', 200, 5000, 500, '2024-01-05 10:15+00', '2024-01-05 10:15+00');

INSERT INTO users (id, organization_id, email, username, password_hash, first_name, last_name, role, email_verified, created_at, updated_at, is_active)
SELECT seed_id(2, n), seed_id(1, org), username || '@' || domain, username, '$2a$10$lka4rGZyBVklOZQSEUm2Tuy6uaT0fy8BMjul.qmJwm9ckdE637Rw2',
  first_name, last_name, u.role, true, at, at, active
FROM (VALUES
  (1, 1, 'nora', 'Nora', 'Lindqvist', 'org_admin', true), (2, 1, 'sam', 'Sam', 'Okafor', 'report_manager', true), (3, 1, 'former', 'Finn', 'Maier', 'user', false),
  (4, 2, 'hana', 'Hana', 'Sato', 'org_admin', true), (5, 2, 'leo', 'Leo', 'Duarte', 'report_manager', true), (6, 2, 'vera', 'Vera', 'Novak', 'report_viewer', true),
  (7, 3, 'mira', 'Mira', 'Haddad', 'org_admin', true), (8, 3, 'tom', 'Tom', 'Berg', 'user', true)) u (n, org, username, first_name, last_name, role, active)
JOIN organizations o ON o.id = seed_id(1, org), LATERAL (SELECT '2024-01-08 08:00+00'::timestamptz + n * interval '1 hour' AS at) t;

INSERT INTO templates (id, organization_id, created_by, name, template_type, version, parent_template_id, is_public, structure, created_at, updated_at) VALUES
  (seed_id(3, 1), seed_id(1, 1), seed_id(2, 1), 'Monthly revenue', 'tabular', 1, NULL, false, '{"columns": ["month", "revenue"]}', '2024-01-10 09:00+00', '2024-01-10 09:00+00'),
  (seed_id(3, 2), seed_id(1, 1), seed_id(2, 1), 'Monthly revenue', 'tabular', 2, seed_id(3, 1), false, '{"columns": ["month", "revenue", "change"]}', '2024-02-10 09:00+00', '2024-02-10 09:00+00'),
  (seed_id(3, 3), seed_id(1, 2), seed_id(2, 4), 'Fleet dashboard', 'dashboard', 1, NULL, false, '{"tiles": 6}', '2024-01-11 09:00+00', '2024-01-11 09:00+00'),
  (seed_id(3, 4), seed_id(1, 2), seed_id(2, 5), 'Delays by port', 'chart', 1, NULL, true, '{"x": "port", "y": "hours"}', '2024-01-12 09:00+00', '2024-01-12 09:00+00'),
  (seed_id(3, 5), seed_id(1, 3), seed_id(2, 7), 'Bed occupancy', 'chart', 1, NULL, false, '{"x": "ward", "y": "share"}', '2024-01-13 09:00+00', '2024-01-13 09:00+00');
INSERT INTO template_fields (id, template_id, name, field_type, position) VALUES
  (seed_id(8, 1), seed_id(3, 1), 'month', 'date', 1), (seed_id(8, 2), seed_id(3, 1), 'revenue', 'number', 2),
  (seed_id(8, 3), seed_id(3, 4), 'port', 'text', 1), (seed_id(8, 4), seed_id(3, 4), 'hours', 'number', 2);

-- 3, 45 and 12 reports; every ninth of Harbor's was made in the same second as the one before it.
INSERT INTO reports (id, organization_id, created_by, template_id, name, parameters, status, priority, scheduled_at, created_at, updated_at, execution_count, last_executed)
SELECT seed_id(4, n), seed_id(1, org), seed_id(2, CASE org WHEN 1 THEN 1 + n % 2 WHEN 2 THEN 4 + n % 2 ELSE 7 END), seed_id(3, CASE org WHEN 1 THEN 1 WHEN 2 THEN 3 + n % 2 ELSE 5 END),
  (ARRAY['Revenue', 'Fleet', 'Occupancy'])[org] || ', number ' || n, jsonb_build_object('region', (ARRAY['north', 'south', 'east', 'west'])[1 + n % 4], 'number', n),
  CASE n % 5 WHEN 0 THEN 'draft' WHEN 1 THEN 'scheduled' WHEN 2 THEN 'failed' ELSE 'completed' END, 1 + n % 10,
  CASE n % 5 WHEN 1 THEN '2024-07-01 06:00+00'::timestamptz + n * interval '1 hour' END,
  at, COALESCE(last, at), CASE WHEN last IS NULL THEN 0 ELSE 2 END, last
FROM generate_series(1, 60) n, LATERAL (SELECT CASE WHEN n <= 3 THEN 1 WHEN n <= 48 THEN 2 ELSE 3 END AS org,
  '2024-01-15 09:00+00'::timestamptz + (n - (n % 9 = 0)::int) * interval '1 day 3 hours' AS at) o,
  LATERAL (SELECT CASE WHEN n % 5 > 1 THEN at + 2 * interval '36 days 2 hours' END AS last) l;

-- Each report that has run did so twice, at times that go from January into June; Northwind's results come to 675 MB.
INSERT INTO report_executions (id, report_id, organization_id, executed_by, status, started_at, completed_at, execution_time_ms, result_size_bytes, output_format, error_message)
SELECT seed_id(5, 100 * run + n), r.id, r.organization_id, r.created_by, CASE WHEN failed THEN 'failed' ELSE 'completed' END,
  started, started + ms * interval '1 millisecond', ms, CASE WHEN failed THEN NULL WHEN n <= 3 THEN 225 * 1048576 ELSE (1 + n % 7) * 1048576 END,
  (ARRAY['pdf', 'excel', 'csv', 'json', 'html'])[1 + (n + run) % 5], CASE WHEN failed THEN 'the source did not answer' END
FROM generate_series(1, 60) n CROSS JOIN generate_series(1, 2) run JOIN reports r ON r.id = seed_id(4, n),
  LATERAL (SELECT r.created_at + run * interval '36 days 2 hours' AS started, 800 + (n * 37 + run * 911) % 4200 AS ms, r.status = 'failed' AND run = 2 AS failed) x
WHERE r.status IN ('completed', 'failed');
INSERT INTO execution_logs (execution_id, started_at, logged_at, level, message)
SELECT id, started_at, completed_at, 'error', error_message FROM report_executions WHERE status = 'failed' ORDER BY started_at;

-- Links with codes that somebody chose: one for everybody, one with a password ("open sesame"), one that has expired.
INSERT INTO report_shares (id, report_id, created_by, short_code, password_hash, expires_at, created_at, view_count) VALUES
  (seed_id(6, 1), seed_id(4, 3), seed_id(2, 2), 'Revenue3All', NULL, NULL, '2024-03-01 10:00+00', 17),
  (seed_id(6, 2), seed_id(4, 4), seed_id(2, 4), 'Fleet4Board', '$2a$10$EQPQij.2d.pEkEEK0bCjye/W30L./jBUyHcjqkla7MXPvLzoOLMPO', NULL, '2024-03-02 10:00+00', 4),
  (seed_id(6, 3), seed_id(4, 5), seed_id(2, 5), 'Delays5Port', NULL, '2024-04-01 00:00+00', '2024-03-03 10:00+00', 250);
INSERT INTO user_sessions (id, user_id, created_at, expires_at, ip_address, user_agent) VALUES
  (seed_id(7, 1), seed_id(2, 1), '2024-06-03 07:58+00', '2024-06-03 15:58+00', '198.51.100.7', 'Firefox'),
  (seed_id(7, 2), seed_id(2, 4), '2024-06-03 08:10+00', '2024-06-03 16:10+00', '203.0.113.20', 'Safari');
COMMIT;
DROP FUNCTION seed_id(integer, integer);
-- Plans go by what is there.
ANALYZE organizations, users, templates, reports, report_executions, report_shares;
