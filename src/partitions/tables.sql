-- What is asked for of each set, and what its maintenance has come to.

CREATE TABLE steward.partition_sets (
  rel regclass PRIMARY KEY,
  every interval,
  key_step bigint CHECK (key_step > 0),
  premake int NOT NULL CHECK (premake >= 0),
  retention interval,
  retention_action text NOT NULL CHECK (retention_action IN ('drop', 'detach')),
  archive_schema name,
  since timestamptz NOT NULL,
  time_zone text NOT NULL,
  default_partition boolean NOT NULL,
  keep_detached interval NOT NULL,
  lock_budget interval NOT NULL,
  CHECK ((every IS NULL) <> (key_step IS NULL))
);
COMMENT ON TABLE steward.partition_sets IS 'partitioned tables whose partitions are made and retired, with their options: manage_partitions() changes them';
COMMENT ON COLUMN steward.partition_sets.rel IS 'the table';
COMMENT ON COLUMN steward.partition_sets.every IS 'how much time a partition is for';
COMMENT ON COLUMN steward.partition_sets.key_step IS 'how many numbers a partition is for';
COMMENT ON COLUMN steward.partition_sets.premake IS 'how many partitions are made ahead';
COMMENT ON COLUMN steward.partition_sets.retention IS 'how old rows may get; NULL keeps them for ever';
COMMENT ON COLUMN steward.partition_sets.retention_action IS 'what becomes of older partitions: drop or detach';
COMMENT ON COLUMN steward.partition_sets.archive_schema IS 'the schema that detached partitions are moved to';
COMMENT ON COLUMN steward.partition_sets.since IS 'the oldest time that has partitions of its own';
COMMENT ON COLUMN steward.partition_sets.time_zone IS 'the zone in which days and longer periods begin';
COMMENT ON COLUMN steward.partition_sets.default_partition IS 'whether rows that no partition is for have a place';
COMMENT ON COLUMN steward.partition_sets.keep_detached IS 'how long what is to be dropped is kept, detached';
COMMENT ON COLUMN steward.partition_sets.lock_budget IS 'how long a lock may be waited for';
SELECT pg_catalog.pg_extension_config_dump('steward.partition_sets', 'WHERE (SELECT true FROM pg_catalog.pg_class AS r WHERE r.oid = rel)');
REVOKE ALL ON TABLE steward.partition_sets FROM PUBLIC;

CREATE TABLE steward.recycled_partitions (
  part regclass PRIMARY KEY,
  rel regclass NOT NULL,
  lower_bound text NOT NULL,
  upper_bound text NOT NULL,
  detached_at timestamptz NOT NULL,
  drop_after timestamptz,
  foreign_keys text[] NOT NULL,
  referenced_by text[] NOT NULL
);
COMMENT ON TABLE steward.recycled_partitions IS
  'tables that were partitions until they were too old: restore_partition() attaches them again';
COMMENT ON COLUMN steward.recycled_partitions.part IS 'the table';
COMMENT ON COLUMN steward.recycled_partitions.rel IS 'the table that it was a partition of';
COMMENT ON COLUMN steward.recycled_partitions.lower_bound IS 'its lower bound, as SQL';
COMMENT ON COLUMN steward.recycled_partitions.upper_bound IS 'its upper bound, as SQL';
COMMENT ON COLUMN steward.recycled_partitions.detached_at IS 'when it was detached';
COMMENT ON COLUMN steward.recycled_partitions.drop_after IS 'when it is dropped; NULL keeps it';
COMMENT ON COLUMN steward.recycled_partitions.foreign_keys IS 'the foreign keys that it had, which are gone';
COMMENT ON COLUMN steward.recycled_partitions.referenced_by IS 'what makes those again that referred to it by its own name';
SELECT pg_catalog.pg_extension_config_dump('steward.recycled_partitions', 'WHERE (SELECT true FROM pg_catalog.pg_class AS r WHERE r.oid = part)');
REVOKE ALL ON TABLE steward.recycled_partitions FROM PUBLIC;

CREATE TABLE steward.held_partitions (
  part regclass PRIMARY KEY,
  reason text,
  held_at timestamptz NOT NULL,
  held_by name NOT NULL
);
COMMENT ON TABLE steward.held_partitions IS 'partitions that are neither detached nor dropped, however old: hold_partition() and unhold_partition()';
COMMENT ON COLUMN steward.held_partitions.part IS 'the partition, or what was one';
COMMENT ON COLUMN steward.held_partitions.reason IS 'why';
COMMENT ON COLUMN steward.held_partitions.held_at IS 'since when';
COMMENT ON COLUMN steward.held_partitions.held_by IS 'who held it first';
SELECT pg_catalog.pg_extension_config_dump('steward.held_partitions', 'WHERE (SELECT true FROM pg_catalog.pg_class AS r WHERE r.oid = part)');
REVOKE ALL ON TABLE steward.held_partitions FROM PUBLIC;

CREATE TABLE steward._partition_runs (
  rel regclass PRIMARY KEY,
  last_run timestamptz,
  last_error text,
  sqlstate text,
  failures int NOT NULL DEFAULT 0,
  next_retry timestamptz
);
COMMENT ON TABLE steward._partition_runs IS 'what the last maintenance of each set came to';
SELECT pg_catalog.pg_extension_config_dump('steward._partition_runs', 'WHERE (SELECT true FROM pg_catalog.pg_class AS r WHERE r.oid = rel)');
REVOKE ALL ON TABLE steward._partition_runs FROM PUBLIC;

CREATE TABLE steward._moving_partitions (
  rel regclass PRIMARY KEY,
  part regclass NOT NULL,
  moved bigint NOT NULL,
  total bigint NOT NULL,
  began timestamptz NOT NULL,
  moved_at timestamptz NOT NULL
);
COMMENT ON TABLE steward._moving_partitions IS
  'partitions that are being filled with rows of the default partition: their upper bound moves up with the rows';
SELECT pg_catalog.pg_extension_config_dump('steward._moving_partitions', '');
REVOKE ALL ON TABLE steward._moving_partitions FROM PUBLIC;

CREATE VIEW steward.progress AS
  SELECT pg_catalog.format('move rows into partition %s of table %s', part, rel) AS what, moved AS done, total,
    (moved OPERATOR(pg_catalog./) NULLIF(EXTRACT(epoch FROM (moved_at OPERATOR(pg_catalog.-) began)), 0))::pg_catalog.float8 AS rate,
    CASE WHEN moved OPERATOR(pg_catalog.>) 0 THEN moved_at OPERATOR(pg_catalog.+)
      ((moved_at OPERATOR(pg_catalog.-) began) OPERATOR(pg_catalog.*)
       (GREATEST(total OPERATOR(pg_catalog.-) moved, 0)::pg_catalog.float8 OPERATOR(pg_catalog./) moved::pg_catalog.float8)) END AS eta
  FROM steward._moving_partitions;
COMMENT ON VIEW steward.progress IS 'long work that is under way, or was interrupted and goes on with the next maintenance';
COMMENT ON COLUMN steward.progress.what IS 'what is being done';
COMMENT ON COLUMN steward.progress.done IS 'how many rows are done';
COMMENT ON COLUMN steward.progress.total IS 'how many there were at the beginning';
COMMENT ON COLUMN steward.progress.rate IS 'rows a second, so far';
COMMENT ON COLUMN steward.progress.eta IS 'when it is done if it goes on like that';
REVOKE ALL ON TABLE steward.progress FROM PUBLIC;

CREATE TABLE steward._lock_history (
  rel regclass NOT NULL,
  action text NOT NULL,
  at timestamptz NOT NULL,
  waited interval NOT NULL,
  held interval NOT NULL,
  retries int NOT NULL,
  blocked_by text
);
COMMENT ON TABLE steward._lock_history IS 'what the locks of maintenance have cost, for a month';
SELECT pg_catalog.pg_extension_config_dump('steward._lock_history', '');
REVOKE ALL ON TABLE steward._lock_history FROM PUBLIC;

CREATE VIEW steward.lock_history AS
  SELECT rel, action, waited, held, retries, blocked_by, at FROM steward._lock_history;
COMMENT ON VIEW steward.lock_history IS 'how long the actions of maintenance have waited for locks and held them, for a month';
COMMENT ON COLUMN steward.lock_history.rel IS 'the table';
COMMENT ON COLUMN steward.lock_history.action IS 'what was done, as plan_partitions() calls it';
COMMENT ON COLUMN steward.lock_history.waited IS 'how long locks were waited for, in all tries';
COMMENT ON COLUMN steward.lock_history.held IS 'how long they were held until the commit; 0 where they were not to be had';
COMMENT ON COLUMN steward.lock_history.retries IS 'how often it was tried again';
COMMENT ON COLUMN steward.lock_history.blocked_by IS 'who was in the way last: process, role, application, state';
COMMENT ON COLUMN steward.lock_history.at IS 'when';
REVOKE ALL ON TABLE steward.lock_history FROM PUBLIC;
