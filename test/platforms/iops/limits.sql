-- The document's table of tier limits: what is declared, and that it holds.

-- Every figure of it. Enterprise is what the contract of that customer says.
SELECT is((SELECT max FROM steward.usage(pg_temp.user_of(w.who), 'users') WHERE meter = w.meter), w.max,
  format('%s: %s %s', w.tier, COALESCE(w.max::text, 'unlimited'), w.meter))
FROM (VALUES
  (1, 'free', 'ada@example.org', 'datasets', 5::bigint), (2, 'free', 'ada@example.org', 'ai_messages', 50), (3, 'free', 'ada@example.org', 'reports', 3),
  (4, 'free', 'ada@example.org', 'collaborators', 3), (5, 'free', 'ada@example.org', 'data_connections', 5),
  (6, 'pro', 'grace@example.org', 'datasets', NULL), (7, 'pro', 'grace@example.org', 'ai_messages', NULL), (8, 'pro', 'grace@example.org', 'reports', NULL),
  (9, 'pro', 'grace@example.org', 'collaborators', 3), (10, 'pro', 'grace@example.org', 'data_connections', 5),
  (11, 'team', 'edsger@example.org', 'datasets', NULL), (12, 'team', 'edsger@example.org', 'ai_messages', NULL), (13, 'team', 'edsger@example.org', 'reports', NULL),
  (14, 'team', 'edsger@example.org', 'collaborators', NULL), (15, 'team', 'edsger@example.org', 'data_connections', 10),
  (16, 'enterprise by contract', 'barbara@example.org', 'datasets', 100), (17, 'enterprise by contract', 'barbara@example.org', 'ai_messages', 10000),
  (18, 'enterprise by contract', 'barbara@example.org', 'reports', NULL), (19, 'enterprise by contract', 'barbara@example.org', 'collaborators', 50),
  (20, 'enterprise by contract', 'barbara@example.org', 'data_connections', 25)) w (n, tier, who, meter, max) ORDER BY w.n;
SELECT set_eq($$ SELECT meter, kind, period FROM steward.usage(pg_temp.user_of('ada@example.org'), 'users') u JOIN steward._meters USING (meter, kind) $$,
  $$ VALUES ('datasets', 'metered', 'month'), ('ai_messages', 'metered', 'month'), ('reports', 'metered', 'month'), ('collaborators', 'standing', NULL), ('data_connections', 'standing', NULL) $$,
  'three limits are by month, two are standing');

-- ---- free

SELECT pg_temp.new_user('free@example.org') AS free \gset
SELECT pg_temp.analysis_of(:'free') AS analysis \gset
SELECT lives_ok(format('SELECT upload_dataset(%L, %L) FROM generate_series(1, 5)', :'free', 'a dataset'), 'free: five datasets in a month');
SELECT is(pg_temp.refusal(format('SELECT upload_dataset(%L, %L)', :'free', 'one more')), 'QL001: "datasets" limit reached: 5 of 5 used', 'free: the sixth dataset of a month is refused');
SELECT is(pg_temp.hint_of(format('SELECT upload_dataset(%L, %L)', :'free', 'one more')), 'Tier "pro" is unlimited. It resets at 2026-04-01T00:00:00Z.', 'the refusal says which tier would do, and until when');
SELECT is(pg_temp.detail_of(format('SELECT upload_dataset(%L, %L)', :'free', 'one more'))::jsonb - 'subject',
  '{"max": 5, "held": 0, "tier": "free", "used": 5, "meter": "datasets", "remaining": 0, "requested": 1, "resets_at": "2026-04-01T00:00:00Z"}'::jsonb, 'and has the figures for the application, as JSON');
SELECT is(pg_temp.refusal(format('INSERT INTO datasets (user_id, name) VALUES (%L, %L)', :'free', 'by hand')), 'QL001: "datasets" limit reached: 5 of 5 used', 'so it is for whoever writes the table itself');
SELECT is((SELECT count(*) FROM datasets WHERE user_id = :'free'), 5::bigint, 'and nothing is stored');
DELETE FROM datasets WHERE id = (SELECT id FROM datasets WHERE user_id = :'free' LIMIT 1);
SELECT is(pg_temp.refusal(format('SELECT upload_dataset(%L, %L)', :'free', 'one more')), 'QL001: "datasets" limit reached: 5 of 5 used', 'uploaded this month is uploaded, deleted or not');

SELECT is((SELECT array_agg(send_ai_message(:'free') ORDER BY n)::text FROM generate_series(1, 49) n), (SELECT array_agg(50 - n ORDER BY n)::text FROM generate_series(1, 49) n), 'free: each message says how many are left');
SELECT is(send_ai_message(:'free', 'request 7'), 0::bigint, 'free: fifty messages in a month');
SELECT is(send_ai_message(:'free', 'request 7'), 0::bigint, 'a message that is sent again under its key is the same one');
SELECT is(pg_temp.refusal(format('SELECT send_ai_message(%L)', :'free')), 'QL001: "ai_messages" limit reached: 50 of 50 used', 'free: the 51st message of a month is refused');

SELECT lives_ok(format('SELECT publish_report(%L) FROM generate_series(1, 3)', :'analysis'), 'free: three reports in a month');
SELECT is(pg_temp.refusal(format('SELECT publish_report(%L)', :'analysis')), 'QL001: "reports" limit reached: 3 of 3 used', 'free: the fourth report of a month is refused');
SELECT lives_ok(format('INSERT INTO reports (analysis_id, is_public) VALUES (%L, false)', :'analysis'), 'a report that is not public counts for nothing');
SELECT is(pg_temp.refusal(format('UPDATE reports SET is_public = true WHERE analysis_id = %L', :'analysis')), 'QL001: "reports" limit reached: 3 of 3 used', 'but cannot be made public later');

SELECT lives_ok(format('SELECT invite_collaborator(%L, n || %L) FROM generate_series(1, 3) n', :'free', '@example.net'), 'free: three collaborators');
SELECT is(pg_temp.refusal(format('SELECT invite_collaborator(%L, %L)', :'free', '4@example.net')), 'QL002: "collaborators" limit reached: 3 of 3 in use', 'free: the fourth collaborator is refused');
UPDATE collaborations SET status = 'revoked' WHERE user_id = :'free' AND email = '2@example.net';
SELECT lives_ok(format('SELECT invite_collaborator(%L, %L)', :'free', '4@example.net'), 'one who left makes room');
SELECT is(pg_temp.refusal(format('UPDATE collaborations SET status = %L WHERE user_id = %L', 'accepted', :'free')), 'QL002: "collaborators" limit reached: 3 of 3 in use', 'and cannot come back into it');

SELECT lives_ok(format('SELECT add_connection(%L, %L || n, %L, %L) FROM generate_series(1, 5) n', :'free', 'source ', 'api', '{}'), 'free: five data connections');
SELECT is(pg_temp.refusal(format('SELECT add_connection(%L, %L, %L, %L)', :'free', 'source 6', 'api', '{}')), 'QL002: "data_connections" limit reached: 5 of 5 in use', 'free: the sixth data connection is refused');
SELECT is(pg_temp.hint_of(format('SELECT add_connection(%L, %L, %L, %L)', :'free', 'source 6', 'api', '{}')), 'Tier "team" allows 10.', 'and the next tier would not help');
DELETE FROM data_connections WHERE user_id = :'free' AND name = 'source 3';
SELECT lives_ok(format('SELECT add_connection(%L, %L, %L, %L)', :'free', 'source 6', 'api', '{}'), 'one that is deleted makes room');

-- ---- the next month

SET steward.now = '2026-03-31 23:59:59+00';
SELECT is(pg_temp.refusal(format('SELECT send_ai_message(%L)', :'free')), 'QL001: "ai_messages" limit reached: 50 of 50 used', 'a month goes on to its last second');
SET steward.now = '2026-04-01 00:00+00';
SELECT is(send_ai_message(:'free'), 49::bigint, 'a new month, new messages');
SELECT lives_ok(format('SELECT upload_dataset(%L, %L)', :'free', 'of April'), 'and datasets');
SELECT lives_ok(format('SELECT publish_report(%L)', :'analysis'), 'and reports');
SELECT is(pg_temp.refusal(format('SELECT invite_collaborator(%L, %L)', :'free', '5@example.net')), 'QL002: "collaborators" limit reached: 3 of 3 in use', 'but no new collaborators');
SET steward.now = '2026-03-10 12:00+00';

-- ---- the other tiers

SELECT change_tier(:'free', 'pro');
SELECT lives_ok(format('SELECT upload_dataset(%L, %L) FROM generate_series(1, 60)', :'free', 'a dataset'), 'pro: datasets without end, as soon as it is pro');
SELECT is((SELECT count(send_ai_message(:'free')) FROM generate_series(1, 300)), 0::bigint, 'pro: messages without end, and no number that is left');
SELECT lives_ok(format('SELECT publish_report(%L) FROM generate_series(1, 30)', :'analysis'), 'pro: reports without end');
SELECT is(pg_temp.refusal(format('SELECT invite_collaborator(%L, %L)', :'free', '5@example.net')), 'QL002: "collaborators" limit reached: 3 of 3 in use', 'pro: the fourth collaborator is refused');
SELECT is(pg_temp.refusal(format('SELECT add_connection(%L, %L, %L, %L)', :'free', 'source 7', 'api', '{}')), 'QL002: "data_connections" limit reached: 5 of 5 in use', 'pro: the sixth data connection is refused');
SELECT change_tier(:'free', 'team');
SELECT lives_ok(format('SELECT upload_dataset(%L, %L) FROM generate_series(1, 4)', :'free', 'a dataset'), 'team: datasets without end');
SELECT is((SELECT count(send_ai_message(:'free')) FROM generate_series(1, 45)), 0::bigint, 'team: messages without end, and no number that is left');
SELECT lives_ok(format('SELECT publish_report(%L) FROM generate_series(1, 5)', :'analysis'), 'team: reports without end');
SELECT lives_ok(format('SELECT invite_collaborator(%L, n || %L) FROM generate_series(5, 40) n', :'free', '@example.net'), 'team: collaborators without end');
SELECT lives_ok(format('SELECT add_connection(%L, %L || n, %L, %L) FROM generate_series(7, 11) n', :'free', 'source ', 'api', '{}'), 'team: ten data connections');
SELECT is(pg_temp.refusal(format('SELECT add_connection(%L, %L, %L, %L)', :'free', 'source 12', 'api', '{}')), 'QL002: "data_connections" limit reached: 10 of 10 in use', 'team: the eleventh data connection is refused');

SELECT change_tier(:'free', 'enterprise');
SELECT is(pg_temp.refusal(format('SELECT upload_dataset(%L, %L)', :'free', 'x')), 'QL004: "datasets" is not included in tier "enterprise"', 'enterprise: nothing before there is a contract');
SELECT agree_terms(:'free', 70, 400, 40, 50, 11, '2027-01-01', 'contract 1');
SELECT is(pg_temp.refusal(format('SELECT upload_dataset(%L, %L) FROM generate_series(1, 20)', :'free', 'x')), 'QL001: "datasets" limit reached: 70 of 70 used', 'enterprise: what the contract says, and no more');
SELECT is(pg_temp.refusal(format('SELECT send_ai_message(%L) FROM generate_series(1, 6)', :'free')), 'QL001: "ai_messages" limit reached: 400 of 400 used', 'enterprise: messages, as in the contract');
SELECT is(pg_temp.refusal(format('SELECT publish_report(%L) FROM generate_series(1, 3)', :'analysis')), 'QL001: "reports" limit reached: 40 of 40 used', 'enterprise: reports, as in the contract');
SELECT is(pg_temp.refusal(format('SELECT invite_collaborator(%L, n || %L) FROM generate_series(41, 60) n', :'free', '@example.net')), 'QL002: "collaborators" limit reached: 50 of 50 in use', 'enterprise: collaborators, as in the contract');
SELECT lives_ok(format('SELECT add_connection(%L, %L, %L, %L)', :'free', 'source 12', 'api', '{}'), 'enterprise: what the contract says');
SELECT is(pg_temp.refusal(format('SELECT add_connection(%L, %L, %L, %L)', :'free', 'source 13', 'api', '{}')), 'QL002: "data_connections" limit reached: 11 of 11 in use', 'enterprise: data connections, as in the contract');
SET steward.now = '2027-01-02 00:00+00';
SELECT is(pg_temp.refusal(format('SELECT upload_dataset(%L, %L)', :'free', 'x')), 'QL004: "datasets" is not included in tier "enterprise"', 'enterprise: and until when');
SET steward.now = '2026-03-10 12:00+00';
SELECT steward.drop_override(:'free'::uuid, meter) FROM unnest('{datasets,ai_messages,reports,collaborators,data_connections}'::text[]) meter;
SELECT change_tier(:'free', 'free');
SELECT is((SELECT count(*) FROM data_connections WHERE user_id = :'free'), 11::bigint, 'back to free: what is there stays');
SELECT is(pg_temp.refusal(format('SELECT add_connection(%L, %L, %L, %L)', :'free', 'source 13', 'api', '{}')), 'QL002: "data_connections" limit reached: 11 of 5 in use', 'back to free: and nothing comes to it');

-- ---- what is used, and what is not

BEGIN;
SELECT send_ai_message(pg_temp.user_of('ada@example.org'));
ROLLBACK;
SELECT is((SELECT used FROM steward.usage(pg_temp.user_of('ada@example.org'), 'users') WHERE meter = 'ai_messages'), 47::bigint, 'what is rolled back is not used');
SELECT is(pg_temp.refusal($$ SELECT send_ai_message(gen_random_uuid()) $$) ~ '^QL007: ', true, 'nobody who is no user sends messages');
SELECT is_empty('SELECT * FROM steward.verify_limits()', 'what is recorded is what the rows come to');
SELECT cmp_ok((SELECT denied FROM steward.limit_denials WHERE subject = :'free' AND meter = 'datasets'), '>=', 3::bigint, 'who was refused what is on record');
