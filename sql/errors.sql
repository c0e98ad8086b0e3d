-- Every SQLSTATE of steward's own, by a real call: code, message, detail, hint, table, column.
SELECT steward.create_series('errors', 4, 1, '\x2B7E151628AED2A6ABF7158809CF4F3C');
CREATE TABLE shop (code text UNIQUE);
SELECT steward.assign_codes('shop', 'code', 1, max_length => 1);
CREATE TABLE pages (id bigint PRIMARY KEY, views bigint NOT NULL DEFAULT 0, likes int NOT NULL DEFAULT 0);
CREATE TABLE visits (id int PRIMARY KEY, views bigint NOT NULL DEFAULT 0) PARTITION BY RANGE (id);
CREATE TABLE visits_low PARTITION OF visits FOR VALUES FROM (0) TO (100);
INSERT INTO pages VALUES (1);
CREATE TABLE teams (id int PRIMARY KEY, tier text);
CREATE TABLE loners (id int PRIMARY KEY);
INSERT INTO teams VALUES (1, 'free');
SELECT steward.bind_subjects('teams', 'tier'), steward.define_meter('errors', 'teams', 'standing'), steward.define_tier('errors', 1);
SELECT steward.create_counter('pages', 'views'), steward.create_counter('visits', 'views');
\pset tuples_only on
\pset format unaligned
-- QC001: the check characters of a code do not fit it.
SELECT refusal($$SELECT steward.id_of(left(steward.code_of(0, 'errors'), 4) || CASE right(steward.code_of(0, 'errors'), 1) WHEN '0' THEN '1' ELSE '0' END, 'errors')$$);
-- QC002: no such series.
SELECT refusal($$SELECT steward.next_code('no such series')$$);
-- QC003: an id or code that the series cannot have.
SELECT refusal($$SELECT steward.code_of(14776336, 'errors')$$);
SELECT refusal($$SELECT steward.id_of('123', 'errors')$$);
-- QC004: a chosen code breaks a rule.
SELECT refusal($$INSERT INTO shop VALUES ('!')$$);
SELECT refusal($$INSERT INTO shop VALUES ('ab')$$);
-- QC005: no free code could be found.
INSERT INTO shop SELECT steward.base62_encode(i) FROM generate_series(0, 61) i;
SELECT refusal($$INSERT INTO shop DEFAULT VALUES$$);
SELECT setval('steward._next_errors', 14776335) \g /dev/null
SELECT refusal($$SELECT steward.next_code('errors')$$);
-- QN001: the table has no such counter.
SELECT refusal($$SELECT steward.hit('shop', 1)$$);
SELECT refusal($$SELECT steward.hit('pages', 1, col => 'likes')$$);
SELECT refusal($$SELECT steward.count_of('visits_low', 1)$$);
-- QN002: the table has several counters.
SELECT steward.create_counter('pages', 'likes') \g /dev/null
SELECT refusal($$SELECT steward.hit('pages', 1)$$);
SELECT refusal($$SELECT * FROM steward.top_counts('pages')$$);
-- QN003: no row has this key.
SELECT refusal($$SELECT steward.hit('pages', 404, col => 'views')$$);
SELECT refusal($$SELECT steward.count_of('pages', '404', 'views')$$);
-- QN004: a count would fall below 0.
SELECT refusal($$SELECT steward.hit('pages', 1, -1, 'views')$$);
SELECT refusal($$SELECT steward.set_count('pages', 1, -5, 'likes')$$);
-- QN001 again: a counter that has lost its triggers.
DO $$ BEGIN EXECUTE (SELECT format('DROP TRIGGER %I ON visits', tgname) FROM pg_trigger WHERE tgrelid = 'visits'::regclass AND tgname ~ 'move$'); END $$;
SELECT refusal($$SELECT steward.hit('visits', 1)$$);
-- QL001, QL002, QL004, QL005, QL006, QL008: limits.
SET steward.now = '2026-01-15 12:00+00';
CREATE TABLE clubs (id int PRIMARY KEY, tier text, until timestamptz);
INSERT INTO clubs VALUES (1, 'small', NULL), (2, 'small', '2026-01-01');
SELECT steward.define_tier('small', 0), steward.define_tier('big', 1), steward.bind_subjects('clubs', 'tier', expires_col => 'until'),
  steward.define_meter('mails', 'clubs', 'metered', 'month'), steward.define_meter('members', 'clubs', 'standing'), steward.define_meter('rooms', 'clubs', 'standing'),
  steward.set_limit('small', 'mails', 2), steward.set_limit('big', 'mails', 50), steward.set_limit('small', 'members', 1), steward.set_limit('small', 'rooms', 0),
  steward.set_limit('big', 'rooms', NULL) \g /dev/null
SELECT steward.consume(1, 'mails', 2, 'key'), steward.consume(1, 'members') \g /dev/null
SELECT refusal($$SELECT steward.consume(1, 'mails')$$);
SELECT refusal($$SELECT steward.consume(1, 'members')$$);
SELECT refusal($$SELECT steward.consume(1, 'rooms')$$);
SELECT refusal($$SELECT steward.consume(2, 'mails')$$);
SELECT refusal($$SELECT steward.consume(1, 'mails', 1, 'key')$$);
-- As if another session held one.
SELECT steward.release(1, 'mails') \g /dev/null
SET session_replication_role = replica;
UPDATE steward._limit_cells SET held = 1 WHERE subject = '1' AND used = 1 AND meter = (SELECT id FROM steward._meters WHERE meter = 'mails');
RESET session_replication_role;
SET steward.limit_wait = 0;
SELECT refusal($$SELECT steward.consume(1, 'mails')$$);
RESET steward.limit_wait;
SELECT steward.drop_meter('mails'), steward.drop_meter('members'), steward.drop_meter('rooms'), steward.unbind_subjects('clubs'), steward.drop_tier('small'), steward.drop_tier('big') \g /dev/null
DROP TABLE clubs;
RESET steward.now;
-- QL007: no such subject, meter, tier or limit.
SELECT refusal($$SELECT steward.override_limit(404, 'errors', 1)$$);
SELECT refusal($$SELECT steward.grant_extra(1, 'no such meter', 1)$$);
SELECT refusal($$SELECT steward.set_limit('no such tier', 'errors', 1)$$);
SELECT refusal($$SELECT steward.drop_limit('errors', 'errors')$$);
SELECT refusal($$SELECT steward.drop_override(1, 'errors')$$);
SELECT refusal($$SELECT steward.revoke_extra(4294967296)$$);
SELECT refusal($$SELECT steward.define_meter('of loners', 'loners', 'standing')$$);
DO $$ BEGIN EXECUTE (SELECT format('DROP TRIGGER %I ON teams', tgname) FROM pg_trigger WHERE tgrelid = 'teams'::regclass AND tgname ~ 'move$'); END $$;
SELECT refusal($$SELECT steward.override_limit(1, 'errors', 1)$$);
-- QP001: the table's partitions are not managed.
CREATE TABLE slots (at timestamptz) PARTITION BY RANGE (at);
SELECT refusal($$SELECT steward.unmanage_partitions('slots')$$);
SELECT refusal($$SELECT steward.hold_partition('slots')$$);
SELECT refusal($$SELECT steward.restore_partition('slots')$$);
-- QP002: a partition may hold what is still wanted. Maintenance warns, and keeps it with the set.
CREATE TABLE slots_old PARTITION OF slots FOR VALUES FROM ('2020-01-01') TO ('2020-02-01');
SELECT steward.manage_partitions('slots', '1 month', retention => '1 month') \g /dev/null
SET steward.partition_max_drops = 0;
CALL steward.maintain_partitions('slots');
SELECT concat_ws(' ', sqlstate, last_error) FROM steward._partition_runs WHERE rel = 'slots'::regclass;
RESET steward.partition_max_drops;
-- QP003: no lock was to be had in time. Somebody else has one.
\setenv PGDATABASE :DBNAME
\! psql -XAtqc "SET application_name = 'holder'" -c 'BEGIN' -c 'LOCK TABLE slots' -c 'SELECT pg_sleep(600)' >/dev/null 2>&1 &
DO $$ BEGIN
  FOR i IN 1..600 LOOP
    EXIT WHEN EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE application_name = 'holder' AND l.relation = 'slots'::regclass AND granted);
    PERFORM pg_sleep(0.1), pg_stat_clear_snapshot();
  END LOOP;
END $$;
CALL steward.maintain_partitions('slots');
SELECT concat_ws(' ', sqlstate, last_error) FROM steward._partition_runs WHERE rel = 'slots'::regclass;
SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE application_name = 'holder' \g /dev/null
SELECT steward.unmanage_partitions('slots') \g /dev/null
DROP TABLE slots;
-- QA001: nobody is said to act, and somebody must be.
CREATE TABLE memos (id int PRIMARY KEY, v text);
CREATE TABLE drafts (id int PRIMARY KEY);
INSERT INTO memos VALUES (1, 'a'), (2, 'b');
SELECT steward.audit_table('memos') \g /dev/null
SET steward.audit_require_actor = on;
SELECT refusal($$UPDATE memos SET v = 'c'$$);
SELECT refusal($$SELECT steward.record_event('read', 'memos', '1')$$);
RESET steward.audit_require_actor;
-- QA002: the log is append-only.
SELECT refusal($$UPDATE steward.audit_records SET new_values = '{}'$$);
SELECT refusal($$DELETE FROM steward.audit_transactions$$);
SELECT refusal($$TRUNCATE steward.audit_records$$);
CREATE ROLE regress_errors_forger;
GRANT USAGE ON SCHEMA steward TO regress_errors_forger;
GRANT INSERT ON steward.audit_records TO regress_errors_forger;
SET ROLE regress_errors_forger;
SELECT refusal($$INSERT INTO steward.audit_records (id, at, tx, seq, rel_id, action) VALUES (1, now(), 1, 1, 1, 'create')$$);
RESET ROLE;
DROP OWNED BY regress_errors_forger;
DROP ROLE regress_errors_forger;
-- QA003: no such table, time or row in the log.
SELECT refusal($$SELECT * FROM steward.history('drafts', 1)$$);
SELECT regexp_replace(refusal($$SELECT steward.row_as_of('memos', 1, '2001-01-01')$$), 'since .*', 'since ...');
SELECT refusal($$SELECT steward.row_as_of('memos', 404, 'infinity')$$);
SELECT steward.unaudit_table('memos') \g /dev/null
DROP TABLE memos, drafts;
\pset tuples_only off
\pset format aligned
SELECT steward.drop_meter('errors'), steward.drop_tier('errors'), steward.unbind_subjects('teams');
DROP TABLE teams, loners;
SELECT steward.drop_counter('pages', 'views'), steward.drop_counter('pages', 'likes'), steward.drop_counter('visits', 'views');
DROP TABLE shop, pages, visits;
SELECT steward.drop_series('errors');
