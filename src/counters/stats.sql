-- Every counter and how it stands. It reads all cells, so it is for people and not for each page view.

CREATE FUNCTION steward._bound_counters(OUT id int, OUT last_col name) RETURNS SETOF record
  LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward__bound_counters';
COMMENT ON FUNCTION steward._bound_counters() IS 'the counters that are tied to their tables, and what they learn from them';
REVOKE EXECUTE ON FUNCTION steward._bound_counters() FROM PUBLIC;

CREATE VIEW steward.counter_stats AS
  SELECT c.rel, c.col, c.bucket, c.time_zone, c.keep, b.last_col,
    COALESCE(s.cells, 0) AS cells, COALESCE(s.total, 0) AS total, COALESCE(s.unfolded, 0) AS unfolded,
    c.last_fold, c.last_error, COALESCE((SELECT m.mode FROM steward._cell_mode AS m), 'inplace') AS mode, b.id IS NOT NULL AS bound
  FROM steward._counters AS c
  JOIN pg_catalog.pg_class AS r ON r.oid OPERATOR(pg_catalog.=) c.rel  -- that of a dropped table goes with the next fold
  LEFT JOIN steward._bound_counters() AS b ON b.id OPERATOR(pg_catalog.=) c.id
  LEFT JOIN (
    SELECT a.counter, pg_catalog.sum(a.cells)::pg_catalog.int8 AS cells, pg_catalog.sum(a.total) AS total,
      pg_catalog.sum(a.unfolded)::pg_catalog.int8 AS unfolded
    FROM (
      SELECT counter, pg_catalog.count(*) AS cells, pg_catalog.sum(value) AS total,
        pg_catalog.count(*) FILTER (WHERE unfolded) AS unfolded
      FROM steward._counts GROUP BY counter
      UNION ALL
      SELECT counter, 0, pg_catalog.sum(delta), pg_catalog.count(*) FROM steward._count_deltas GROUP BY counter
    ) AS a GROUP BY a.counter
  ) AS s ON s.counter OPERATOR(pg_catalog.=) c.id;
COMMENT ON VIEW steward.counter_stats IS
  'every counter: rows counted, their total, what the table has yet to be told, and how the last fold went';
COMMENT ON COLUMN steward.counter_stats.rel IS 'the table';
COMMENT ON COLUMN steward.counter_stats.col IS 'its column that is counted in';
COMMENT ON COLUMN steward.counter_stats.bucket IS 'how long a bucket of count_series() is; NULL without any';
COMMENT ON COLUMN steward.counter_stats.time_zone IS 'in which buckets begin';
COMMENT ON COLUMN steward.counter_stats.keep IS 'how long buckets are kept; NULL for good';
COMMENT ON COLUMN steward.counter_stats.last_col IS 'the column that holds the time of the last hit';
COMMENT ON COLUMN steward.counter_stats.cells IS 'rows that have been counted';
COMMENT ON COLUMN steward.counter_stats.total IS 'sum of their counts';
COMMENT ON COLUMN steward.counter_stats.unfolded IS 'cells, and in mode row deltas, that the table has yet to be told of';
COMMENT ON COLUMN steward.counter_stats.last_fold IS 'when the table was last told';
COMMENT ON COLUMN steward.counter_stats.last_error IS 'what the last fold failed with';
COMMENT ON COLUMN steward.counter_stats.mode IS 'where hits are kept: see set_cell_mode()';
COMMENT ON COLUMN steward.counter_stats.bound IS 'false when the counter has lost its triggers: nothing is counted';
