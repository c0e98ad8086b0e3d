-- The tables that are counted in, one set a rival, and the ways to count a view.
-- Variables: keys, first_key, library.

SET client_min_messages = warning;
CREATE EXTENSION steward;

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

-- stored_in: the relation that grows or does not. In the order of tables and plot.
CREATE TABLE ways (place int GENERATED ALWAYS AS IDENTITY, way text PRIMARY KEY, title text, stored_in regclass, options text, statement text);
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

-- Every run of pgbench: part is rate, latency or wal.
CREATE TABLE runs (part text, way text, clients int, keys int, round int, tps float8, transactions bigint);
CREATE TABLE wal (way text, keys int, views bigint, distance numeric, bytes numeric, records bigint, images bigint, growth bigint);
-- Statements timed one by one; views: how many each of them counted.
CREATE TABLE statements (what text, round int, views bigint, ms float8);
CREATE TABLE sizes (moment text, rel regclass, bytes bigint);

CREATE FUNCTION size_of(rel regclass) RETURNS bigint LANGUAGE sql AS $$
  SELECT pg_relation_size(rel) + pg_indexes_size(rel)
$$;

CREATE VIEW medians AS
  SELECT place, way, title, clients, keys, percentile_cont(0.5) WITHIN GROUP (ORDER BY tps) AS tps
  FROM ways JOIN runs USING (way) WHERE part = 'rate' GROUP BY place, way, title, clients, keys;

-- Ours over the rival's, by round: noise that lasts longer than a round falls out of it.
CREATE FUNCTION ratio(ours text, rival text, clients int DEFAULT 32, ours_keys int DEFAULT 1, rival_keys int DEFAULT 1,
    OUT value float8, OUT low float8, OUT high float8) LANGUAGE sql STABLE AS $$
  SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a.tps / b.tps), min(a.tps / b.tps), max(a.tps / b.tps)
  FROM runs a JOIN runs b USING (part, clients, round)
  WHERE part = 'rate' AND clients = $3 AND a.way = ours AND b.way = rival AND a.keys = ours_keys AND b.keys = rival_keys
$$;

CREATE FUNCTION median_ms(text) RETURNS float8 LANGUAGE sql STABLE AS $$
  SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FROM statements WHERE what = $1
$$;
