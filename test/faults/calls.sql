-- What is swept: at least one call for every function of the extension, checked in sweep.sql. A call may end in an
-- error of its own, the SQLSTATE beside it: the way there has calls that can fail too.

-- A few words of each list are enough to have every step of reading them fail; thousands would only repeat the same.
DELETE FROM steward.blocked_words b WHERE word NOT IN (SELECT word FROM steward.blocked_words ORDER BY word LIMIT 3);
DELETE FROM steward.reserved_codes WHERE word NOT IN (SELECT word FROM steward.reserved_codes ORDER BY word LIMIT 3);
INSERT INTO steward.blocked_words (word) VALUES ('sweptword');
INSERT INTO steward.reserved_codes (word) VALUES ('sweep');

CREATE ROLE faults_app;
CREATE SEQUENCE steward._next_restored MINVALUE 0;
SELECT steward.create_series('links'), steward.create_series('spare'), steward.create_series('orders', 6, 2);
SELECT steward.next_code('links');

CREATE TABLE plain (id int, code text UNIQUE, other text, few varchar(12) UNIQUE);
CREATE TABLE small (id int, code text UNIQUE);
CREATE TABLE prefixed (id int, code text UNIQUE);
CREATE TABLE numbered (id int, code text UNIQUE);
CREATE TABLE broken (id int, code text UNIQUE);
SELECT steward.assign_codes('small', 'code', length => 4), steward.assign_codes('prefixed', 'code', prefix => 'é_'),
       steward.assign_codes('numbered', 'code', series => 'orders'), steward.assign_codes('broken', 'code');
ALTER TABLE broken DROP CONSTRAINT broken_code_key;
INSERT INTO small VALUES (1);

-- Rows that are counted, with everything that a counter can have; of one table most rows have never been counted.
CREATE TABLE pages (id bigint PRIMARY KEY, views bigint NOT NULL DEFAULT 0, likes int NOT NULL DEFAULT 0, seen_at timestamptz);
CREATE TABLE docs (id uuid PRIMARY KEY, views bigint NOT NULL DEFAULT 0);
CREATE TABLE slugs (slug text PRIMARY KEY, views bigint NOT NULL DEFAULT 0);
CREATE TABLE fresh (id int PRIMARY KEY, views bigint NOT NULL DEFAULT 0, seen_at timestamptz);
CREATE TABLE uncounted (id int PRIMARY KEY, views bigint NOT NULL DEFAULT 0);
CREATE SEQUENCE next_fresh;
INSERT INTO pages SELECT i FROM generate_series(1, 5) i;
INSERT INTO docs VALUES ('00112233-4455-6677-8899-aabbccddeeff');
INSERT INTO slugs VALUES ('home');
INSERT INTO fresh SELECT i FROM generate_series(1, 20000) i;
SELECT steward.create_counter('pages', 'views', '1 day', 'UTC', '30 days', 'seen_at'), steward.create_counter('pages', 'likes'),
       steward.create_counter('docs', 'views', '1 hour'), steward.create_counter('slugs', 'views'),
       steward.create_counter('fresh', 'views', '1 day', last_col => 'seen_at');
SELECT steward.hit('pages', 1, 3, 'views'), steward.hit('pages', 2, 4, 'likes'), steward.hit('docs', '00112233-4455-6677-8899-aabbccddeeff');

-- Subjects of limits, with everything that may be kept for them.
CREATE TABLE teams (id int PRIMARY KEY, tier text, runs_out timestamptz, zone text, billed_from timestamptz, max_users int);
CREATE TABLE loners (id uuid PRIMARY KEY);
CREATE TABLE strangers (name text PRIMARY KEY, tier text);
INSERT INTO teams SELECT i, 'free', NULL, 'UTC', now(), 5 FROM generate_series(1, 5) i;
INSERT INTO loners VALUES ('00112233-4455-6677-8899-aabbccddeeff');
SELECT steward.define_tier('free', 1), steward.define_tier('pro', 2), steward.define_tier('spare', 3);
SELECT steward.bind_subjects('teams', 'tier', expires_col => 'runs_out', fallback => 'free', zone_col => 'zone', anchor_col => 'billed_from'),
       steward.bind_subjects('loners');
SELECT steward.define_meter('users', 'teams', 'standing', max_col => 'max_users'), steward.define_meter('runs', 'teams', 'metered', 'month'),
       steward.define_meter('seats', 'loners', 'standing');
SELECT steward.set_limit('free', 'users', 3), steward.override_limit(1, 'users', 7), steward.grant_extra(1, 'runs', 5);
INSERT INTO steward._usage SELECT id, '1', 0, '2025-05', 4, NULL, now(), now() FROM steward._meters WHERE subjects = 'teams'::regclass;
INSERT INTO steward._ledger SELECT id, '1', 0, 1, 1, NULL, NULL, now() FROM steward._meters WHERE subjects = 'teams'::regclass;

-- Rows that count, and a meter that is used by calls.
SELECT steward.define_meter('jobs', 'teams', 'standing'), steward.set_limit('free', 'jobs', 9), steward.set_limit('free', 'runs', 9),
       steward.define_meter('bytes', 'teams', 'standing'), steward.set_limit('free', 'bytes', 20),
       steward.define_meter('swept', 'teams', 'metered', 'month'), steward.set_limit('free', 'swept', NULL);
CREATE TABLE jobs (id int PRIMARY KEY, team int, size int DEFAULT 1, status text);
INSERT INTO jobs SELECT i, 1, 2, 'running' FROM generate_series(1, 3) i;
CREATE TABLE tours (team int, month int) PARTITION BY LIST (month);
CREATE TABLE tours_1 PARTITION OF tours FOR VALUES IN (1);
CREATE TABLE tours_3 (team int, month int);
INSERT INTO tours VALUES (1, 1), (2, 1);
INSERT INTO tours_3 VALUES (1, 3), (3, 3);
SELECT steward.define_meter('tours', 'teams', 'standing'), steward.set_limit('free', 'tours', 9), steward.limit_rows('tours', 'team', 'tours');
SELECT steward.limit_rows('jobs', 'team', 'jobs', condition => $c$status = 'running'$c$), steward.limit_rows('jobs', 'team', 'bytes', 'size');
CREATE TABLE unlimited (id int PRIMARY KEY, team int);
SELECT steward.consume(1, 'runs', 2), steward.consume(1, 'runs', 1, 'first'), steward.consume(4, 'swept', 10);

-- Partitions: a set with one that is due, one in the bin, and one whose time there is over.
SET steward.now = '2026-03-15 12:00+00';
CREATE TABLE shifts (id int PRIMARY KEY);
CREATE TABLE days (shift int REFERENCES shifts ON DELETE CASCADE, at timestamptz PRIMARY KEY) PARTITION BY RANGE (at);
SELECT steward.manage_partitions('days', '1 month', premake => 0, since => '2026-01-01', time_zone => 'UTC', keep_detached => '1 hour');
SELECT steward.manage_partitions('days', retention => '30 days');
CALL steward.maintain_partitions('days');
CREATE TABLE days_y2025m12 PARTITION OF days FOR VALUES FROM ('2025-12-01') TO ('2026-01-01');
RESET steward.now;
CREATE TABLE years (at date) PARTITION BY RANGE (at);
CREATE TABLE ids (id bigint) PARTITION BY RANGE (id);

-- Audited tables, with everything that can be asked for them, and a log that has its months.
CREATE TABLE notes (id int PRIMARY KEY, team int, body text, meta jsonb, secret text, tags text[], at timestamptz DEFAULT now());
CREATE TABLE things (id uuid PRIMARY KEY, v numeric);
CREATE TABLE keyless (v text);
CREATE TABLE unaudited (id int PRIMARY KEY, v text);
CREATE TABLE sheets (id int, month int, v text, PRIMARY KEY (id, month)) PARTITION BY LIST (month);
CREATE TABLE sheets_1 PARTITION OF sheets FOR VALUES IN (1);
CREATE TABLE sheets_2 PARTITION OF sheets FOR VALUES IN (2);
INSERT INTO notes VALUES (1, 1, 'older than the log');
SELECT steward.audit_table('notes', '{at}', '{secret}', tenant_col => 'team'), steward.audit_table('things'), steward.audit_table('keyless'),
       steward.audit_table('sheets', redact_cols => '{v}', redact_as => 'mask', full_rows => true);
INSERT INTO notes VALUES (2, 1, 'new', '{"a": [1, null]}', 'x', '{a,b}'), (3, 2, NULL, NULL, NULL, NULL);
UPDATE notes SET body = 'changed' WHERE id < 3;
UPDATE notes SET id = 4 WHERE id = 3;
INSERT INTO things VALUES ('00112233-4455-6677-8899-aabbccddeeff', 1.5);
INSERT INTO sheets VALUES (1, 1, 'a'), (2, 1, 'b');
CREATE FUNCTION change_and_take_back() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE notes SET body = 'outside' WHERE id = 2;
  BEGIN
    DELETE FROM notes WHERE id = 2;
    PERFORM 1 / 0;
  EXCEPTION WHEN division_by_zero THEN
    UPDATE notes SET body = 'after' WHERE id = 2;
  END;
END $$;
ALTER TABLE notes ADD more int DEFAULT 7;
ALTER TABLE notes RENAME tags TO words;

CREATE TABLE calls (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  function text NOT NULL,
  call text NOT NULL,
  ends_with text NOT NULL DEFAULT '00000',
  reports boolean NOT NULL DEFAULT false  -- an error of one object is a row of the result, and no failure of the call
);
INSERT INTO calls (function, call) VALUES
  ('base62_encode', $$SELECT steward.base62_encode(42)$$),
  ('base62_decode', $$SELECT steward.base62_decode('1LY7VK')$$),
  ('base62_encode_numeric', $$SELECT steward.base62_encode_numeric(12345678901234567890)$$),
  ('base62_decode_numeric', $$SELECT steward.base62_decode_numeric('LygHa16AHYF')$$),
  ('base62_encode_uuid', $$SELECT steward.base62_encode_uuid('00112233-4455-6677-8899-aabbccddeeff')$$),
  ('base62_decode_uuid', $$SELECT steward.base62_decode_uuid('0000000000000000000042')$$),
  ('base62_encode_bytea', $$SELECT steward.base62_encode_bytea('\x0011')$$),
  ('base62_decode_bytea', $$SELECT steward.base62_decode_bytea('042')$$),
  ('random_code', $$SELECT steward.random_code(12)$$),
  ('random_code', $$SELECT steward.random_code(2) FROM generate_series(1, 20)$$),
  ('create_series', $$SELECT steward.create_series('fresh', 5, 1, '\x000102030405060708090a0b0c0d0e0f')$$),
  ('create_series', $$SELECT steward.create_series('links', 8)$$),
  ('create_series', $$SELECT steward.create_series('fresh'), steward.next_code('fresh')$$),
  ('_adopt_sequence', $$INSERT INTO steward._series (series, length, check_chars, key)
    VALUES ('restored', 8, 0, '\x000102030405060708090a0b0c0d0e0f')$$),
  ('drop_series', $$SELECT steward.drop_series('spare')$$),
  ('next_code', $$SELECT steward.next_code('links')$$),
  ('next_code', $$SELECT steward.next_code('spare')$$),
  ('code_of', $$SELECT steward.code_of(42, 'links')$$),
  ('id_of', $$SELECT steward.id_of('00000000', 'links')$$),
  ('try_id_of', $$SELECT steward.try_id_of('nonsense!', 'links'), steward.try_id_of('0', 'none')$$),
  ('_next_id', $$SELECT steward._next_id('links')$$),
  ('_next_id', $$SELECT * FROM steward.series$$),
  ('assign_codes', $$SELECT steward.assign_codes('plain', 'code')$$),
  ('assign_codes', $$SELECT steward.assign_codes('plain', 'few', series => 'links', prefix => 'é_')$$),
  ('assign_codes', $$SELECT steward.assign_codes('small', 'code', max_length => 12)$$),
  ('assign_codes', $$SELECT steward.assign_codes('small', 'code')$$),
  ('unassign_codes', $$SELECT steward.unassign_codes('small', 'code')$$),
  ('_assigned_columns', $$SELECT * FROM steward._assigned_columns()$$),
  ('_assigned_columns', $$SELECT steward._assigned_columns() LIMIT 1$$),
  ('_assigned_columns', $$SELECT * FROM steward.code_capacity$$),
  ('assign_code', $$INSERT INTO small SELECT FROM generate_series(1, 3)$$),
  ('assign_code', $$INSERT INTO prefixed VALUES (1)$$),
  ('assign_code', $$INSERT INTO prefixed VALUES (1, 'é_chosen')$$),
  ('assign_code', $$INSERT INTO numbered VALUES (1), (2)$$),
  ('assign_code', $$UPDATE small SET code = 'chosen'$$),
  ('assign_code', $$UPDATE small SET code = NULL$$),
  ('_announce_change', $$INSERT INTO steward.blocked_words VALUES ('newword'); SELECT steward.random_code()$$),
  ('_announce_change', $$UPDATE steward.reserved_codes SET reserved = false; SELECT steward.random_code()$$),
  ('_announce_change', $$TRUNCATE steward.reserved_codes$$),
  ('hit', $$SELECT steward.hit('pages', 1, col => 'views')$$),
  ('hit', $$SELECT steward.hit('pages', 1, -1, 'views'), steward.hit('pages', '1', 5, 'views')$$),
  ('hit', $$SELECT steward.hit('docs', '00112233-4455-6677-8899-aabbccddeeff'::uuid)$$),
  ('hit', $$SELECT steward.hit('slugs', 'home')$$),
  ('hit', $$SELECT steward.hit('fresh', nextval('next_fresh'))$$),
  ('hit', $$INSERT INTO pages VALUES (9, 5); SELECT steward.hit('pages', 9, col => 'views')$$),
  ('hit', $$SELECT steward.set_cell_mode('row'); SELECT steward.hit('pages', 1, col => 'views')$$),
  ('try_hit', $$SELECT steward.try_hit('pages', 1, col => 'views'), steward.try_hit('pages', 404, col => 'views'), steward.try_hit('slugs', '404'),
    steward.try_hit('docs', '00112233-4455-6677-8899-aabbccddeeff'::uuid)$$),
  ('count_of', $$SELECT steward.count_of('pages', 1, 'views')$$),
  ('count_of', $$SELECT steward.count_of('pages', '3', 'views'), steward.count_of('docs', '00112233-4455-6677-8899-aabbccddeeff'::uuid)$$),
  ('count_of', $$SELECT steward.set_cell_mode('row'); SELECT steward.hit('pages', 1, col => 'views'), steward.count_of('pages', 1, 'views')$$),
  ('set_count', $$SELECT steward.set_count('pages', 1, 100, 'views'), steward.hit('pages', 1, col => 'views')$$),
  ('set_count', $$SELECT steward.set_count('pages', '2', 0, 'likes'), steward.set_count('docs', '00112233-4455-6677-8899-aabbccddeeff'::uuid, 7)$$),
  ('set_count', $$SELECT steward.set_cell_mode('row'); SELECT steward.set_count('pages', 1, 100, 'views')$$),
  ('count_series', $$SELECT * FROM steward.count_series('pages', 1, NULL, NULL, 'views')$$),
  ('count_series', $$SELECT * FROM steward.count_series('pages', '1', now() - interval '7 days', now(), 'views'),
    steward.count_series('docs', '00112233-4455-6677-8899-aabbccddeeff'::uuid, NULL, NULL) AS by_hour$$),
  ('counts', $$SELECT steward.hit('pages', 1, col => 'views'); SELECT * FROM steward.counts('pages', 'views')$$),
  ('counts', $$SELECT steward.set_cell_mode('row'); SELECT steward.hit('pages', 1, col => 'views'); SELECT * FROM steward.counts('pages', 'views')$$),
  ('top_counts', $$SELECT * FROM steward.top_counts('pages', k => 2, col => 'views')$$),
  ('top_counts', $$SELECT * FROM steward.top_counts('pages', now() - interval '7 days', 2, 'views')$$),
  ('create_counter', $$SELECT steward.create_counter('uncounted', 'views')$$),
  ('create_counter', $$SELECT steward.create_counter('uncounted', 'views', '1 week', 'Europe/Berlin', '1 year'); SELECT steward.hit('slugs', 'home')$$),
  ('create_counter', $$SELECT steward.create_counter('pages', 'views', keep => '60 days')$$),
  ('create_counter', $$SELECT steward.create_counter('pages', 'views')$$),
  ('drop_counter', $$SELECT steward.drop_counter('pages', 'views')$$),
  ('drop_counter', $$SELECT steward.drop_counter('docs', 'views')$$),
  ('drop_counts', $$DELETE FROM pages WHERE id = 1$$),
  ('drop_counts', $$SELECT steward.hit('pages', 1, col => 'views'); DELETE FROM pages WHERE id = 1$$),
  ('drop_counts', $$TRUNCATE pages$$),
  ('move_counts', $$SELECT steward.hit('pages', 1, col => 'views'); UPDATE pages SET id = 11 WHERE id = 1; SELECT steward.hit('pages', 11, col => 'views')$$),
  ('set_cell_mode', $$SELECT steward.set_cell_mode('row')$$),
  ('set_cell_mode', $$SELECT steward.set_cell_mode('inplace')$$),
  ('_bound_counters', $$SELECT steward._bound_counters()$$),
  ('_bound_counters', $$SELECT * FROM steward.counter_stats$$),
  ('define_tier', $$SELECT steward.define_tier('new', 9), steward.define_tier('free', 8), steward.define_tier('free', NULL)$$),
  ('drop_tier', $$SELECT steward.drop_tier('spare')$$),
  ('define_meter', $$SELECT steward.define_meter('new', 'teams', 'metered', 'anchored', 'things', 'max_users', 2)$$),
  ('define_meter', $$SELECT steward.define_meter('seats', 'teams', 'metered', 'day')$$),
  ('drop_meter', $$SELECT steward.drop_meter('users')$$),
  ('set_limit', $$SELECT steward.set_limit('pro', 'users', 10), steward.set_limit('free', 'users', NULL)$$),
  ('drop_limit', $$SELECT steward.drop_limit('free', 'users')$$),
  ('override_limit', $$SELECT steward.override_limit(2, 'users', 10, now() + interval '1 day', 'why')$$),
  ('override_limit', $$SELECT steward.override_limit('1', 'users', NULL), steward.override_limit('00112233-4455-6677-8899-aabbccddeeff'::uuid, 'seats', 1)$$),
  ('drop_override', $$SELECT steward.drop_override(1, 'users')$$),
  ('grant_extra', $$SELECT steward.grant_extra(2, 'users', 10, now() + interval '1 day', 'why')$$),
  ('revoke_extra', $$SELECT steward.revoke_extra(1)$$),
  ('bind_subjects', $$SELECT steward.bind_subjects('strangers', 'tier')$$),
  ('bind_subjects', $$SELECT steward.bind_subjects('teams', zone_col => '', fallback => 'pro')$$),
  ('bind_subjects', $$SELECT steward.override_limit('00112233-4455-6677-8899-aabbccddeeff', 'seats', 1); DROP TRIGGER steward_subjects_move ON loners; DELETE FROM loners; SELECT steward.bind_subjects('loners')$$),
  ('unbind_subjects', $$SELECT steward.drop_meter('seats'), steward.unbind_subjects('loners')$$),
  ('drop_subjects', $$DELETE FROM teams WHERE id = 1$$),
  ('drop_subjects', $$TRUNCATE teams$$),
  ('move_subjects', $$UPDATE teams SET id = 11 WHERE id = 1$$),
  ('consume', $$SELECT steward.consume(1, 'runs', 3)$$),
  ('consume', $$SELECT steward.consume('2', 'runs', 1, 'key'), steward.consume('2', 'runs', 1, 'key')$$),
  ('try_consume', $$SELECT steward.try_consume(1, 'runs', 3), steward.try_consume(1, 'runs', 100)$$),
  ('consume_all', $$SELECT steward.consume_all(3, ARRAY['runs'], ARRAY[2])$$),
  ('release', $$SELECT steward.release(1, 'runs', 2), steward.consume(1, 'runs')$$),
  ('check_limit', $$SELECT steward.check_limit(1, 'runs', 2)$$),
  ('usage', $$SELECT * FROM steward.usage(1, 'teams')$$),
  ('what_if', $$SELECT * FROM steward.what_if(1, 'pro', 'teams')$$),
  ('explain_limit', $$SELECT steward.explain_limit(1, 'runs', 50)$$),
  ('_subject_columns', $$SELECT * FROM steward.subject_tables$$),
  ('_row_rules', $$SELECT * FROM steward.limited_tables$$),
  ('_may_see_subject', $$SELECT * FROM steward.usage_by_month$$),
  ('_cell_denials', $$SELECT steward.try_consume(1, 'runs', 100); SELECT * FROM steward.limit_denials$$),
  ('limit_rows', $$SELECT steward.define_meter('new', 'teams', 'standing'), steward.limit_rows('unlimited', 'team', 'new', condition => 'id > 0')$$),
  ('unlimit_rows', $$SELECT steward.unlimit_rows('jobs', 'bytes')$$),
  ('count_rows', $$INSERT INTO jobs SELECT i, 1, 1, 'running' FROM generate_series(4, 8) i$$),
  ('count_rows', $$UPDATE jobs SET team = 2, status = 'done' WHERE id = 1; DELETE FROM jobs WHERE id = 2$$),
  ('count_rows', $$TRUNCATE jobs$$),
  ('_follow_partitions', $$ALTER TABLE tours DETACH PARTITION tours_1$$),
  ('_follow_partitions', $$CREATE TABLE tours_2 PARTITION OF tours FOR VALUES IN (2); ALTER TABLE tours ATTACH PARTITION tours_3 FOR VALUES IN (3)$$),
  ('_follow_drops', $$DROP TABLE tours_1$$),
  ('_follow_drops', $$ALTER TABLE tours DROP COLUMN team CASCADE$$),
  ('verify_limits', $$SELECT * FROM steward.verify_limits()$$),
  ('repair_limits', $$SET session_replication_role = replica; DELETE FROM jobs; RESET session_replication_role; SELECT steward.repair_limits()$$),
  ('manage_partitions', $$SELECT steward.manage_partitions('years', '1 year', premake => 0, retention => '3 years')$$),
  ('manage_partitions', $$SELECT steward.manage_partitions('ids', key_step => 10, premake => 0)$$),
  ('unmanage_partitions', $$SELECT steward.unmanage_partitions('days')$$),
  ('plan_partitions', $$SELECT * FROM steward.plan_partitions()$$),
  ('_partitions', $$SELECT * FROM steward.partitions$$),
  ('_partition_bytes', $$SELECT steward._partition_bytes('days_y2025m12')$$),
  ('_partition_health', $$SELECT * FROM steward.partition_health$$),
  ('verify_partitions', $$SELECT * FROM steward.verify_partitions('days')$$),
  ('hold_partition', $$SELECT steward.hold_partition('days_y2025m12', 'why'); SELECT * FROM steward.plan_partitions('days')$$),
  ('unhold_partition', $$SELECT steward.unhold_partition('days_y2026m01')$$),
  ('restore_partition', $$SELECT steward.restore_partition('days_y2026m01')$$),
  ('audit_table', $$SELECT steward.audit_table('unaudited', '{}', '{v}', 'mask', true, NULL, 'text')$$),
  ('audit_table', $$SELECT steward.audit_table('notes', '{}', '{body}', resource => 'note')$$),
  ('audit_table', $$SELECT steward.audit_table('notes')$$),
  ('unaudit_table', $$SELECT steward.unaudit_table('sheets')$$),
  ('_marked_columns', $$SELECT * FROM steward.audited_tables$$),
  ('audit_row', $$INSERT INTO notes SELECT i, 1, 'body', '{"a": {"b": 1.50}}', 'x', '{a}' FROM generate_series(10, 12) i$$),
  ('audit_row', $$UPDATE notes SET body = 'b', meta = '[]', secret = 'y', words = '{}' WHERE id = 2; DELETE FROM notes WHERE id = 2$$),
  ('audit_row', $$UPDATE notes SET id = 20 WHERE id = 1$$),
  ('audit_row', $$UPDATE sheets SET month = 2, v = 'moved' WHERE id = 1$$),
  ('audit_row', $$INSERT INTO sheets_2 VALUES (3, 2, 'straight'); DELETE FROM sheets_2$$),
  ('audit_row', $$INSERT INTO keyless VALUES ('a'); UPDATE keyless SET v = 'b'; DELETE FROM keyless$$),
  ('audit_row', $$SELECT change_and_take_back()$$),
  ('audit_row', $$SELECT steward.set_actor('ada'); UPDATE things SET v = 2; SELECT steward.set_actor('grace'); UPDATE things SET v = 3$$),
  ('audit_statement', $$INSERT INTO things SELECT gen_random_uuid(), i FROM generate_series(1, 3) i$$),
  ('audit_truncate', $$TRUNCATE notes$$),
  ('audit_truncate', $$TRUNCATE sheets_1$$),
  ('audit_truncate', $$TRUNCATE sheets$$),
  ('audit_columns', $$CREATE TRIGGER fires BEFORE UPDATE ON unaudited FOR EACH STATEMENT EXECUTE FUNCTION steward.audit_columns(); UPDATE unaudited SET v = 'x'$$),
  ('_guard_audit', $$INSERT INTO steward.audit_records SELECT * FROM steward.audit_records LIMIT 1$$),
  ('_audit_new_partitions', $$CREATE TABLE sheets_3 PARTITION OF sheets FOR VALUES IN (3)$$),
  ('_note_altered_tables', $$ALTER TABLE notes ADD lines int DEFAULT 3, DROP more$$),
  ('_note_altered_tables', $$ALTER TABLE sheets RENAME TO pages_of_sheets; ALTER TABLE things RENAME v TO value$$),
  ('_forget_dropped_tables', $$DROP TABLE things$$),
  ('set_actor', $$SELECT steward.set_actor('ada', '7', '198.51.100.7', 'Firefox', 's', 'r', false)$$),
  ('set_actor', $$SELECT steward.set_actor('ada'); UPDATE notes SET body = 'by ada' WHERE id = 1$$),
  ('clear_actor', $$SELECT steward.clear_actor()$$),
  ('record_event', $$SELECT steward.record_event('export', 'notes', '1', '{"format": "pdf"}')$$),
  ('record_event', $$SELECT steward.record_event('login', 'portal', NULL); SELECT * FROM steward.audit_log$$),
  ('history', $$SELECT * FROM steward.history('notes', 4)$$),
  ('history', $$SELECT * FROM steward.history('notes', '1'), steward.history('things', '00112233-4455-6677-8899-aabbccddeeff'::uuid) AS of_uuid$$),
  ('history', $$UPDATE sheets SET v = 'now' WHERE id = 1; SELECT * FROM steward.history('sheets', '["1", "1"]')$$),
  ('row_as_of', $$SELECT steward.row_as_of('notes', 4, 'infinity'), steward.row_as_of('notes', '2', now())$$),
  ('row_as_of', $$SELECT steward.row_as_of('notes', 1, since) FROM steward.audited_tables WHERE rel = 'notes'::regclass$$),
  ('row_as_of', $$SELECT steward.row_as_of('things', '00112233-4455-6677-8899-aabbccddeeff'::uuid, 'infinity')$$),
  ('table_as_of', $$SELECT * FROM steward.table_as_of(NULL::notes, 'infinity')$$),
  ('table_as_of', $$SELECT * FROM steward.table_as_of(NULL::sheets, now())$$),
  ('blame', $$SELECT * FROM steward.blame('notes', 4), steward.blame('notes', '1') AS older$$),
  ('blame', $$SELECT * FROM steward.blame('things', '00112233-4455-6677-8899-aabbccddeeff'::uuid)$$),
  ('grant_access', $$SELECT steward.grant_access('faults_app', 'app')$$),
  ('revoke_access', $$SELECT steward.revoke_access('faults_app', 'app')$$),
  ('revoke_access', $$SELECT * FROM steward.access_grants$$);

INSERT INTO calls (function, call, ends_with) VALUES
  ('base62_encode', $$SELECT steward.base62_encode(-1)$$, '22003'),
  ('base62_decode', $$SELECT steward.base62_decode('naïve')$$, '22P02'),
  ('base62_encode_numeric', $$SELECT steward.base62_encode_numeric(1.5)$$, '22003'),
  ('create_series', $$SELECT steward.create_series(NULL)$$, '22004'),
  ('create_series', $$SELECT steward.create_series('links', 9)$$, '42710'),
  ('drop_series', $$SELECT steward.drop_series('orders')$$, '2BP01'),
  ('drop_series', $$SELECT steward.drop_series('none')$$, 'QC002'),
  ('id_of', $$SELECT steward.id_of('ab!d12', 'orders')$$, 'QC003'),
  ('id_of', $$SELECT steward.id_of(repeat('ü', 99), 'links')$$, 'QC003'),
  ('assign_codes', $$SELECT steward.assign_codes('plain', 'other')$$, '55000'),
  ('assign_codes', $$SELECT steward.assign_codes('plain', 'id')$$, '42804'),
  ('assign_codes', $$SELECT steward.assign_codes('plain', 'none')$$, '42703'),
  ('unassign_codes', $$SELECT steward.unassign_codes('plain', 'code')$$, '42704'),
  ('assign_code', $$INSERT INTO small VALUES (2, 'SweptWord')$$, 'QC004'),
  ('assign_code', $$INSERT INTO prefixed VALUES (2, 'chosen')$$, 'QC004'),
  ('assign_code', $$INSERT INTO small VALUES (2, 'na-ive')$$, 'QC004'),
  ('assign_code', $$INSERT INTO broken VALUES (2)$$, '55000'),
  ('hit', $$SELECT steward.hit('pages', 1)$$, 'QN002'),
  ('hit', $$SELECT steward.hit('uncounted', 1)$$, 'QN001'),
  ('hit', $$SELECT steward.hit('pages', 404, col => 'views')$$, 'QN003'),
  ('hit', $$SELECT steward.hit('pages', 1, -4, 'views')$$, 'QN004'),
  ('hit', $$SELECT steward.hit('pages', 'x', col => 'views')$$, '22P02'),
  ('set_count', $$SELECT steward.set_count('pages', 1, 3000000000, 'likes')$$, '22003'),
  ('count_series', $$SELECT * FROM steward.count_series('slugs', 'home', NULL, NULL)$$, '55000'),
  ('create_counter', $$SELECT steward.create_counter('plain', 'code')$$, '55000'),
  ('drop_counter', $$SELECT steward.drop_counter('uncounted', 'views')$$, 'QN001'),
  ('_guard_cells', $$UPDATE steward._counts SET value = 0$$, '42501'),
  ('fold_counters', $$CALL steward.fold_counters()$$, '25001'),
  ('define_tier', $$SELECT steward.define_tier('', 1)$$, '22023'),
  ('drop_tier', $$SELECT steward.drop_tier('free')$$, '2BP01'),
  ('define_meter', $$SELECT steward.define_meter('runs', 'teams', 'standing')$$, '55000'),
  ('define_meter', $$SELECT steward.define_meter('new', 'strangers', 'standing')$$, 'QL007'),
  ('drop_meter', $$SELECT steward.drop_meter('none')$$, 'QL007'),
  ('drop_limit', $$SELECT steward.drop_limit('pro', 'users')$$, 'QL007'),
  ('override_limit', $$SELECT steward.override_limit('x', 'users', 1)$$, '22P02'),
  ('override_limit', $$SELECT steward.override_limit(404, 'users', 1)$$, 'QL007'),
  ('bind_subjects', $$SELECT steward.bind_subjects('strangers', 'none')$$, '42703'),
  ('bind_subjects', $$SELECT steward.bind_subjects('plain')$$, '55000'),
  ('unbind_subjects', $$SELECT steward.unbind_subjects('teams')$$, '2BP01'),
  ('consume', $$SELECT steward.consume(1, 'runs', 100)$$, 'QL001'),
  ('consume', $$SELECT steward.consume(1, 'jobs')$$, '55000'),
  ('consume', $$SELECT steward.consume(1, 'runs', 2, 'first')$$, 'QL006'),
  ('consume_all', $$SELECT steward.consume_all(1, ARRAY['runs', 'none'], ARRAY[1, 1])$$, 'QL007'),
  ('count_rows', $$INSERT INTO jobs SELECT i, 1, 1, 'running' FROM generate_series(4, 30) i$$, 'QL002'),
  ('_follow_drops', $$SELECT steward._follow_drops()$$, '39P03'),
  ('limit_rows', $$SELECT steward.limit_rows('jobs', 'team', 'jobs', condition => 'random() > 0')$$, '42P17'),
  ('fold_limits', $$CALL steward.fold_limits()$$, '25001'),
  ('manage_partitions', $$SELECT steward.manage_partitions('plain', '1 month')$$, '42809'),
  ('plan_partitions', $$SELECT steward.plan_partitions('plain')$$, 'QP001'),
  ('maintain_partitions', $$CALL steward.maintain_partitions()$$, '25001'),
  ('verify_partitions', $$SELECT * FROM steward.verify_partitions('plain')$$, 'QP001'),
  ('maintain', $$CALL steward.maintain()$$, '25001'),
  ('schedule_maintenance', $$SELECT steward.schedule_maintenance()$$, '55000'),
  ('unschedule_maintenance', $$SELECT steward.unschedule_maintenance()$$, '55000'),
  ('hold_partition', $$SELECT steward.hold_partition('plain')$$, 'QP001'),
  ('restore_partition', $$SELECT steward.restore_partition('plain')$$, 'QP001'),
  ('audit_table', $$SELECT steward.audit_table('notes', redact_cols => '{id}')$$, '22023'),
  ('audit_table', $$SELECT steward.audit_table('sheets_1')$$, '42809'),
  ('unaudit_table', $$SELECT steward.unaudit_table('unaudited')$$, '55000'),
  ('audit_row', $$SET steward.audit_require_actor = on; UPDATE notes SET body = 'nobody' WHERE id = 1$$, 'QA001'),
  ('_guard_audit', $$UPDATE steward.audit_records SET new_values = NULL$$, 'QA002'),
  ('_guard_audit', $$TRUNCATE steward.audit_transactions$$, 'QA002'),
  ('_note_altered_tables', $$SELECT steward._note_altered_tables()$$, '39P03'),
  ('set_actor', $$SELECT steward.set_actor(repeat('a', 1001))$$, '22001'),
  ('record_event', $$SELECT steward.record_event('delete', 'notes', '1')$$, '22023'),
  ('history', $$SELECT * FROM steward.history('unaudited', 1)$$, 'QA003'),
  ('row_as_of', $$SELECT steward.row_as_of('notes', 99, 'infinity')$$, 'QA003'),
  ('table_as_of', $$SELECT steward.table_as_of(1, now())$$, '42804'),
  ('blame', $$SELECT * FROM steward.blame('notes', 'x')$$, '22P02'),
  ('grant_access', $$SELECT steward.grant_access('faults_app', 'none')$$, '22023'),
  ('grant_access', $$SELECT steward.grant_access('nobody at all', 'app')$$, '42704');
UPDATE calls SET reports = true WHERE function IN ('_partition_health', 'verify_partitions');

-- A set that maintenance has everything to do for: one partition is missing, one too old, one in the bin for long enough, and the default
-- has rows of another.
CREATE TABLE procedure_tries (call text, n int, sqlstate text, message text, pending int, leftovers text, locks int, kept text);
CREATE FUNCTION renew() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL client_min_messages = error;
  DROP TABLE IF EXISTS kept_days, kept_days_y2026m01, kept_days_y2025m12;
  CREATE TABLE kept_days (at timestamptz PRIMARY KEY) PARTITION BY RANGE (at);
  PERFORM steward.manage_partitions('kept_days', '1 month', premake => 0, since => '2026-01-01', time_zone => 'UTC');
  CREATE TABLE kept_days_y2025m12 PARTITION OF kept_days FOR VALUES FROM ('2025-12-01 00:00+00') TO ('2026-01-01 00:00+00');
  INSERT INTO kept_days VALUES ('2025-12-24'), ('2026-01-06'), ('2026-02-14'), ('2026-02-15'), ('2026-07-01'), ('2026-07-02'), ('2026-07-03');
  ALTER TABLE kept_days DETACH PARTITION kept_days_y2026m01;
  INSERT INTO steward.recycled_partitions
    VALUES ('kept_days_y2026m01', 'kept_days', '''2026-01-01 00:00+00''', '''2026-02-01 00:00+00''', '2026-03-01', '2026-03-08', '{}', '{}');
  UPDATE steward.partition_sets SET premake = 1, retention = '30 days' WHERE rel = 'kept_days'::regclass;
END $$;
-- What there is of it, with the rows of each.
CREATE FUNCTION kept() RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws('; ',
    (SELECT string_agg(relname || ' ' || (xpath('/row/n/text()', query_to_xml('SELECT count(*) AS n FROM ' || oid::regclass, false, true, '')))[1], ', ' ORDER BY relname COLLATE "C")
     FROM pg_class WHERE relname ~ '^kept_days_' AND relkind = 'r'),
    'in the bin ' || (SELECT string_agg(part::text, ', ') FROM steward.recycled_partitions WHERE rel = to_regclass('kept_days')),
    'still moving ' || (SELECT string_agg(part::text, ', ') FROM steward._moving_partitions WHERE rel = to_regclass('kept_days')),
    (SELECT last_error FROM steward._partition_runs WHERE rel = to_regclass('kept_days')))
$$;
