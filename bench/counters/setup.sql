-- The tables that are counted in, one set a rival, and the ways to count a view.
-- Variables: keys, first_key, library.

SET client_min_messages = warning;
CREATE EXTENSION steward;
\ir ../pgbench.sql

-- Keys of six digits, and one short key, the hot one.
CREATE TABLE reports (id bigint PRIMARY KEY, title text NOT NULL, view_count bigint NOT NULL DEFAULT 0);
INSERT INTO reports (id, title)
  SELECT id, 'report ' || id FROM (SELECT 1 UNION ALL SELECT :first_key + i FROM generate_series(0, :keys - 1) i) _ (id);

-- The same rows for UPDATE, without a counter's triggers.
CREATE TABLE updated_reports (LIKE reports INCLUDING ALL);
INSERT INTO updated_reports SELECT * FROM reports;

CREATE TABLE uuid_reports (id uuid PRIMARY KEY, title text NOT NULL, view_count bigint NOT NULL DEFAULT 0);
INSERT INTO uuid_reports (id, title) VALUES ('5f0c1b1e-8d7a-4c57-9a41-2f6f0a3d9e10', 'report');

-- Without any index: nothing that counts can write less.
CREATE TABLE views (report_id bigint NOT NULL, viewed_at timestamptz NOT NULL DEFAULT now());

CREATE FUNCTION nothing(rel regclass, key bigint, n bigint DEFAULT 1, col name DEFAULT NULL) RETURNS bigint
  LANGUAGE c VOLATILE AS :'library', 'nothing';

SELECT steward.create_counter('reports', 'view_count');
SELECT steward.create_counter('uuid_reports', 'view_count');

INSERT INTO ways (way, title, stored_in, options, statement) VALUES
  ('nothing', 'a C function that does nothing', NULL, '', 'SELECT nothing(''reports'', :key::bigint)'),
  ('hit_async', 'hit, async', 'steward._counts', '-c steward.counter_durability=async',
   'SELECT steward.hit(''reports'', :key::bigint)'),
  ('hit_commit', 'hit, commit', 'steward._counts', '-c steward.counter_durability=commit',
   'SELECT steward.hit(''reports'', :key::bigint)'),
  ('insert', 'INSERT of an event', 'views', '', 'INSERT INTO views (report_id) VALUES (:key::bigint)'),
  ('update', 'UPDATE ... + 1', 'updated_reports', '',
   'UPDATE updated_reports SET view_count = view_count + 1 WHERE id = :key::bigint'),
  ('update_async', 'UPDATE ... + 1, synchronous_commit = off', 'updated_reports', '-c synchronous_commit=off',
   'UPDATE updated_reports SET view_count = view_count + 1 WHERE id = :key::bigint'),
  ('hit_uuid', 'hit, uuid key', 'steward._counts', '',
   'SELECT steward.hit(''uuid_reports'', ''5f0c1b1e-8d7a-4c57-9a41-2f6f0a3d9e10''::uuid)');

CREATE TABLE wal (way text, keys int, views bigint, distance numeric, bytes numeric, records bigint, images bigint, growth bigint);
CREATE TABLE sizes (moment text, rel regclass, bytes bigint);

CREATE FUNCTION size_of(rel regclass) RETURNS bigint LANGUAGE sql AS $$
  SELECT pg_relation_size(rel) + pg_indexes_size(rel)
$$;
