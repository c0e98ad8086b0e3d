-- What there is, how it stands, and what is wrong with it.

CREATE FUNCTION steward._partitions(OUT rel regclass, OUT part regclass, OUT lower_bound text, OUT upper_bound text, OUT state text)
  RETURNS SETOF record LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward__partitions';
COMMENT ON FUNCTION steward._partitions() IS 'the partitions of all sets, and those in the bin, with their bounds';
REVOKE EXECUTE ON FUNCTION steward._partitions() FROM PUBLIC;

-- The server's own functions wait for whoever has the table locked, and being volatile are called also where nobody asks for the size.
CREATE FUNCTION steward._partition_bytes(part regclass) RETURNS bigint
  LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward__partition_bytes';
COMMENT ON FUNCTION steward._partition_bytes(regclass) IS 'how much room a partition takes; NULL while somebody has it locked';
REVOKE EXECUTE ON FUNCTION steward._partition_bytes(regclass) FROM PUBLIC;

CREATE VIEW steward.partitions AS
  SELECT p.rel, p.part::pg_catalog.regclass::pg_catalog.text AS partition_name, p.lower_bound, p.upper_bound,
    CASE c.relkind
      WHEN 'p' THEN (SELECT pg_catalog.sum(NULLIF(l.reltuples, -1))::pg_catalog.int8
        FROM pg_catalog.pg_partition_tree(c.oid) AS t JOIN pg_catalog.pg_class AS l ON l.oid OPERATOR(pg_catalog.=) t.relid WHERE t.isleaf)
      ELSE NULLIF(c.reltuples, -1)::pg_catalog.int8 END AS rows_estimate,
    steward._partition_bytes(p.part) AS bytes,
    p.state
  FROM steward._partitions() AS p JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) p.part;
COMMENT ON VIEW steward.partitions IS 'every partition of every managed set, its default too, and what is in the bin';
COMMENT ON COLUMN steward.partitions.rel IS 'the table that is managed';
COMMENT ON COLUMN steward.partitions.partition_name IS 'the partition, as it is called in this search_path';
COMMENT ON COLUMN steward.partitions.lower_bound IS 'where it begins: a number, a date, or a time, in UTC if the key has a zone or is a uuid';
COMMENT ON COLUMN steward.partitions.upper_bound IS 'where the next begins';
COMMENT ON COLUMN steward.partitions.rows_estimate IS 'rows as of its last vacuum or analyze; NULL where there was none';
COMMENT ON COLUMN steward.partitions.bytes IS 'with indexes and what is stored beside the table; NULL while somebody has it locked';
COMMENT ON COLUMN steward.partitions.state IS
  'attached, default, held (attached, and kept however old), recycled (in the bin) or detaching (a concurrent detach was not finished)';
REVOKE ALL ON TABLE steward.partitions FROM PUBLIC;

CREATE FUNCTION steward._partition_health(
    OUT rel regclass, OUT state text, OUT runway interval, OUT default_rows bigint, OUT last_run timestamptz,
    OUT last_error text, OUT sqlstate text, OUT next_retry timestamptz)
  RETURNS SETOF record LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward__partition_health';
COMMENT ON FUNCTION steward._partition_health() IS 'how each set stands';
REVOKE EXECUTE ON FUNCTION steward._partition_health() FROM PUBLIC;

CREATE VIEW steward.partition_health AS
  SELECT h.rel, h.state, h.runway, h.default_rows, h.last_run, h.last_error, h.sqlstate, h.next_retry
  FROM steward._partition_health() AS h;
COMMENT ON VIEW steward.partition_health IS 'one row for each managed set: whether all is well, and how its last maintenance went';
COMMENT ON COLUMN steward.partition_health.rel IS 'the table';
COMMENT ON COLUMN steward.partition_health.state IS
  'ok, late (maintenance is overdue, or rows land in the default), blocked (no lock was to be had) or failed';
COMMENT ON COLUMN steward.partition_health.runway IS
  'how long until new rows find no partition but the default; 0 when they do not already, NULL for numbers and where the last partition has no end';
COMMENT ON COLUMN steward.partition_health.default_rows IS
  'rows in the default: counted where it has up to 16 MB, else estimated; NULL where there is no default, or it cannot be told';
COMMENT ON COLUMN steward.partition_health.last_run IS 'when it was last maintained';
COMMENT ON COLUMN steward.partition_health.last_error IS 'of the last maintenance; or why the set cannot be looked at now';
COMMENT ON COLUMN steward.partition_health.sqlstate IS 'of that error';
COMMENT ON COLUMN steward.partition_health.next_retry IS 'when maintenance will try again after it';
REVOKE ALL ON TABLE steward.partition_health FROM PUBLIC;

CREATE FUNCTION steward.verify_partitions(rel regclass DEFAULT NULL,
    OUT rel regclass, OUT partition_name text, OUT problem text, OUT detail text) RETURNS SETOF record
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_verify_partitions';
COMMENT ON FUNCTION steward.verify_partitions(regclass) IS
  'what is wrong with the partitions of one set or of all: gaps, bounds askew, indexes and properties that are missing; no row where all is well';
REVOKE EXECUTE ON FUNCTION steward.verify_partitions(regclass) FROM PUBLIC;
