-- How subjects stand.

CREATE FUNCTION steward.usage(
    subject bigint, rel regclass DEFAULT NULL, OUT meter text, OUT kind text, OUT tier text, OUT used bigint, OUT held bigint,
    OUT max bigint, OUT remaining bigint, OUT extra bigint, OUT period_start timestamptz, OUT resets_at timestamptz,
    OUT source text)
  RETURNS SETOF record LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_usage_bigint';
COMMENT ON FUNCTION steward.usage(bigint, regclass) IS
  'how a subject stands with each meter: what its allowance is, what was used of it, what others hold, what is left';
REVOKE EXECUTE ON FUNCTION steward.usage(bigint, regclass) FROM PUBLIC;

CREATE FUNCTION steward.usage(
    subject uuid, rel regclass DEFAULT NULL, OUT meter text, OUT kind text, OUT tier text, OUT used bigint, OUT held bigint,
    OUT max bigint, OUT remaining bigint, OUT extra bigint, OUT period_start timestamptz, OUT resets_at timestamptz,
    OUT source text)
  RETURNS SETOF record LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_usage_uuid';
COMMENT ON FUNCTION steward.usage(uuid, regclass) IS
  'how a subject stands with each meter: what its allowance is, what was used of it, what others hold, what is left';
REVOKE EXECUTE ON FUNCTION steward.usage(uuid, regclass) FROM PUBLIC;

CREATE FUNCTION steward.usage(
    subject text, rel regclass DEFAULT NULL, OUT meter text, OUT kind text, OUT tier text, OUT used bigint, OUT held bigint,
    OUT max bigint, OUT remaining bigint, OUT extra bigint, OUT period_start timestamptz, OUT resets_at timestamptz,
    OUT source text)
  RETURNS SETOF record LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_usage_text';
COMMENT ON FUNCTION steward.usage(text, regclass) IS
  'how a subject stands with each meter: what its allowance is, what was used of it, what others hold, what is left';
REVOKE EXECUTE ON FUNCTION steward.usage(text, regclass) FROM PUBLIC;

CREATE FUNCTION steward.what_if(
    subject bigint, tier text, rel regclass DEFAULT NULL, OUT meter text, OUT used bigint, OUT max bigint, OUT over bigint)
  RETURNS SETOF record LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_what_if_bigint';
COMMENT ON FUNCTION steward.what_if(bigint, text, regclass) IS
  'how a subject would stand in another tier: what it has used, what it might, and by how much it would be over';
REVOKE EXECUTE ON FUNCTION steward.what_if(bigint, text, regclass) FROM PUBLIC;

CREATE FUNCTION steward.what_if(
    subject uuid, tier text, rel regclass DEFAULT NULL, OUT meter text, OUT used bigint, OUT max bigint, OUT over bigint)
  RETURNS SETOF record LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_what_if_uuid';
COMMENT ON FUNCTION steward.what_if(uuid, text, regclass) IS
  'how a subject would stand in another tier: what it has used, what it might, and by how much it would be over';
REVOKE EXECUTE ON FUNCTION steward.what_if(uuid, text, regclass) FROM PUBLIC;

CREATE FUNCTION steward.what_if(
    subject text, tier text, rel regclass DEFAULT NULL, OUT meter text, OUT used bigint, OUT max bigint, OUT over bigint)
  RETURNS SETOF record LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_what_if_text';
COMMENT ON FUNCTION steward.what_if(text, text, regclass) IS
  'how a subject would stand in another tier: what it has used, what it might, and by how much it would be over';
REVOKE EXECUTE ON FUNCTION steward.what_if(text, text, regclass) FROM PUBLIC;

CREATE FUNCTION steward.explain_limit(subject bigint, meter text, amount bigint DEFAULT 1) RETURNS SETOF text
  LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_explain_limit_bigint';
COMMENT ON FUNCTION steward.explain_limit(bigint, text, bigint) IS
  'why an amount is allowed or not, and the least that would allow it';
REVOKE EXECUTE ON FUNCTION steward.explain_limit(bigint, text, bigint) FROM PUBLIC;

CREATE FUNCTION steward.explain_limit(subject uuid, meter text, amount bigint DEFAULT 1) RETURNS SETOF text
  LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_explain_limit_uuid';
COMMENT ON FUNCTION steward.explain_limit(uuid, text, bigint) IS
  'why an amount is allowed or not, and the least that would allow it';
REVOKE EXECUTE ON FUNCTION steward.explain_limit(uuid, text, bigint) FROM PUBLIC;

CREATE FUNCTION steward.explain_limit(subject text, meter text, amount bigint DEFAULT 1) RETURNS SETOF text
  LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_explain_limit_text';
COMMENT ON FUNCTION steward.explain_limit(text, text, bigint) IS
  'why an amount is allowed or not, and the least that would allow it';
REVOKE EXECUTE ON FUNCTION steward.explain_limit(text, text, bigint) FROM PUBLIC;

CREATE FUNCTION steward._may_see_subject(rel regclass, subject text) RETURNS boolean
  LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward__may_see_subject';
COMMENT ON FUNCTION steward._may_see_subject(regclass, text) IS
  'whether the caller could read the row of a subject, and so may see how it stands';
REVOKE EXECUTE ON FUNCTION steward._may_see_subject(regclass, text) FROM PUBLIC;

CREATE FUNCTION steward._cell_denials(OUT meter int, OUT subject text, OUT denied bigint, OUT last_denied timestamptz)
  RETURNS SETOF record LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward__cell_denials';
COMMENT ON FUNCTION steward._cell_denials() IS
  'denials of subjects that the caller may see, which no fold has added up yet; none on a standby';
REVOKE EXECUTE ON FUNCTION steward._cell_denials() FROM PUBLIC;

-- As the server's pg_stats: what the caller could not read is left out, before a condition of the caller's sees it.

CREATE VIEW steward.usage_by_month WITH (security_barrier) AS
  SELECT m.subjects AS rel, u.subject, m.meter, u.month, least(pg_catalog.sum(u.used), 9223372036854775807)::pg_catalog.int8 AS used,
    pg_catalog.min(u.first_at) AS first_at, pg_catalog.max(u.last_at) AS last_at
  FROM (
    SELECT meter, subject, month, used, first_at, last_at FROM steward._usage WHERE month OPERATOR(pg_catalog.<>) ''
    UNION ALL
    SELECT meter, subject, month, n, at, at FROM steward._ledger WHERE month IS NOT NULL
  ) AS u JOIN steward._meters AS m ON m.id OPERATOR(pg_catalog.=) u.meter
  WHERE steward._may_see_subject(m.subjects, u.subject)
  GROUP BY m.subjects, u.subject, m.meter, u.month;
COMMENT ON VIEW steward.usage_by_month IS
  'what each subject has used of metered limits, by month of its zone; subjects that the caller may read';
COMMENT ON COLUMN steward.usage_by_month.rel IS 'the table that the subject is a row of';
COMMENT ON COLUMN steward.usage_by_month.subject IS 'its key';
COMMENT ON COLUMN steward.usage_by_month.meter IS 'the meter';
COMMENT ON COLUMN steward.usage_by_month.month IS 'YYYY-MM, of when it was used, in the zone of the subject';
COMMENT ON COLUMN steward.usage_by_month.used IS 'how much, extras included';
COMMENT ON COLUMN steward.usage_by_month.first_at IS 'when the first of it was used';
COMMENT ON COLUMN steward.usage_by_month.last_at IS 'when the last of it was used';

CREATE VIEW steward.limit_denials WITH (security_barrier) AS
  SELECT m.subjects AS rel, d.subject, m.meter, pg_catalog.sum(d.denied)::pg_catalog.int8 AS denied,
    pg_catalog.max(d.last_denied) AS last_denied_at
  FROM (
    SELECT f.meter, f.subject, f.denied, f.last_denied
    FROM steward._denials AS f JOIN steward._meters AS n ON n.id OPERATOR(pg_catalog.=) f.meter
    WHERE steward._may_see_subject(n.subjects, f.subject)
    UNION ALL
    SELECT c.meter, c.subject, c.denied, c.last_denied FROM steward._cell_denials() AS c
  ) AS d JOIN steward._meters AS m ON m.id OPERATOR(pg_catalog.=) d.meter
  GROUP BY m.subjects, d.subject, m.meter;
COMMENT ON VIEW steward.limit_denials IS
  'who was denied what, how often, and when last, also where the denial was rolled back; subjects that the caller may read';
COMMENT ON COLUMN steward.limit_denials.rel IS 'the table that the subject is a row of';
COMMENT ON COLUMN steward.limit_denials.subject IS 'its key';
COMMENT ON COLUMN steward.limit_denials.meter IS 'the meter';
COMMENT ON COLUMN steward.limit_denials.denied IS 'how often';
COMMENT ON COLUMN steward.limit_denials.last_denied_at IS 'when last';
