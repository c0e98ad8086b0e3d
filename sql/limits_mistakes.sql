-- Mistakes that users of limits make, and what they are told.
SET client_min_messages = warning;
SET steward.now = '2026-05-05 12:00+00';
CREATE TABLE members (id bigint PRIMARY KEY, tier text NOT NULL DEFAULT 'basic');
CREATE TABLE teams (id uuid PRIMARY KEY, tier text NOT NULL DEFAULT 'basic');
CREATE TABLE guests (id bigint PRIMARY KEY);
CREATE TABLE files (id int, member bigint, team uuid, email text, size int, big numeric, status text, tags text[], made_at timestamptz DEFAULT '2026-05-05');
INSERT INTO members VALUES (1), (2);
INSERT INTO teams VALUES ('00112233-4455-6677-8899-aabbccddeeff');
INSERT INTO guests VALUES (1);
SELECT steward.define_tier('basic', 0), steward.bind_subjects('members', 'tier') \g /dev/null
SELECT steward.define_meter('calls', 'members', 'metered', 'day'), steward.define_meter('space', 'members', 'standing'), steward.define_meter('uploads', 'members', 'metered', 'month'),
  steward.set_limit('basic', 'calls', 5), steward.set_limit('basic', 'space', 1000), steward.set_limit('basic', 'uploads', 10) \g /dev/null
\pset tuples_only on
\pset format unaligned

-- Which table's rows are meant: clear while one is bound.
SELECT count(*) FROM steward.usage(1);
SELECT steward.bind_subjects('teams', 'tier'), steward.define_meter('team_calls', 'teams', 'metered', 'day'), steward.set_limit('basic', 'team_calls', 5) \g /dev/null
SELECT refusal($$SELECT steward.usage(1)$$);
SELECT refusal($$SELECT steward.what_if(1, 'basic')$$);
SELECT refusal($$SELECT steward.usage(1, 'guests')$$);
SELECT refusal($$SELECT steward.usage(1, 'pg_class')$$);
SELECT refusal($$SELECT steward.usage(1, 'no_such_table')$$);
SELECT refusal($$SELECT steward.define_meter('visits', 'guests', 'standing')$$);
-- A subject of one is none of the other, and the same key means another row in each.
SELECT refusal($$SELECT steward.consume('00112233-4455-6677-8899-aabbccddeeff'::uuid, 'calls')$$);
SELECT refusal($$SELECT steward.consume(1, 'team_calls')$$);
SELECT refusal($$SELECT steward.usage('00112233-4455-6677-8899-aabbccddeef0'::uuid, 'teams')$$);
SELECT steward.bind_subjects('guests'), steward.define_tier('default', 0), steward.define_meter('visits', 'guests', 'metered', 'day'), steward.set_limit('default', 'visits', 5) \g /dev/null
SELECT steward.consume(1, 'visits', 4), steward.consume(1, 'calls', 3);
SELECT meter, used FROM steward.usage(1, 'guests');
SELECT meter, used FROM steward.usage(1, 'members') WHERE used > 0;
DELETE FROM guests;
SELECT meter, used FROM steward.usage(1, 'members') WHERE used > 0;

-- Names that are none.
SELECT refusal($$SELECT steward.consume(3, 'calls')$$);
SELECT refusal($$SELECT steward.consume(1, 'Calls')$$);
SELECT refusal($$SELECT steward.consume(1, '')$$);
SELECT refusal($$SELECT steward.check_limit(3, 'calls')$$);
SELECT refusal($$SELECT steward.explain_limit(1, 'call')$$);
SELECT refusal($$SELECT steward.release(3, 'calls')$$);
SELECT refusal($$SELECT steward.what_if(1, 'Basic', 'members')$$);
SELECT refusal($$SELECT steward.consume_all(1, '{calls,space,spam}', '{1,1,1}')$$);
UPDATE members SET tier = 'Basic' WHERE id = 2;
SELECT refusal($$SELECT steward.consume(2, 'calls')$$);
-- Amounts that are none.
SELECT refusal($$SELECT steward.try_consume(1, 'calls', 0)$$);
SELECT refusal($$SELECT steward.release(1, 'calls', -1)$$);
SELECT refusal($$SELECT steward.check_limit(1, 'calls', 0)$$);
SELECT refusal($$SELECT steward.explain_limit(1, 'calls', -5)$$);
SELECT refusal($$SELECT steward.consume_all(1, '{calls,space}', '{1,-2}')$$);
SELECT refusal($$SELECT steward.consume_all(1, '{}', '{}')$$);
SELECT refusal($$SELECT steward.consume(1, 'calls', 1.5)$$);
SELECT refusal($$SELECT steward.consume(1, 'calls', 9223372036854775807)$$);
SELECT refusal($$SELECT steward.consume(1, 'calls', 9223372036854775808)$$);
SELECT refusal($$SELECT steward.consume_all(1, '{calls,calls}', '{9223372036854775807,9223372036854775807}')$$);
-- NULL.
SELECT refusal($$SELECT steward.usage(NULL::bigint, 'members')$$);
SELECT refusal($$SELECT steward.what_if(1, NULL, 'members')$$);
SELECT refusal($$SELECT steward.explain_limit(1, NULL)$$);
SELECT refusal($$SELECT steward.check_limit(NULL::text, 'calls')$$);
SELECT refusal($$SELECT steward.release(1, 'calls', NULL)$$);
SELECT refusal($$SELECT steward.consume_all(1, NULL, '{1}')$$);
SELECT refusal($$SELECT steward.consume_all(1, '{calls}', '{NULL}')$$);
SELECT refusal($$SELECT steward.consume_all(1, '{{calls},{space}}', '{{1},{1}}')$$);

-- Tables: columns of other types.
SELECT refusal($$SELECT steward.limit_rows('files', 'team', 'uploads')$$);
SELECT refusal($$SELECT steward.limit_rows('files', 'email', 'uploads')$$);
SELECT refusal($$SELECT steward.limit_rows('files', 'member', 'team_calls')$$);
SELECT refusal($$SELECT steward.limit_rows('files', 'member', 'space', measure_col => 'big')$$);
SELECT refusal($$SELECT steward.limit_rows('files', 'member', 'space', measure_col => 'nothing')$$);
SELECT refusal($$SELECT steward.limit_rows('files', NULL, 'space')$$);
SELECT refusal($$SELECT steward.limit_rows('files', 'ctid', 'space')$$);
-- Conditions that are none.
SELECT refusal($$SELECT steward.limit_rows('files', 'member', 'space', condition => 'count(*) > 0')$$);
SELECT refusal($$SELECT steward.limit_rows('files', 'member', 'space', condition => 'row_number() OVER () > 0')$$);
SELECT refusal($$SELECT steward.limit_rows('files', 'member', 'space', condition => 'unnest(tags) = ''x''')$$);
SELECT refusal($$SELECT steward.limit_rows('files', 'member', 'space', condition => 'EXISTS (SELECT FROM members)')$$);
SELECT refusal($$SELECT steward.limit_rows('files', 'member', 'space', condition => 'made_at > now()')$$);
SELECT refusal($$SELECT steward.limit_rows('files', 'member', 'space', condition => 'made_at > ''2026-01-01 10:00''::text::timestamptz')$$);
SELECT refusal($$SELECT steward.limit_rows('files', 'member', 'space', condition => 'members.id = member')$$);
SELECT refusal($$SELECT steward.limit_rows('files', 'member', 'space', condition => 'status = $1')$$);
SELECT refusal($$SELECT steward.limit_rows('files', 'member', 'space', condition => 'size')$$);
SELECT refusal($$SELECT steward.limit_rows('files', 'member', 'space', condition => 'true); DROP TABLE files; --')$$);
SELECT refusal($$SELECT steward.limit_rows('files', 'member', 'space', condition => 'xmin IS NULL')$$);
-- Two meters on one table, of rows that are there; the same one twice changes it.
INSERT INTO files (id, member, size, status) VALUES (1, 1, 100, 'new'), (2, 1, 200, 'old'), (3, NULL, 5000, 'new');
SELECT steward.limit_rows('files', 'member', 'space', measure_col => 'size'), steward.limit_rows('files', 'member', 'uploads') \g /dev/null
SELECT steward.limit_rows('files', 'member', 'space', measure_col => 'size', condition => 'status = ''new''') \g /dev/null
INSERT INTO files (id, member, size, status) VALUES (4, 1, 50, 'new');
SELECT meter, used FROM steward.usage(1, 'members') WHERE used > 0;
SELECT refusal($$INSERT INTO files (id, member) VALUES (5, 77)$$);
SELECT refusal($$INSERT INTO files (id, member, size, status) VALUES (5, 1, -1, 'new')$$);
SELECT refusal($$INSERT INTO files (id, member, size, status) SELECT n, 1, 2147483647, 'new' FROM generate_series(10, 12) n$$);
SELECT refusal($$SELECT steward.consume(1, 'space', 5)$$);
SELECT regexp_replace(refusal($$ALTER TABLE files DROP COLUMN size$$), 'limit_\d+', 'limit_N', 'g');
SELECT refusal($$SELECT steward.unlimit_rows('files', 'calls')$$);
SELECT refusal($$SELECT steward.define_meter('space', 'members', 'metered', 'day')$$);
SELECT refusal($$SELECT steward.unbind_subjects('members')$$);
SELECT steward.unlimit_rows('files', 'space'), steward.unlimit_rows('files', 'uploads') \g /dev/null
-- Rows that a crash takes away, for what is standing: declared so, made, attached, and altered.
CREATE UNLOGGED TABLE scraps (id int, member bigint);
SELECT refusal($$SELECT steward.limit_rows('scraps', 'member', 'space')$$);
SELECT steward.limit_rows('scraps', 'member', 'uploads') \g /dev/null
CREATE TABLE notes (id int, member bigint) PARTITION BY LIST (id);
CREATE TABLE notes_1 PARTITION OF notes FOR VALUES IN (1);
CREATE UNLOGGED TABLE notes_2 PARTITION OF notes FOR VALUES IN (2);
SELECT refusal($$SELECT steward.limit_rows('notes', 'member', 'space')$$);
ALTER TABLE notes_2 SET LOGGED;
SELECT steward.limit_rows('notes', 'member', 'space') \g /dev/null
SELECT refusal($$CREATE UNLOGGED TABLE notes_3 PARTITION OF notes FOR VALUES IN (3)$$);
SELECT refusal($$ALTER TABLE notes ATTACH PARTITION scraps FOR VALUES IN (3)$$);
SELECT refusal($$ALTER TABLE notes_1 SET UNLOGGED$$);
ALTER TABLE scraps SET LOGGED;
ALTER TABLE scraps SET UNLOGGED;
-- Children by plain inheritance, before and after.
CREATE TABLE letters (id int, member bigint);
CREATE TABLE old_letters () INHERITS (letters);
SELECT refusal($$SELECT steward.limit_rows('letters', 'member', 'uploads')$$);
ALTER TABLE old_letters NO INHERIT letters;
SELECT steward.limit_rows('letters', 'member', 'uploads') \g /dev/null
SELECT refusal($$ALTER TABLE old_letters INHERIT letters$$);
SELECT refusal($$CREATE TABLE new_letters () INHERITS (letters)$$);
SELECT refusal($$CREATE SCHEMA post CREATE TABLE new_letters () INHERITS (public.letters)$$);
CREATE TABLE older_letters () INHERITS (old_letters);
-- A partition that is declared itself.
SELECT steward.limit_rows('letters', 'member', 'space') \g /dev/null
SELECT regexp_replace(refusal($$ALTER TABLE notes ATTACH PARTITION letters FOR VALUES IN (3)$$), 'limit_\d+', 'limit_N', 'g');
SELECT steward.unlimit_rows('letters', 'space') \g /dev/null
ALTER TABLE notes ATTACH PARTITION letters FOR VALUES IN (3);
-- What cannot be counted in a transaction that does not see it.
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT refusal($$DROP TABLE notes_2$$);
ROLLBACK;
SELECT steward.unlimit_rows('notes', 'space'), steward.unlimit_rows('scraps', 'uploads'), steward.unlimit_rows('letters', 'uploads') \g /dev/null
DROP TABLE scraps, notes, old_letters, older_letters;

-- The answer to a repeated key is of the same class.
UPDATE members SET tier = 'basic' WHERE id = 2;
SELECT steward.define_meter('seats', 'members', 'standing'), steward.set_limit('basic', 'seats', 3) \g /dev/null
SELECT steward.try_consume(2, 'seats', 4, 'b'), steward.try_consume(2, 'calls', 6, 'c'), steward.try_consume(2, 'seats', 3, 'd');
SELECT refusal($$SELECT steward.consume(2, 'seats', 4, 'b')$$);
SELECT refusal($$SELECT steward.consume(2, 'calls', 6, 'c')$$);
SELECT refusal($$SELECT steward.consume_all(2, '{seats}', '{4}', 'b')$$);
SELECT steward.try_consume(2, 'seats', 4, 'b'), steward.consume(2, 'seats', 3, 'd');
-- A verdict says how much is left, as the denial does.
SELECT * FROM steward.explain_limit(2, 'calls', 9) WHERE explain_limit LIKE 'Verdict%';
SELECT * FROM steward.explain_limit(2, 'seats', 1) WHERE explain_limit LIKE 'Verdict%';
SELECT steward.release(2, 'seats', 2) \g /dev/null
SELECT * FROM steward.explain_limit(2, 'seats', 3) WHERE explain_limit LIKE 'Verdict%';
-- A month in which somebody has used more than a number holds hides nobody's.
SELECT steward.set_limit('basic', 'calls', NULL) \g /dev/null
SELECT steward.consume(2, 'calls', 9223372036854775807) \g /dev/null
SET steward.now = '2026-05-06 12:00+00';
SELECT steward.consume(2, 'calls', 5) \g /dev/null
SELECT subject, month, used FROM steward.usage_by_month WHERE rel = 'members'::regclass AND meter = 'calls' ORDER BY 1;
-- A zone that is none, of one subject.
ALTER TABLE members ADD time_zone text;
SELECT steward.bind_subjects('members', 'tier', zone_col => 'time_zone') \g /dev/null
UPDATE members SET time_zone = 'Foo/Bar' WHERE id = 1;
SELECT refusal($$SELECT steward.consume(1, 'uploads')$$);
SELECT refusal($$SELECT steward.usage(1, 'members')$$);
SELECT steward.consume(2, 'uploads');
UPDATE members SET time_zone = '' WHERE id = 1;
SELECT refusal($$SELECT steward.check_limit(1, 'uploads')$$);
UPDATE members SET time_zone = 'CEST' WHERE id = 1;
SELECT steward.check_limit(1, 'uploads');
-- The table of the subjects is gone, and what is counted for them is not.
CREATE TABLE owners (id bigint PRIMARY KEY);
CREATE TABLE things (id int, owner bigint REFERENCES owners);
INSERT INTO owners VALUES (1);
SELECT steward.bind_subjects('owners'), steward.define_tier('default', 0), steward.define_meter('things', 'owners', 'standing'), steward.set_limit('default', 'things', 5),
  steward.limit_rows('things', 'owner', 'things') \g /dev/null
INSERT INTO things VALUES (1, 1);
DROP TABLE owners CASCADE;
SELECT refusal($$INSERT INTO things VALUES (2, 1)$$);
SELECT refusal($$DELETE FROM things$$);
SELECT steward.unlimit_rows('public.things', 'things'), steward.drop_meter('things') \g /dev/null
INSERT INTO things VALUES (2, 1);
DROP TABLE things;
\pset tuples_only off
\pset format aligned
SELECT steward.drop_meter(m) FROM unnest('{calls,space,uploads,seats,team_calls,visits}'::text[]) m \g /dev/null
SELECT steward.unbind_subjects('members'), steward.unbind_subjects('teams'), steward.unbind_subjects('guests'), steward.drop_tier('basic'), steward.drop_tier('default') \g /dev/null
DROP TABLE files, members, teams, guests;
RESET steward.now;
