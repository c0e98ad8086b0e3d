-- What the log tells of rows: history, row_as_of, table_as_of, blame.
SET client_min_messages = warning;
CREATE SCHEMA audit_readers;
SET search_path = audit_readers;
CREATE TABLE moments (n int PRIMARY KEY, at timestamptz);
CREATE PROCEDURE moment(n int) LANGUAGE sql AS $$
  SELECT pg_sleep(0.002); INSERT INTO moments VALUES (n, clock_timestamp()); SELECT pg_sleep(0.002) $$;

CREATE TABLE reports (id int PRIMARY KEY, title text, views int, meta json, done timestamptz);
INSERT INTO reports VALUES (1, 'old', 1), (2, 'untouched', 2);
SELECT steward.audit_table('reports');

-- Rows older than their auditing, new ones, other columns, another key.
INSERT INTO reports VALUES (3, 'new', 3, NULL, '2026-01-01 00:00+00');
CALL moment(1);
UPDATE reports SET title = 'changed' WHERE id IN (1, 3);
CALL moment(2);
ALTER TABLE reports ADD COLUMN extra int DEFAULT 7;
ALTER TABLE reports RENAME COLUMN title TO headline;
CALL moment(3);
UPDATE reports SET id = 33, headline = 'moved' WHERE id = 3;
UPDATE reports SET meta = '{"a": "\u0000"}' WHERE id = 1;
CALL moment(4);
DELETE FROM reports WHERE id = 33;
ALTER TABLE reports DROP COLUMN views;
CALL moment(5);
INSERT INTO reports VALUES (3, 'again');
CALL moment(6);
SELECT changes FROM steward._audit_versions WHERE rel_id = (SELECT rel_id FROM steward.audit_relations WHERE rel = 'reports'::regclass) ORDER BY from_id;
SELECT n, key, steward.row_as_of('reports', key, at) FROM moments, (VALUES (1), (3), (33)) AS k (key) ORDER BY key, n;
SELECT n, r.* FROM moments, LATERAL steward.table_as_of(NULL::reports, at) AS r ORDER BY n, id;

-- The history of a row goes on under its new key.
SELECT rel_name, action, row_key, changed FROM steward.history('reports', 33);
SELECT rel_name, action, row_key, changed FROM steward.history('reports', '3');
SELECT col, value, actor IS NOT NULL AS actor, at IS NOT NULL AS at, tx IS NOT NULL AS tx FROM steward.blame('reports', 1);
SELECT col, value, tx IS NOT NULL AS tx FROM steward.blame('reports', 33);

-- In whatever session.
BEGIN;
SET LOCAL TimeZone = 'Asia/Kathmandu';
SET LOCAL DateStyle = 'German';
SELECT steward.row_as_of('reports', ' 3 ', at) FROM moments WHERE n = 1;
SELECT done = '2026-01-01 00:00+00' FROM moments, LATERAL steward.table_as_of(NULL::reports, at) WHERE n = 1 AND id = 3;
ROLLBACK;

-- What this transaction has done, and what it has taken back.
BEGIN;
UPDATE reports SET headline = 'in progress' WHERE id = 1;
SAVEPOINT s;
UPDATE reports SET headline = 'in a savepoint' WHERE id = 1;
SELECT steward.row_as_of('reports', 1, 'infinity') ->> 'headline';
ROLLBACK TO s;
SELECT steward.row_as_of('reports', 1, 'infinity') ->> 'headline';
SELECT new_values ->> 'headline' FROM steward.history('reports', 1) ORDER BY id DESC LIMIT 1;
ROLLBACK;
SELECT steward.row_as_of('reports', 1, 'infinity') ->> 'headline';

-- A truncate ends every row.
TRUNCATE reports;
SELECT steward.row_as_of('reports', 1, 'infinity') IS NULL;
SELECT steward.row_as_of('reports', 1, at) ->> 'headline' FROM moments WHERE n = 1;
SELECT action FROM steward.history('reports', 1);
SELECT count(*) FROM steward.table_as_of(NULL::reports, 'infinity');

-- Keys of several columns, of any type.
CREATE TABLE parts (at timestamptz, kind numeric, v text, PRIMARY KEY (at, kind));
SELECT steward.audit_table('parts');
INSERT INTO parts VALUES ('2026-01-01 12:00+00', 1.50, 'a');
UPDATE parts SET v = 'b';
UPDATE parts SET kind = 2;
SELECT action, row_key, changed FROM steward.history('parts', '["2026-01-01 14:00+02", "2"]');
SELECT steward.row_as_of('parts', '["2026-01-01 12:00+00", "2"]', 'infinity');

-- Other rows, times and tables.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SELECT steward.row_as_of('reports', 99, '2020-01-01');
\set VERBOSITY default
SELECT steward.history('reports', 'x');
SELECT steward.history('parts', 'x');
SELECT steward.history('moments', 1);
SELECT steward.table_as_of(1, now());
CREATE TABLE keyless (v text);
SELECT steward.audit_table('keyless');
SELECT steward.history('keyless', 'x');
\set VERBOSITY default
SELECT steward.history('reports', NULL::text), steward.row_as_of('reports', 1, NULL);

DROP SCHEMA audit_readers CASCADE;
SELECT count(*) FROM steward.audit_relations WHERE rel IS NOT NULL;
