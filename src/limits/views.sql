-- What has been declared, as it was said. Who has been given something of his own is shown to whom his row is; see usage.sql.

CREATE FUNCTION steward._subject_columns(
    OUT rel regclass, OUT key_col name, OUT tier_col name, OUT expires_col name, OUT zone_col name, OUT anchor_col name)
  RETURNS SETOF record LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward__subject_columns';
COMMENT ON FUNCTION steward._subject_columns() IS 'the tables that bind_subjects has bound, with their columns as they are called now';
REVOKE EXECUTE ON FUNCTION steward._subject_columns() FROM PUBLIC;

CREATE FUNCTION steward._row_rules(OUT rel regclass, OUT meter int, OUT subject_col name, OUT measure_col name, OUT condition text)
  RETURNS SETOF record LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward__row_rules';
COMMENT ON FUNCTION steward._row_rules() IS 'which rows of the tables that limit_rows has declared count, as their triggers say';
REVOKE EXECUTE ON FUNCTION steward._row_rules() FROM PUBLIC;

CREATE VIEW steward.tiers AS
  SELECT tier, rank FROM steward._tiers;
COMMENT ON VIEW steward.tiers IS 'the tiers that subjects may be in';
COMMENT ON COLUMN steward.tiers.tier IS 'its name, as the subjects'' rows say it';
COMMENT ON COLUMN steward.tiers.rank IS 'a higher rank is a better tier';

CREATE VIEW steward.meters AS
  SELECT meter, subjects, kind, period, unit, max_col, max_unit FROM steward._meters;
COMMENT ON VIEW steward.meters IS 'what is counted, and for the rows of which table';
COMMENT ON COLUMN steward.meters.meter IS 'its name';
COMMENT ON COLUMN steward.meters.subjects IS 'the table whose rows have it';
COMMENT ON COLUMN steward.meters.kind IS 'metered: used up in each period; standing: how much there is now';
COMMENT ON COLUMN steward.meters.period IS 'of what is metered';
COMMENT ON COLUMN steward.meters.unit IS 'for people to read';
COMMENT ON COLUMN steward.meters.max_col IS 'the column of the subject''s row that holds its limit';
COMMENT ON COLUMN steward.meters.max_unit IS 'what 1 in max_col comes to';

CREATE VIEW steward.tier_limits AS
  SELECT l.tier, m.meter, l.max
  FROM steward._limits AS l JOIN steward._meters AS m ON m.id OPERATOR(pg_catalog.=) l.meter;
COMMENT ON VIEW steward.tier_limits IS 'how much each tier allows of each meter; of what is not here it allows nothing';
COMMENT ON COLUMN steward.tier_limits.tier IS 'the tier';
COMMENT ON COLUMN steward.tier_limits.meter IS 'the meter';
COMMENT ON COLUMN steward.tier_limits.max IS 'the most; NULL is unlimited, 0 is not in this tier';

CREATE VIEW steward.subject_tables AS
  SELECT c.rel, c.key_col, c.tier_col, c.expires_col, s.fallback, c.zone_col, c.anchor_col
  FROM steward._subject_columns() AS c JOIN steward._subjects AS s ON s.rel OPERATOR(pg_catalog.=) c.rel;
COMMENT ON VIEW steward.subject_tables IS 'the tables whose rows have limits, and what their columns say';
COMMENT ON COLUMN steward.subject_tables.rel IS 'the table';
COMMENT ON COLUMN steward.subject_tables.key_col IS 'which subject a row is';
COMMENT ON COLUMN steward.subject_tables.tier_col IS 'its tier; without one all are in tier default';
COMMENT ON COLUMN steward.subject_tables.expires_col IS 'when its subscription runs out';
COMMENT ON COLUMN steward.subject_tables.fallback IS 'the tier that holds then; without one nothing may be had';
COMMENT ON COLUMN steward.subject_tables.zone_col IS 'in which time zone its periods begin; without one in UTC';
COMMENT ON COLUMN steward.subject_tables.anchor_col IS 'from when its anchored months are counted';

CREATE VIEW steward.limited_tables AS
  SELECT r.rel, m.meter, r.subject_col, r.measure_col, r.condition
  FROM steward._row_rules() AS r JOIN steward._meters AS m ON m.id OPERATOR(pg_catalog.=) r.meter;
COMMENT ON VIEW steward.limited_tables IS 'the tables whose rows count for a meter';
COMMENT ON COLUMN steward.limited_tables.rel IS 'the table';
COMMENT ON COLUMN steward.limited_tables.meter IS 'what its rows count for';
COMMENT ON COLUMN steward.limited_tables.subject_col IS 'whose a row is; NULL when the triggers that say so are gone and nothing is counted';
COMMENT ON COLUMN steward.limited_tables.measure_col IS 'how much a row comes to; without one each is 1';
COMMENT ON COLUMN steward.limited_tables.condition IS 'which rows count; without one all do';

CREATE VIEW steward.limit_overrides WITH (security_barrier) AS
  SELECT m.subjects AS rel, o.subject, m.meter, o.max, o.until, o.reason
  FROM steward._overrides AS o JOIN steward._meters AS m ON m.id OPERATOR(pg_catalog.=) o.meter
  WHERE steward._may_see_subject(m.subjects, o.subject);
COMMENT ON VIEW steward.limit_overrides IS 'limits that single subjects have before that of their tier; subjects that the caller may read';
COMMENT ON COLUMN steward.limit_overrides.rel IS 'the table that the subject is a row of';
COMMENT ON COLUMN steward.limit_overrides.subject IS 'its key';
COMMENT ON COLUMN steward.limit_overrides.meter IS 'the meter';
COMMENT ON COLUMN steward.limit_overrides.max IS 'the most; NULL is unlimited';
COMMENT ON COLUMN steward.limit_overrides.until IS 'how long it holds; NULL for good';
COMMENT ON COLUMN steward.limit_overrides.reason IS 'why it was given';

-- The account of an extra of what is metered has the least number there is and the extra's: see account.hpp.
CREATE VIEW steward.limit_extras WITH (security_barrier) AS
  SELECT e.id, m.subjects AS rel, e.subject, m.meter, e.amount,
    CASE m.kind WHEN 'metered' THEN
      (SELECT COALESCE(pg_catalog.sum(u.used), 0)::pg_catalog.int8 FROM (
        SELECT f.used FROM steward._usage AS f
        WHERE f.meter OPERATOR(pg_catalog.=) e.meter AND f.subject OPERATOR(pg_catalog.=) e.subject
          AND f.account OPERATOR(pg_catalog.=) ((-9223372036854775808)::pg_catalog.int8 OPERATOR(pg_catalog.+) e.id)
        UNION ALL
        SELECT l.n FROM steward._ledger AS l
        WHERE l.meter OPERATOR(pg_catalog.=) e.meter AND l.subject OPERATOR(pg_catalog.=) e.subject
          AND l.account OPERATOR(pg_catalog.=) ((-9223372036854775808)::pg_catalog.int8 OPERATOR(pg_catalog.+) e.id)) AS u)
    END AS used,
    e.until, e.reason
  FROM steward._extras AS e JOIN steward._meters AS m ON m.id OPERATOR(pg_catalog.=) e.meter
  WHERE steward._may_see_subject(m.subjects, e.subject);
COMMENT ON VIEW steward.limit_extras IS 'what single subjects have beyond their limit; subjects that the caller may read';
COMMENT ON COLUMN steward.limit_extras.id IS 'its number, for revoke_extra()';
COMMENT ON COLUMN steward.limit_extras.rel IS 'the table that the subject is a row of';
COMMENT ON COLUMN steward.limit_extras.subject IS 'its key';
COMMENT ON COLUMN steward.limit_extras.meter IS 'the meter';
COMMENT ON COLUMN steward.limit_extras.amount IS 'so much was given';
COMMENT ON COLUMN steward.limit_extras.used IS 'so much of it was drawn; NULL for what is standing, whose limit it raises';
COMMENT ON COLUMN steward.limit_extras.until IS 'how long it can be drawn on; NULL for good';
COMMENT ON COLUMN steward.limit_extras.reason IS 'why it was given';
