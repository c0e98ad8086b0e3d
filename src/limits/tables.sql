-- The catalogue of limits, changed through functions; what was used, in rows; and the cells, which only cache that.
-- No foreign keys among them: a parallel restore fills extension tables in any order. The functions keep them together.

CREATE TABLE steward._tiers (
  tier text COLLATE "C" PRIMARY KEY,
  rank int NOT NULL
);
COMMENT ON TABLE steward._tiers IS 'the tiers that subjects may be in; a higher rank is a better tier';
SELECT pg_catalog.pg_extension_config_dump('steward._tiers', '');

CREATE TABLE steward._meters (
  id int PRIMARY KEY CHECK (id > 0),
  meter text COLLATE "C" NOT NULL UNIQUE,
  subjects regclass NOT NULL,
  kind text NOT NULL CHECK (kind IN ('metered', 'standing')),
  period text CHECK (period IN ('hour', 'day', 'week', 'month', 'year', 'anchored')),
  unit text,
  max_col name,
  max_unit bigint NOT NULL CHECK (max_unit > 0),
  CHECK ((kind = 'metered') = (period IS NOT NULL))
);
COMMENT ON TABLE steward._meters IS 'what is limited, and for the rows of which table';
SELECT pg_catalog.pg_extension_config_dump('steward._meters', 'WHERE (SELECT true FROM pg_catalog.pg_class AS r WHERE r.oid = subjects)');

CREATE SEQUENCE steward._meter_ids AS int;
COMMENT ON SEQUENCE steward._meter_ids IS 'numbers of meters; none is used twice';
SELECT pg_catalog.pg_extension_config_dump('steward._meter_ids', '');

CREATE TABLE steward._limits (
  tier text COLLATE "C" NOT NULL,
  meter int NOT NULL,
  max bigint CHECK (max >= 0),
  PRIMARY KEY (meter, tier)
);
COMMENT ON TABLE steward._limits IS 'how much a tier allows of a meter; NULL is unlimited, 0 is not in this tier';
SELECT pg_catalog.pg_extension_config_dump('steward._limits', 'WHERE (SELECT (SELECT true FROM pg_catalog.pg_class AS r WHERE r.oid = m.subjects) FROM steward._meters AS m WHERE m.id = _limits.meter)');

CREATE TABLE steward._subjects (
  rel regclass PRIMARY KEY,
  fallback text COLLATE "C"
);
COMMENT ON TABLE steward._subjects IS 'tables whose rows have limits; their columns are named by a trigger on the table';
SELECT pg_catalog.pg_extension_config_dump('steward._subjects', 'WHERE (SELECT true FROM pg_catalog.pg_class AS r WHERE r.oid = rel)');

CREATE TABLE steward._overrides (
  meter int NOT NULL,
  subject text COLLATE "C" NOT NULL,
  max bigint CHECK (max >= 0),
  until timestamptz,
  reason text,
  PRIMARY KEY (meter, subject)
);
COMMENT ON TABLE steward._overrides IS 'limits of single subjects, before that of their tier; NULL is unlimited';
SELECT pg_catalog.pg_extension_config_dump('steward._overrides', 'WHERE (SELECT (SELECT true FROM pg_catalog.pg_class AS r WHERE r.oid = m.subjects) FROM steward._meters AS m WHERE m.id = _overrides.meter)');

CREATE SEQUENCE steward._extra_ids;
COMMENT ON SEQUENCE steward._extra_ids IS 'numbers of extras';
SELECT pg_catalog.pg_extension_config_dump('steward._extra_ids', '');

CREATE TABLE steward._extras (
  id bigint NOT NULL CHECK (id > 0),
  meter int NOT NULL,
  subject text COLLATE "C" NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  until timestamptz,
  reason text,
  PRIMARY KEY (meter, subject, id)
);
COMMENT ON TABLE steward._extras IS 'what single subjects have beyond their limit, drawn on after it';
SELECT pg_catalog.pg_extension_config_dump('steward._extras', 'WHERE (SELECT (SELECT true FROM pg_catalog.pg_class AS r WHERE r.oid = m.subjects) FROM steward._meters AS m WHERE m.id = _extras.meter)');

-- Whoever changes one of these is heard by every session when it commits.
CREATE TRIGGER announce_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON steward._tiers
  FOR EACH STATEMENT EXECUTE FUNCTION steward._announce_change();
CREATE TRIGGER announce_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON steward._meters
  FOR EACH STATEMENT EXECUTE FUNCTION steward._announce_change();
CREATE TRIGGER announce_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON steward._limits
  FOR EACH STATEMENT EXECUTE FUNCTION steward._announce_change();
CREATE TRIGGER announce_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON steward._subjects
  FOR EACH STATEMENT EXECUTE FUNCTION steward._announce_change();
ALTER TABLE steward._tiers ENABLE ALWAYS TRIGGER announce_change;
ALTER TABLE steward._meters ENABLE ALWAYS TRIGGER announce_change;
ALTER TABLE steward._limits ENABLE ALWAYS TRIGGER announce_change;
ALTER TABLE steward._subjects ENABLE ALWAYS TRIGGER announce_change;

-- The truth: what was used = _usage + the sum of _ledger. An account is the date of a period in microseconds, or the
-- number of an extra, or that of all that a subject has.
CREATE TABLE steward._ledger (
  meter int NOT NULL,
  subject text COLLATE "C" NOT NULL,
  account bigint NOT NULL,
  id bigint NOT NULL,
  n bigint NOT NULL,
  period_start timestamptz,
  month text COLLATE "C",
  at timestamptz NOT NULL,
  PRIMARY KEY (meter, subject, account, id)
);
COMMENT ON TABLE steward._ledger IS 'what transactions have used and given back and no fold has added up yet';
COMMENT ON COLUMN steward._ledger.month IS 'YYYY-MM of the use in the zone of the subject; NULL for what there is, and not what was used';
SELECT pg_catalog.pg_extension_config_dump('steward._ledger', 'WHERE (SELECT (SELECT true FROM pg_catalog.pg_class AS r WHERE r.oid = m.subjects) FROM steward._meters AS m WHERE m.id = _ledger.meter)');

CREATE SEQUENCE steward._ledger_ids;
COMMENT ON SEQUENCE steward._ledger_ids IS 'tells apart the rows of one account';
SELECT pg_catalog.pg_extension_config_dump('steward._ledger_ids', '');

CREATE TABLE steward._usage (
  meter int NOT NULL,
  subject text COLLATE "C" NOT NULL,
  account bigint NOT NULL,
  month text COLLATE "C" NOT NULL,
  used bigint NOT NULL,
  period_start timestamptz,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (meter, subject, account, month)
);
COMMENT ON TABLE steward._usage IS 'what was used, folded by account and month';
-- Who shows a subject its months looks for those of all meters.
CREATE INDEX usage_subjects ON steward._usage (subject);
SELECT pg_catalog.pg_extension_config_dump('steward._usage', 'WHERE (SELECT (SELECT true FROM pg_catalog.pg_class AS r WHERE r.oid = m.subjects) FROM steward._meters AS m WHERE m.id = _usage.meter)');

-- Cells: a cache of the above, empty after a crash. The order of the columns is that of the bytes on the page.
CREATE UNLOGGED TABLE steward._limit_cells (
  used bigint NOT NULL,
  held bigint NOT NULL,
  giving bigint NOT NULL,
  denied bigint NOT NULL,
  last_denied timestamptz NOT NULL,
  incarnation bigint NOT NULL,
  account bigint NOT NULL,
  meter int NOT NULL,
  subject text COLLATE "C" NOT NULL,
  PRIMARY KEY (meter, subject, account)
) WITH (vacuum_truncate = false);
COMMENT ON TABLE steward._limit_cells IS 'one cell for each account that is in use: a cache of what was used, and what transactions in progress hold';

-- TRUNCATE waits for all who hold something, and does no harm.
CREATE TRIGGER guard_cells BEFORE INSERT OR UPDATE OR DELETE ON steward._limit_cells
  FOR EACH STATEMENT EXECUTE FUNCTION steward._guard_cells();

-- Of no account that is not used in mode row. Nobody changes a row, so that whoever keeps it holds up nobody but those who use the
-- account; logged, because a prepared transaction keeps it through a crash.
CREATE TABLE steward._limit_accounts (
  meter int NOT NULL,
  subject text COLLATE "C" NOT NULL,
  account bigint NOT NULL,
  PRIMARY KEY (meter, subject, account)
);
COMMENT ON TABLE steward._limit_accounts IS 'accounts in cell mode row: the one transaction at a time that uses one has its row locked';

CREATE TABLE steward._denials (
  meter int NOT NULL,
  subject text COLLATE "C" NOT NULL,
  denied bigint NOT NULL,
  last_denied timestamptz NOT NULL,
  PRIMARY KEY (meter, subject)
);
COMMENT ON TABLE steward._denials IS 'denials that were folded out of the cells';
SELECT pg_catalog.pg_extension_config_dump('steward._denials', 'WHERE (SELECT (SELECT true FROM pg_catalog.pg_class AS r WHERE r.oid = m.subjects) FROM steward._meters AS m WHERE m.id = _denials.meter)');

CREATE TABLE steward._limit_keys (
  subjects regclass NOT NULL,
  subject text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  request text COLLATE "C" NOT NULL,
  denied text COLLATE "C",
  remaining bigint,
  at timestamptz NOT NULL,
  PRIMARY KEY (subjects, subject, key)
);
COMMENT ON TABLE steward._limit_keys IS 'idempotency keys, and what was answered';
COMMENT ON COLUMN steward._limit_keys.denied IS 'SQLSTATE of the denial; NULL when it was allowed';
SELECT pg_catalog.pg_extension_config_dump('steward._limit_keys', 'WHERE (SELECT true FROM pg_catalog.pg_class AS r WHERE r.oid = subjects)');

CREATE TABLE steward._limited_tables (
  rel regclass NOT NULL,
  meter int NOT NULL,
  PRIMARY KEY (rel, meter)
);
COMMENT ON TABLE steward._limited_tables IS 'tables whose rows count for a meter; which rows, and for whom, their triggers say';
SELECT pg_catalog.pg_extension_config_dump('steward._limited_tables', 'WHERE (SELECT true FROM pg_catalog.pg_class AS r WHERE r.oid = rel)');
