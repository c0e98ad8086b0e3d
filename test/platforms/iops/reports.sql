-- Public reports: addresses, passwords, expiry, views.

SELECT pg_temp.new_user('author@example.org', 'pro') AS author \gset
SELECT pg_temp.analysis_of(:'author') AS analysis \gset
SELECT publish_report(:'analysis') AS code \gset
SELECT is((SELECT status FROM open_report(:'code')), 200, 'a report is open to all at its code');
SELECT is((SELECT name FROM open_report(:'code')), 'an analysis', 'and shows its analysis');

-- Codes.
SELECT matches(:'code'::text, '^[0-9A-Za-z]{10}$', 'short codes are Base62');
SELECT is(steward.code_of(steward.id_of(:'code', 'iops_reports'), 'iops_reports'), :'code'::text, 'and of the series');
SELECT is((SELECT count(DISTINCT publish_report(:'analysis')) FROM generate_series(1, 200)), 200::bigint, 'no two reports get the same');
SELECT is((SELECT array_agg(short_code ORDER BY created_at)::text FROM reports WHERE id::text LIKE '00000000%'), '{zIVnjbPSIl,L0RdR6yBoU,tQUhnS2Wg6}', 'the sample has the same codes each time');
SELECT is((SELECT status FROM open_report(code)), 404, name) FROM (VALUES
  ('', 'no code is 404'), ('x', 'what is too short is 404'), ('../../etc/passwd', 'what is no code is 404'), (repeat('z', 10000), 'what is too long is 404'),
  ('zIVnjbPSIm', 'a forged code is 404'), (NULL, 'NULL is 404'), (steward.code_of(999999, 'iops_reports'), 'a code that was never given out is 404')) v (code, name);
BEGIN;
SELECT status FROM open_report('zIVnjbPSIm');
SELECT is((SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 'reports'::regclass), 0::bigint, 'a forged code is known without the table');
ROLLBACK;
UPDATE reports SET is_public = false WHERE short_code = :'code';
SELECT is((SELECT status FROM open_report(:'code')), 404, 'a report that is not public is 404');
UPDATE reports SET is_public = true WHERE short_code = :'code';

-- Passwords.
SELECT publish_report(:'analysis', 'open sesame') AS guarded \gset
SELECT is((SELECT status FROM open_report(:'guarded')), 401, 'without its password a report is 401');
SELECT is((SELECT status FROM open_report(:'guarded', 'open barley')), 401, 'with a wrong password it is 401');
SELECT is((SELECT r::text FROM open_report(:'guarded', 'open barley') r), '(401,,,,)', 'and shows nothing');
SELECT is((SELECT status FROM open_report(:'guarded', 'open sesame')), 200, 'with its password it is 200');
SELECT is((SELECT substr(password_hash, 1, 7) FROM reports WHERE short_code = :'guarded'), '$2a$10$', 'passwords of reports are bcrypt, ten rounds');
SELECT is(pg_temp.refusal(format('UPDATE reports SET password_hash = crypt(%L, gen_salt(%L, 9)) WHERE short_code = %L', 'x', 'bf', :'guarded')),
  '23514: new row for relation "reports" violates check constraint "reports_password_hash_check"', 'and not fewer');
SELECT is((SELECT status FROM open_report(:'code', 'whatever')), 200, 'a password that is not needed does no harm');
SELECT is(pg_temp.refusal(format('SELECT publish_report(%L, %L)', :'analysis', '')), '22023: password must have 1 to 72 bytes', 'an empty password is none');
SELECT is(pg_temp.refusal(format('SELECT publish_report(%L, %L)', :'analysis', repeat('x', 73))), '22023: password must have 1 to 72 bytes', 'nor is one of which bcrypt would see a part');

SELECT is(pg_temp.refusal(format('SELECT publish_report(%L, %L)', gen_random_uuid(), 'open sesame')) ~ '^P0002: there is no analysis', true, 'there is nothing to publish where there is no analysis');

-- Of one who is not its owner. That they have the code is no reason: everybody has.
SELECT pg_temp.new_user('stranger@example.org') AS stranger \gset
SELECT is(pg_temp.refusal(format('SELECT publish_report(%L, user_id => %L)', :'analysis', :'stranger')), format('P0002: there is no analysis "%s"', :'analysis'), 'whoever asks publishes no analysis of another');
SELECT is(expire_report(:'code', :'stranger'), false, 'and expires no report of another');
SELECT is((SELECT status FROM open_report(:'code')), 200, 'which is open as it was');
SELECT is(expire_report(publish_report(:'analysis', user_id => :'author'), :'author'), true, 'but both of their own');

-- Expiry.
SELECT publish_report(:'analysis', expires_at => '2026-03-10 12:00:01+00') AS brief \gset
SELECT is((SELECT status FROM open_report(:'brief')), 200, 'before it expires a report is 200');
SET steward.now = '2026-03-10 12:00:01+00';
SELECT is((SELECT status FROM open_report(:'brief')), 410, 'after it expires a report is 410');
SET steward.now = '2026-03-10 12:00+00';
SELECT is(expire_report(:'guarded'), true, 'a report can be expired');
SELECT is((SELECT status FROM open_report(:'guarded', 'open sesame')), 410, 'and is 410 at once');
SELECT is((SELECT status FROM open_report(:'guarded')), 410, 'whatever the password');
SELECT is(expire_report('zIVnjbPSIm'), false, 'there is nothing to expire where there is no report');

-- Views.
SELECT is(steward.count_of('reports', (SELECT id FROM reports WHERE short_code = :'guarded')), 1::bigint, 'what is refused is no view');
SELECT is((SELECT view_count FROM open_report(:'brief')), 2::bigint, 'a view says how many there were');
BEGIN;
SELECT view_count FROM open_report(:'brief');
ROLLBACK;
SELECT is(steward.count_of('reports', (SELECT id FROM reports WHERE short_code = :'brief')), 2::bigint, 'what is rolled back is no view');
SELECT is((SELECT max((open_report(:'brief')).view_count) FROM generate_series(1, 500)), 502::bigint, 'five hundred views are five hundred');
SELECT updated_at AS before FROM reports WHERE short_code = :'brief' \gset
CALL steward.fold_counters();
SELECT is((SELECT view_count FROM reports WHERE short_code = :'brief'), 502, 'the column has them after the fold');
SELECT is((SELECT updated_at FROM reports WHERE short_code = :'brief'), :'before'::timestamptz, 'and updated_at is as it was');
UPDATE reports SET is_public = false WHERE short_code = :'brief';
SELECT cmp_ok((SELECT updated_at FROM reports WHERE short_code = :'brief'), '>', :'before'::timestamptz, 'a change of a report sets its updated_at');
UPDATE reports SET is_public = true WHERE short_code = :'brief';
UPDATE reports SET view_count = 0 WHERE short_code = :'brief';
SELECT is((SELECT view_count FROM open_report(:'brief')), 503::bigint, 'an ORM that saves an old count loses none');
SELECT results_eq($$ SELECT bucket_start, value FROM steward.count_series('reports', '00000000-0000-4000-8000-00000000bb01'::uuid, NULL, NULL) $$,
  $$ VALUES ('2026-02-17 00:00+00'::timestamptz, 240::bigint), ('2026-03-10 00:00+00', 1023) $$, 'views by day');
SELECT is((SELECT key::uuid FROM steward.top_counts('reports', k => 1)), '00000000-0000-4000-8000-00000000bb01'::uuid, 'the report with most views');
