-- iOps: sample data, the same each time. Four people, one in each tier; Ada has a history. All passwords are "correct horse".
--
-- The months are played through by steward.now, which only superusers may set.

SET search_path = iops;
SET steward.now = '2026-01-05 09:00+00';

INSERT INTO users (id, email, password_hash, full_name, tier, stripe_customer_id, created_at, updated_at)
SELECT id::uuid, email, public.crypt('correct horse', '$2a$10$abcdefghijklmnopqrstuu'), full_name, tier, customer, at::timestamptz, at::timestamptz
FROM (VALUES
  ('00000000-0000-4000-8000-0000000000a1', 'ada@example.org', 'Ada Lovelace', 'free', NULL, '2026-01-05 09:00+00'),
  ('00000000-0000-4000-8000-0000000000a2', 'grace@example.org', 'Grace Hopper', 'pro', 'cus_grace', '2026-01-12 10:30+00'),
  ('00000000-0000-4000-8000-0000000000a3', 'edsger@example.org', 'Edsger Dijkstra', 'team', 'cus_edsger', '2026-02-02 08:15+00'),
  ('00000000-0000-4000-8000-0000000000a4', 'barbara@example.org', 'Barbara Liskov', 'enterprise', 'cus_barbara', '2026-02-20 14:00+00')
) AS t (id, email, full_name, tier, customer, at);

SELECT agree_terms('00000000-0000-4000-8000-0000000000a4', datasets => 100, ai_messages => 10000, reports => NULL, collaborators => 50, data_connections => 25,
  until => '2027-03-01 00:00+00', contract => 'contract 2026-017') \g /dev/null

-- ---- January and February

SET steward.now = '2026-01-20 11:00+00';
INSERT INTO datasets (id, user_id, name, file_path, row_count, column_count, size_bytes, created_at, updated_at)
SELECT md5('dataset ' || n)::uuid, '00000000-0000-4000-8000-0000000000a1', 'Orders, week ' || n, 'datasets/ada/' || n, 1000 * n, 12, 81920 * n, at, at
FROM (SELECT n, '2026-01-20 11:00+00'::timestamptz + n * interval '1 hour' AS at FROM generate_series(1, 4) n) t;
SELECT send_ai_message('00000000-0000-4000-8000-0000000000a1') FROM generate_series(1, 31) \g /dev/null

SET steward.now = '2026-02-17 16:00+00';
INSERT INTO datasets (id, user_id, name, file_path, row_count, column_count, size_bytes, created_at, updated_at)
SELECT md5('dataset ' || n)::uuid, CASE WHEN n < 8 THEN '00000000-0000-4000-8000-0000000000a1' ELSE '00000000-0000-4000-8000-0000000000a2' END::uuid,
  'Signups, batch ' || n, 'datasets/batch/' || n, 500 * n, 7, 40960 * n, at, at
FROM (SELECT n, '2026-02-17 16:00+00'::timestamptz + n * interval '10 minutes' AS at FROM generate_series(5, 16) n) t;
SELECT send_ai_message('00000000-0000-4000-8000-0000000000a1') FROM generate_series(1, 12) \g /dev/null
SELECT send_ai_message('00000000-0000-4000-8000-0000000000a2') FROM generate_series(1, 80) \g /dev/null

INSERT INTO analyses (id, user_id, name, dataset_id, config, results, status, created_at, updated_at) VALUES
  ('00000000-0000-4000-8000-00000000aa01', '00000000-0000-4000-8000-0000000000a1', 'Orders by week', md5('dataset 1')::uuid, '{"group_by": "week"}', '{"weeks": 4, "orders": 10000}', 'completed', '2026-02-17 16:30+00', '2026-02-17 16:30+00'),
  ('00000000-0000-4000-8000-00000000aa02', '00000000-0000-4000-8000-0000000000a2', 'Signups by source', md5('dataset 8')::uuid, '{"group_by": "source"}', '{"search": 41, "direct": 19}', 'completed', '2026-02-17 17:00+00', '2026-02-17 17:00+00'),
  ('00000000-0000-4000-8000-00000000aa03', '00000000-0000-4000-8000-0000000000a2', 'Signups by hour', md5('dataset 9')::uuid, '{"group_by": "hour"}', NULL, 'draft', '2026-02-17 17:05+00', '2026-02-17 17:05+00');
-- The codes come from the series, in this order.
INSERT INTO reports (id, analysis_id, expires_at, created_at, updated_at) VALUES
  ('00000000-0000-4000-8000-00000000bb01', '00000000-0000-4000-8000-00000000aa01', NULL, '2026-02-17 17:10+00', '2026-02-17 17:10+00');
INSERT INTO reports (id, analysis_id, expires_at, created_at, updated_at) VALUES
  ('00000000-0000-4000-8000-00000000bb02', '00000000-0000-4000-8000-00000000aa02', '2026-03-01 00:00+00', '2026-02-17 17:11+00', '2026-02-17 17:11+00');
SELECT steward.hit('reports', '00000000-0000-4000-8000-00000000bb01', 240), steward.hit('reports', '00000000-0000-4000-8000-00000000bb02', 17) \g /dev/null

-- ---- March, which is today

SET steward.now = '2026-03-10 12:00+00';
INSERT INTO datasets (id, user_id, name, file_path, row_count, column_count, size_bytes, created_at, updated_at)
SELECT md5('dataset ' || n)::uuid, '00000000-0000-4000-8000-0000000000a1', 'Orders, week ' || n - 8, 'datasets/ada/' || n, 1000 * n, 12, 81920 * n, at, at
FROM (SELECT n, '2026-03-09 11:00+00'::timestamptz + (n - 16) * interval '1 hour' AS at FROM generate_series(17, 19) n) t;
SELECT send_ai_message('00000000-0000-4000-8000-0000000000a1') FROM generate_series(1, 47) \g /dev/null
INSERT INTO reports (id, analysis_id, password_hash, created_at, updated_at) VALUES
  ('00000000-0000-4000-8000-00000000bb03', '00000000-0000-4000-8000-00000000aa02', public.crypt('open sesame', '$2a$10$abcdefghijklmnopqrstuu'), '2026-03-10 11:00+00', '2026-03-10 11:00+00');
SELECT steward.hit('reports', '00000000-0000-4000-8000-00000000bb01', 1023) \g /dev/null
INSERT INTO collaborations (id, user_id, email, role, status, created_at, updated_at) VALUES
  ('00000000-0000-4000-8000-00000000cc01', '00000000-0000-4000-8000-0000000000a1', 'mary@example.org', 'editor', 'accepted', '2026-03-02 09:00+00', '2026-03-02 10:00+00'),
  ('00000000-0000-4000-8000-00000000cc02', '00000000-0000-4000-8000-0000000000a1', 'charles@example.org', 'viewer', 'invited', '2026-03-03 09:00+00', '2026-03-03 09:00+00');

INSERT INTO charts (id, user_id, analysis_id, config, created_at, updated_at) VALUES
  ('00000000-0000-4000-8000-00000000dd01', '00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-00000000aa02', '{"type": "pie"}', '2026-02-18 09:00+00', '2026-02-18 09:00+00');
INSERT INTO comments (id, chart_id, user_id, body, created_at, updated_at) VALUES
  ('00000000-0000-4000-8000-00000000ee01', '00000000-0000-4000-8000-00000000dd01', '00000000-0000-4000-8000-0000000000a1', 'Where does "other" come from?', '2026-03-04 09:00+00', '2026-03-04 09:00+00');
INSERT INTO templates (id, user_id, name, config, price_cents, created_at, updated_at) VALUES
  ('00000000-0000-4000-8000-00000000ff01', '00000000-0000-4000-8000-0000000000a2', 'Signup funnel', '{"group_by": "source"}', 900, '2026-03-05 09:00+00', '2026-03-05 09:00+00');
INSERT INTO template_purchases (id, template_id, user_id, price_cents, created_at) VALUES
  ('00000000-0000-4000-8000-00000000ff11', '00000000-0000-4000-8000-00000000ff01', '00000000-0000-4000-8000-0000000000a1', 900, '2026-03-06 09:00+00');
INSERT INTO template_ratings (id, template_id, user_id, rating, created_at, updated_at) VALUES
  ('00000000-0000-4000-8000-00000000ff21', '00000000-0000-4000-8000-00000000ff01', '00000000-0000-4000-8000-0000000000a1', 5, '2026-03-07 09:00+00', '2026-03-07 09:00+00');
INSERT INTO embed_analytics (chart_id, referrer, created_at)
SELECT '00000000-0000-4000-8000-00000000dd01', 'https://blog.example.org/' || n % 3, '2026-02-18 00:00+00'::timestamptz + n * interval '5 hours' FROM generate_series(1, 96) n;
INSERT INTO analytics_events (user_id, event, properties, created_at)
SELECT format('00000000-0000-4000-8000-0000000000a%s', 1 + n % 3)::uuid, CASE n % 4 WHEN 0 THEN 'login' WHEN 1 THEN 'dataset.opened' ELSE 'chart.viewed' END,
  jsonb_build_object('n', n), '2026-01-06 00:00+00'::timestamptz + n * interval '7 hours' FROM generate_series(1, 200) n;

RESET steward.now;
