-- What the benchmarks that drive a server with pgbench keep of it.

-- The ways of doing a thing, in the order of tables and plot. stored_in: the relation that grows or does not.
CREATE TABLE ways (place int GENERATED ALWAYS AS IDENTITY, way text PRIMARY KEY, title text, stored_in regclass, options text, statement text);

-- Every run of pgbench: part is what it is for, such as rate.
CREATE TABLE runs (part text, way text, clients int, keys int, round int, tps float8, transactions bigint);
-- Statements timed one by one; views: how many each of them counted, or rows.
CREATE TABLE statements (what text, round int, views bigint, ms float8);

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
