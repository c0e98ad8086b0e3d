-- What the runs have come to. way: steward, plain, striped; durability: what synchronous_commit was.

CREATE TABLE runs (way text, durability text, round int, kind text, transactions bigint, tps float8, p50 float8, p99 float8, longest float8);
CREATE TABLE wal (way text, durability text, round int, bytes float8);
CREATE TABLE maintenance (way text, durability text, round int, ms float8);
CREATE TABLE growth (way text, durability text, round int, what text, before bigint, after bigint, dead bigint);
CREATE TABLE checks (way text, durability text, round int, opened bigint, counted bigint, requested bigint, refused bigint, again bigint, recorded bigint, above bigint,
  refused_early bigint, not_the_rows bigint, changed bigint, logged bigint, not_as_logged bigint, differences bigint);

-- Everything that is wrong, as one number.
CREATE VIEW violations AS
  SELECT *, abs(opened - counted) + abs(requested - refused - recorded) + above + refused_early + not_the_rows + abs(changed - logged) + not_as_logged + differences AS violations FROM checks;

CREATE FUNCTION median(float8[]) RETURNS float8 IMMUTABLE LANGUAGE sql AS 'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY v) FROM unnest($1) v';

CREATE VIEW medians AS
  SELECT way, durability, kind, median(array_agg(tps)) AS tps, min(tps) AS least, max(tps) AS most, median(array_agg(p50)) AS p50, median(array_agg(p99)) AS p99,
    max(longest) AS longest
  FROM runs GROUP BY way, durability, kind;

-- Steward's over another's, by round: noise that lasts longer than a round falls out of it.
CREATE VIEW ratios AS
  SELECT p.way AS rival, durability, kind, median(array_agg(s.tps / p.tps)) AS tps, min(s.tps / p.tps) AS least_tps, max(s.tps / p.tps) AS most_tps,
    median(array_agg(s.p99 / p.p99)) AS p99, min(s.p99 / p.p99) AS least_p99, max(s.p99 / p.p99) AS most_p99
  FROM runs s JOIN runs p USING (durability, round, kind) WHERE s.way = 'steward' AND p.way <> 'steward' GROUP BY p.way, durability, kind;
