-- What the counters keep. A counter's columns are named by its trigger on the table (see README.md), so that they
-- follow renames, dumps and the table's end.

CREATE TABLE steward._counters (
  id int PRIMARY KEY CHECK (id > 0),
  rel regclass NOT NULL,
  col name NOT NULL,
  bucket text CHECK (bucket IN ('hour', 'day', 'week', 'month')),
  time_zone text,
  keep interval,
  last_fold timestamptz,
  last_error text
);
COMMENT ON TABLE steward._counters IS 'every counter and its options; view counter_stats shows them';
COMMENT ON COLUMN steward._counters.col IS 'the counted column by the name that it had when the counter was made';
-- Not of tables that are gone, whose numbers are others' in another cluster; one by one, so that rows stay in their order.
SELECT pg_catalog.pg_extension_config_dump('steward._counters', 'WHERE (SELECT true FROM pg_catalog.pg_class AS r WHERE r.oid = rel)');

CREATE SEQUENCE steward._counter_ids AS int;
COMMENT ON SEQUENCE steward._counter_ids IS 'numbers of counters; none is used twice';
SELECT pg_catalog.pg_extension_config_dump('steward._counter_ids', '');

-- Cells: one row each, of a fixed width, whose first part is overwritten in place. The order of the columns is that of
-- the bytes on the page. No autovacuum may shorten the tables, because sessions remember where cells are.

CREATE TABLE steward._counts (
  value bigint NOT NULL,
  unfolded boolean NOT NULL,
  epoch smallint NOT NULL DEFAULT 0,
  counter int NOT NULL,
  key text COLLATE "C" NOT NULL,
  PRIMARY KEY (counter, key)
) WITH (vacuum_truncate = false);
COMMENT ON TABLE steward._counts IS 'one cell for each row that has been counted: its count, and whether the table has yet to be told';
COMMENT ON COLUMN steward._counts.epoch IS
  'another one after each set_count, and for each cell: what an abort takes back is taken from the count that it was added to';
SELECT pg_catalog.pg_extension_config_dump('steward._counts', 'WHERE (SELECT (SELECT true FROM pg_catalog.pg_class AS r WHERE r.oid = c.rel) FROM steward._counters AS c WHERE c.id = counter)');

CREATE TABLE steward._bucket_counts (
  value bigint NOT NULL,
  start timestamptz NOT NULL,
  counter int NOT NULL,
  key text COLLATE "C" NOT NULL,
  PRIMARY KEY (counter, key, start)
) WITH (vacuum_truncate = false);
COMMENT ON TABLE steward._bucket_counts IS 'one cell for each row and bucket of time: how much was counted in it';
SELECT pg_catalog.pg_extension_config_dump('steward._bucket_counts', 'WHERE (SELECT (SELECT true FROM pg_catalog.pg_class AS r WHERE r.oid = c.rel) FROM steward._counters AS c WHERE c.id = counter)');

CREATE TABLE steward._last_hits (
  value timestamptz NOT NULL,
  counter int NOT NULL,
  key text COLLATE "C" NOT NULL,
  PRIMARY KEY (counter, key)
) WITH (vacuum_truncate = false);
COMMENT ON TABLE steward._last_hits IS 'one cell for each row of a counter with last_col: when it was last hit';
SELECT pg_catalog.pg_extension_config_dump('steward._last_hits', 'WHERE (SELECT (SELECT true FROM pg_catalog.pg_class AS r WHERE r.oid = c.rel) FROM steward._counters AS c WHERE c.id = counter)');

-- Mode row: a row for each key and transaction, until the fold adds it up.
CREATE TABLE steward._count_deltas (
  counter int NOT NULL,
  key text COLLATE "C" NOT NULL,
  id bigint NOT NULL,
  delta bigint NOT NULL,
  hits bigint NOT NULL,
  start timestamptz,
  hit_at timestamptz,
  PRIMARY KEY (counter, key, id)
);
COMMENT ON TABLE steward._count_deltas IS 'mode row: what transactions have counted and no fold has added up yet';
COMMENT ON COLUMN steward._count_deltas.hits IS 'the part of delta that was hit, for the bucket; the rest was set';
SELECT pg_catalog.pg_extension_config_dump('steward._count_deltas', 'WHERE (SELECT (SELECT true FROM pg_catalog.pg_class AS r WHERE r.oid = c.rel) FROM steward._counters AS c WHERE c.id = counter)');

CREATE SEQUENCE steward._count_delta_ids;
COMMENT ON SEQUENCE steward._count_delta_ids IS 'tells apart the deltas of one key';
SELECT pg_catalog.pg_extension_config_dump('steward._count_delta_ids', '');

-- Cells are written by steward alone: an UPDATE or DELETE would lose what is counted meanwhile. A restored dump inserts.
CREATE FUNCTION steward._guard_cells() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward__guard_cells';
COMMENT ON FUNCTION steward._guard_cells() IS 'refuses statements that write cells';
REVOKE EXECUTE ON FUNCTION steward._guard_cells() FROM PUBLIC;

CREATE TRIGGER guard_cells BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON steward._counts
  FOR EACH STATEMENT EXECUTE FUNCTION steward._guard_cells();
CREATE TRIGGER guard_cells BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON steward._bucket_counts
  FOR EACH STATEMENT EXECUTE FUNCTION steward._guard_cells();
CREATE TRIGGER guard_cells BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON steward._last_hits
  FOR EACH STATEMENT EXECUTE FUNCTION steward._guard_cells();
