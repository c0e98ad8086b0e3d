-- A session's memory after the first tenth of the calls of a function, and after all: what grew in between.

SET client_min_messages = warning;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
SET synchronize_seqscans = off;

-- Heap and other memory of this process's own; shared buffers do not count.
CREATE FUNCTION kb() RETURNS int LANGUAGE sql AS $$
  SELECT substring(pg_read_file('/proc/self/smaps_rollup') FROM 'Anonymous: +(\d+)')::int
$$;

CREATE UNLOGGED TABLE marks (call text, early int, late int);

-- In a select list: notes the memory at the first tenth of the rows and at the last, while the statement runs.
CREATE FUNCTION mark(v int, name text) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  IF v = 100000 THEN
    INSERT INTO marks VALUES (name, kb());
  ELSE
    UPDATE marks SET late = kb() WHERE call = name;
  END IF;
  RETURN v;
END $$;

CREATE UNLOGGED TABLE million AS
  SELECT v::int AS v, v::bigint * 1234567891 AS n, md5(v::text)::uuid AS u, '12345678901234567890'::numeric + v AS d,
         decode(md5(v::text), 'hex') AS b
  FROM generate_series(1, 1000000) v;
VACUUM ANALYZE million;

SELECT steward.create_series('memory', 8, 1), steward.create_series('spare');
CREATE UNLOGGED TABLE random_codes (id int, code text UNIQUE);
CREATE UNLOGGED TABLE short_codes (id int, code text UNIQUE);
CREATE UNLOGGED TABLE series_codes (id int, code text UNIQUE);
CREATE TABLE no_codes (id int, code text UNIQUE);
SELECT steward.assign_codes('random_codes', 'code', prefix => 'a_'), steward.assign_codes('short_codes', 'code', 5),
       steward.assign_codes('series_codes', 'code', series => 'memory');
CREATE ROLE memory_app;
CREATE TABLE pages (id int PRIMARY KEY, views bigint NOT NULL DEFAULT 0, likes bigint NOT NULL DEFAULT 0, seen_at timestamptz);
CREATE TABLE docs (id uuid PRIMARY KEY, views bigint NOT NULL DEFAULT 0);
INSERT INTO pages SELECT i FROM generate_series(1, 100) i;
INSERT INTO docs SELECT md5(i::text)::uuid FROM generate_series(1, 100) i;
SELECT steward.create_counter('pages', 'views', '1 day', last_col => 'seen_at'), steward.create_counter('docs', 'views');

CREATE TABLE teams (id int PRIMARY KEY, tier text);
CREATE TABLE strangers (id int PRIMARY KEY, tier text);
CREATE TABLE loners (id int PRIMARY KEY);
INSERT INTO teams SELECT i, 'free' FROM generate_series(1, 100) i;
SELECT steward.define_tier('free', 1), steward.define_tier('spare', 2), steward.bind_subjects('teams', 'tier'), steward.bind_subjects('loners'),
       steward.define_meter('users', 'teams', 'standing');
SELECT steward.set_limit('free', 'users', 3), steward.override_limit(1, 'users', 7), steward.grant_extra(1, 'users', 5);

SELECT steward.define_meter('calls', 'teams', 'metered', 'day'), steward.define_meter('few', 'teams', 'metered', 'day'),
       steward.define_meter('jobs', 'teams', 'standing'), steward.define_meter('tours', 'teams', 'standing'), steward.set_limit('free', 'calls', NULL), steward.set_limit('free', 'few', 3),
       steward.set_limit('free', 'jobs', NULL), steward.set_limit('free', 'tours', NULL);
CREATE TABLE jobs (team int);
CREATE TABLE tours (team int, month int) PARTITION BY LIST (month);
CREATE TABLE tours_1 PARTITION OF tours FOR VALUES IN (1);
INSERT INTO tours SELECT i, 1 FROM generate_series(1, 100) i;
SELECT steward.limit_rows('jobs', 'team', 'jobs'), steward.limit_rows('tours', 'team', 'tours');

CREATE TABLE days (at timestamptz NOT NULL) PARTITION BY RANGE (at);
SELECT steward.manage_partitions('days', '1 day', premake => 2, since => now() - interval '3 days');
SELECT steward.manage_partitions('days', retention => '2 days');
CALL steward.maintain_partitions('days');
-- What is in the bin can be restored, and nothing takes its place.
UPDATE steward.partition_sets SET retention = NULL, since = now();

-- Audited, one of them with partitions; the log has what has happened so far.
CREATE TABLE notes (id int PRIMARY KEY, team int, body text, meta jsonb, secret text, at timestamptz DEFAULT now());
CREATE TABLE things (id int PRIMARY KEY, v text);
CREATE TABLE sheets (id int, month int, v text, PRIMARY KEY (id, month)) PARTITION BY LIST (month);
CREATE TABLE sheets_1 PARTITION OF sheets FOR VALUES IN (1);
CREATE TABLE sheets_2 PARTITION OF sheets FOR VALUES IN (2);
SELECT steward.audit_table('notes', '{at}', '{secret}', tenant_col => 'team'), steward.audit_table('sheets');
INSERT INTO notes SELECT i, 1, 'a text', '{"a": [1, 2]}', 'x' FROM generate_series(1, 100) i;
INSERT INTO sheets SELECT i, 1, 'a text' FROM generate_series(1, 100) i;
UPDATE notes SET body = 'another text';
-- Nothing but the readers looks at this one: what others leave behind in the log would make them slower and slower.
CREATE TABLE kept (id int PRIMARY KEY, v text);
SELECT steward.audit_table('kept');
INSERT INTO kept SELECT i, 'a text' FROM generate_series(1, 100) i;
UPDATE kept SET v = 'another text';

CREATE FUNCTION is_refused(code text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM steward.base62_decode(code);
  RETURN false;
EXCEPTION WHEN invalid_text_representation THEN
  RETURN true;
END $$;

-- Every function of the extension. An expression over `million` is called once a row in one statement, a table is
-- inserted into so; a statement is repeated, each time rolled back. What commits is called by its own name in measure().
CREATE TABLE calls (function text, kind text, call text, times int);
INSERT INTO calls (function, kind, call) VALUES
  -- Keeps what it is given: shows that growth is seen.
  ('array_agg', 'aggregate', 'array_agg(n)'),
  ('base62_encode', 'expression', 'steward.base62_encode(n)'),
  ('base62_decode', 'expression', 'steward.base62_decode(v::text)'),
  ('base62_decode', 'expression', 'is_refused(''no Base62'')'),
  ('base62_encode_numeric', 'expression', 'steward.base62_encode_numeric(d)'),
  ('base62_decode_numeric', 'expression', 'steward.base62_decode_numeric(lpad(v::text, 30, ''9''))'),
  ('base62_encode_uuid', 'expression', 'steward.base62_encode_uuid(u)'),
  ('base62_decode_uuid', 'expression', 'steward.base62_decode_uuid(lpad(v::text, 22, ''0''))'),
  ('base62_encode_bytea', 'expression', 'steward.base62_encode_bytea(b)'),
  ('base62_decode_bytea', 'expression', 'steward.base62_decode_bytea(lpad(v::text, 27, ''0''))'),
  ('random_code', 'expression', 'steward.random_code(20)'),
  ('next_code', 'expression', 'steward.next_code(''memory'')'),
  ('code_of', 'expression', 'steward.code_of(v, ''memory'')'),
  ('id_of', 'expression', 'steward.id_of(steward.code_of(v, ''memory''), ''memory'')'),
  ('try_id_of', 'expression', 'steward.try_id_of(lpad(v::text, 9, ''0''), ''memory'')'),
  ('_next_id', 'expression', 'steward._next_id(''memory'')'),
  ('hit', 'expression', 'steward.hit(''pages'', v % 100 + 1)'),
  ('hit', 'expression', 'steward.hit(''pages'', (v % 100 + 1)::text, -1)'),
  ('hit', 'expression', 'steward.hit(''docs'', md5((v % 100 + 1)::text)::uuid)'),
  ('try_hit', 'expression', 'steward.try_hit(''pages'', v % 200 + 1)'),
  ('count_of', 'expression', 'steward.count_of(''pages'', v % 100 + 1)'),
  ('count_of', 'expression', 'steward.count_of(''docs'', md5((v % 100 + 1)::text)::uuid)'),
  ('set_count', 'expression', 'steward.set_count(''pages'', v % 100 + 1, v)'),
  ('assign_code', 'insert', 'random_codes'),
  ('assign_code', 'insert', 'short_codes'),
  ('assign_code', 'insert', 'series_codes');
INSERT INTO calls VALUES
  ('hit', 'statement', 'SELECT steward.set_cell_mode(''row''); SELECT steward.hit(''pages'', 1)', 10000),
  ('count_series', 'statement', 'SELECT steward.count_series(''pages'', 1, NULL, NULL)', 10000),
  ('counts', 'statement', 'SELECT steward.counts(''pages'')', 10000),
  ('top_counts', 'statement', 'SELECT steward.top_counts(''pages'', ''-infinity'', 5)', 10000),
  ('_bound_counters', 'statement', 'SELECT steward._bound_counters()', 10000),
  ('create_counter', 'statement', 'SELECT steward.create_counter(''pages'', ''likes'')', 10000),
  ('drop_counter', 'statement', 'SELECT steward.drop_counter(''docs'', ''views'')', 10000),
  ('drop_counts', 'statement', 'DELETE FROM pages WHERE id = 1', 10000),
  ('move_counts', 'statement', 'UPDATE pages SET id = 101 WHERE id = 1', 10000),
  ('set_cell_mode', 'statement', 'SELECT steward.set_cell_mode(''row'')', 10000),
  ('_guard_cells', 'statement', 'DO $do$ BEGIN DELETE FROM steward._counts; EXCEPTION WHEN insufficient_privilege THEN END $do$', 10000),
  ('fold_counters', 'procedure', 'hits, committed and folded', 2000),
  ('define_tier', 'statement', 'SELECT steward.define_tier(''new'', 3)', 3000),
  ('drop_tier', 'statement', 'SELECT steward.drop_tier(''spare'')', 3000),
  ('define_meter', 'statement', 'SELECT steward.define_meter(''new'', ''teams'', ''metered'', ''month'')', 3000),
  ('drop_meter', 'statement', 'SELECT steward.drop_meter(''users'')', 3000),
  ('set_limit', 'statement', 'SELECT steward.set_limit(''free'', ''users'', 4)', 3000),
  ('drop_limit', 'statement', 'SELECT steward.drop_limit(''free'', ''users'')', 3000),
  ('override_limit', 'statement', 'SELECT steward.override_limit(1, ''users'', 8)', 3000),
  ('drop_override', 'statement', 'SELECT steward.drop_override(1, ''users'')', 3000),
  ('grant_extra', 'statement', 'SELECT steward.grant_extra(1, ''users'', 8)', 3000),
  ('revoke_extra', 'statement', 'SELECT steward.revoke_extra(1)', 3000),
  ('bind_subjects', 'statement', 'SELECT steward.bind_subjects(''strangers'', ''tier'')', 1000),
  ('unbind_subjects', 'statement', 'SELECT steward.unbind_subjects(''loners'')', 1000),
  ('drop_subjects', 'statement', 'DELETE FROM teams WHERE id = 1', 3000),
  ('move_subjects', 'statement', 'UPDATE teams SET id = 101 WHERE id = 1', 3000),
  ('consume', 'statement', 'SELECT count(steward.consume(v % 100 + 1, ''calls'')) FROM generate_series(1, 100) v', 300),
  ('consume', 'statement', 'SELECT steward.consume(1, ''calls'', 1, ''key'')', 3000),
  ('try_consume', 'statement', 'SELECT count(steward.try_consume(v % 20 + 1, ''few'')) FROM generate_series(1, 100) v', 300),
  ('release', 'statement', 'SELECT count(steward.release(v % 100 + 1, ''calls'')) FROM generate_series(1, 100) v', 300),
  ('check_limit', 'statement', 'SELECT count(steward.check_limit(v % 100 + 1, ''calls'')) FROM generate_series(1, 100) v', 300),
  ('maintain', 'procedure', 'maintenance of everything', 1000),
  ('maintain_partitions', 'procedure', 'maintenance of partitions', 1000),
  ('_partitions', 'statement', 'TABLE steward.partitions', 1000),
  ('_partition_bytes', 'statement', 'SELECT steward._partition_bytes(''days_default'')', 10000),
  ('_partition_health', 'statement', 'TABLE steward.partition_health', 1000),
  ('verify_partitions', 'statement', 'SELECT steward.verify_partitions()', 1000),
  ('plan_partitions', 'statement', 'SELECT steward.plan_partitions()', 1000),
  ('manage_partitions', 'statement', 'SELECT steward.manage_partitions(''days'', premake => 3)', 1000),
  ('unmanage_partitions', 'statement', 'SELECT steward.unmanage_partitions(''days'')', 1000),
  ('hold_partition', 'statement', 'SELECT steward.hold_partition(''days_default'')', 1000),
  ('unhold_partition', 'statement', 'SELECT steward.unhold_partition(''days_default'')', 1000),
  ('restore_partition', 'statement', 'SELECT steward.restore_partition(part) FROM steward.recycled_partitions', 500),
  ('schedule_maintenance', 'statement', 'DO $do$ BEGIN PERFORM steward.schedule_maintenance(); EXCEPTION WHEN SQLSTATE ''55000'' THEN NULL; END $do$', 1000),
  ('unschedule_maintenance', 'statement', 'DO $do$ BEGIN PERFORM steward.unschedule_maintenance(); EXCEPTION WHEN SQLSTATE ''55000'' THEN NULL; END $do$', 1000),
  ('fold_limits', 'procedure', 'uses, committed and folded', 1000),
  ('consume_all', 'statement', 'SELECT steward.consume_all(1, ARRAY[''calls''], ARRAY[1])', 3000),
  ('usage', 'statement', 'SELECT steward.usage(1, ''teams'')', 3000),
  ('what_if', 'statement', 'SELECT steward.what_if(1, ''spare'', ''teams'')', 3000),
  ('explain_limit', 'statement', 'SELECT steward.explain_limit(1, ''few'')', 3000),
  ('_subject_columns', 'statement', 'SELECT count(*) FROM steward.subject_tables', 3000),
  ('_row_rules', 'statement', 'SELECT count(*) FROM steward.limited_tables', 3000),
  ('_may_see_subject', 'statement', 'SELECT count(*) FROM steward.usage_by_month', 300),
  ('_cell_denials', 'statement', 'SELECT steward._cell_denials()', 3000),
  ('count_rows', 'statement', 'INSERT INTO jobs SELECT i FROM generate_series(1, 100) i; DELETE FROM jobs WHERE team = 1', 3000),
  ('_follow_partitions', 'statement', 'ALTER TABLE tours DETACH PARTITION tours_1', 1000),
  ('_follow_drops', 'statement', 'DROP TABLE tours_1', 1000),
  ('verify_limits', 'statement', 'SELECT steward.verify_limits()', 3000),
  ('repair_limits', 'statement', 'SELECT steward.repair_limits()', 3000),
  ('limit_rows', 'statement', 'SELECT steward.limit_rows(''jobs'', ''team'', ''jobs'')', 1000),
  ('unlimit_rows', 'statement', 'SELECT steward.unlimit_rows(''jobs'', ''jobs'')', 1000),
  ('audit_table', 'statement', 'SELECT steward.audit_table(''things'', redact_cols => ''{v}'')', 1000),
  ('unaudit_table', 'statement', 'SELECT steward.unaudit_table(''sheets'')', 1000),
  ('_marked_columns', 'statement', 'TABLE steward.audited_tables', 3000),
  ('audit_row', 'statement', 'INSERT INTO notes SELECT i, 2, ''new'', ''{"a": 1}'', ''y'' FROM generate_series(101, 200) i', 3000),
  ('audit_row', 'statement', 'UPDATE notes SET body = ''changed'', meta = ''[]'', secret = ''z''', 3000),
  ('audit_row', 'statement', 'UPDATE sheets SET month = 2', 2000),
  ('audit_row', 'statement', 'DO $do$ BEGIN
    FOR i IN 1..1000 LOOP
      BEGIN
        UPDATE notes SET body = i::text WHERE id = 1;
        IF i % 3 = 0 THEN PERFORM 1 / 0; END IF;
      EXCEPTION WHEN division_by_zero THEN
      END;
    END LOOP;
  END $do$', 50),
  ('audit_row', 'statement', 'DO $do$ BEGIN
    FOR i IN 1..1000 LOOP
      INSERT INTO sheets_2 VALUES (i, 2, i::text);
    END LOOP;
  END $do$', 100),
  ('audit_statement', 'statement', 'DELETE FROM notes', 3000),
  ('audit_truncate', 'statement', 'TRUNCATE notes', 2000),
  ('audit_truncate', 'statement', 'TRUNCATE sheets_1', 1000),
  ('audit_columns', 'statement', 'CREATE TRIGGER fires BEFORE UPDATE ON things FOR EACH STATEMENT EXECUTE FUNCTION steward.audit_columns(); UPDATE things SET v = v', 1000),
  ('_guard_audit', 'statement', 'DO $do$ BEGIN DELETE FROM steward.audit_records; EXCEPTION WHEN SQLSTATE ''QA002'' THEN END $do$', 10000),
  ('_audit_new_partitions', 'statement', 'CREATE TABLE sheets_3 PARTITION OF sheets FOR VALUES IN (3)', 1000),
  ('_note_altered_tables', 'statement', 'ALTER TABLE notes ADD more int DEFAULT 1', 1000),
  ('_forget_dropped_tables', 'statement', 'DROP TABLE sheets', 1000),
  ('set_actor', 'statement', 'SELECT steward.set_actor(''ada'', ''7'', ''198.51.100.7'', ''Firefox'', ''s'', ''r''); UPDATE notes SET body = ''by ada'' WHERE id = 1', 10000),
  ('clear_actor', 'statement', 'SELECT steward.clear_actor()', 10000),
  ('record_event', 'statement', 'SELECT steward.record_event(''export'', ''notes'', ''1'', ''{"pages": 12}'')', 10000),
  ('history', 'statement', 'SELECT steward.history(''kept'', 1)', 3000),
  ('row_as_of', 'statement', 'SELECT steward.row_as_of(''kept'', 1, now())', 3000),
  ('table_as_of', 'statement', 'SELECT * FROM steward.table_as_of(NULL::kept, now())', 500),
  ('blame', 'statement', 'SELECT steward.blame(''kept'', 1)', 3000),
  ('create_series', 'statement', 'SELECT steward.create_series(''made'')', 10000),
  ('_adopt_sequence', 'statement', 'SELECT steward.create_series(''adopted'')', 10000),
  ('drop_series', 'statement', 'SELECT steward.drop_series(''spare'')', 10000),
  ('assign_codes', 'statement', 'SELECT steward.assign_codes(''no_codes'', ''code'')', 10000),
  ('unassign_codes', 'statement', 'SELECT steward.unassign_codes(''random_codes'', ''code'')', 10000),
  ('grant_access', 'statement', 'SELECT steward.grant_access(''memory_app'', ''app'')', 10000),
  ('revoke_access', 'statement', 'SELECT steward.revoke_access(''memory_app'', ''app'')', 10000),
  ('_assigned_columns', 'statement', 'SELECT steward._assigned_columns()', 10000),
  -- A change of the list has it compiled anew.
  ('_announce_change', 'statement', 'WITH u AS (UPDATE steward.reserved_codes SET reserved = reserved WHERE false RETURNING 1)
                                     SELECT steward.random_code(8) FROM (SELECT count(*) FROM u) c', 1000);

CREATE PROCEDURE measure() LANGUAGE plpgsql AS $$
DECLARE
  it calls;
  early int;
BEGIN
  FOR it IN SELECT * FROM calls LOOP
    CASE it.kind
      WHEN 'aggregate' THEN
        EXECUTE format('SELECT %s, count(CASE WHEN v IN (100000, 1000000) THEN mark(v, %L) END) FROM million', it.call, it.call);
      WHEN 'expression' THEN
        EXECUTE format('SELECT count(%s), count(CASE WHEN v IN (100000, 1000000) THEN mark(v, %L) END) FROM million',
                       it.call, it.call);
      WHEN 'insert' THEN
        EXECUTE format('INSERT INTO %I (id) SELECT CASE WHEN v IN (100000, 1000000) THEN mark(v, %L) ELSE v END FROM million',
                       it.call, it.call);
      WHEN 'procedure' THEN
        FOR i IN 1..it.times LOOP
          IF it.function = 'maintain' THEN
            CALL steward.maintain();
          ELSIF it.function = 'maintain_partitions' THEN
            CALL steward.maintain_partitions();
          ELSIF it.function = 'fold_counters' THEN
            PERFORM steward.hit('pages', k) FROM generate_series(1, 10) k;
            COMMIT;
            CALL steward.fold_counters();
          ELSE
            PERFORM steward.consume(k, 'calls') FROM generate_series(1, 10) k;
            COMMIT;
            CALL steward.fold_limits();
          END IF;
          IF i = it.times / 10 THEN early := kb(); END IF;
        END LOOP;
        INSERT INTO marks VALUES (it.call, early, kb());
      ELSE
        FOR i IN 1..it.times LOOP
          EXECUTE it.call;
          ROLLBACK;
          IF i = it.times / 10 THEN early := kb(); END IF;
        END LOOP;
        INSERT INTO marks VALUES (it.call, early, kb());
    END CASE;
    COMMIT;
  END LOOP;
END $$;
CALL measure();
