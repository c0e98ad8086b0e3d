-- The same tables twice: in schema s for steward, in schema p for pg_partman; and what is measured.

SET client_min_messages = warning;
CREATE EXTENSION steward;
CREATE SCHEMA partman;
CREATE EXTENSION pg_partman SCHEMA partman;
CREATE SCHEMA s;
CREATE SCHEMA p;
CREATE TABLE figures (what text, round int, who text, value float);
CREATE TABLE counts (who text, n bigint);

CREATE FUNCTION make(sets int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1 .. sets LOOP
    EXECUTE format('CREATE TABLE s.t%s (id bigint, at timestamptz NOT NULL, note text) PARTITION BY RANGE (at)', i);
    EXECUTE format('CREATE TABLE p.t%s (id bigint, at timestamptz NOT NULL, note text) PARTITION BY RANGE (at)', i);
  END LOOP;
END $$;

-- The median of the rounds' ratios, and how it is shown.
CREATE FUNCTION ratio(of_what text, OUT value float, OUT shown text) STABLE LANGUAGE sql AS $$
  SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY s.value / p.value),
    format('%s (%s – %s)', round(percentile_cont(0.5) WITHIN GROUP (ORDER BY s.value / p.value)::numeric, 2),
      round(min(s.value / p.value)::numeric, 2), round(max(s.value / p.value)::numeric, 2))
  FROM figures s JOIN figures p USING (what, round) WHERE what = of_what AND s.who = 'steward' AND p.who = 'pg_partman' $$;
CREATE FUNCTION median(of_what text, of_whom text) RETURNS numeric STABLE LANGUAGE sql AS $$
  SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY value)::numeric, 1) FROM figures WHERE what = of_what AND who = of_whom $$;

-- What an application writes to while a partition is retired.
CREATE TABLE s.app (id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL, note text) PARTITION BY RANGE (at);
CREATE TABLE p.app (id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL, note text) PARTITION BY RANGE (at);
SELECT steward.manage_partitions('s.app', '1 month', since => now() - interval '12 months', time_zone => 'UTC');
SELECT partman.create_parent('p.app', 'at', 'native', '1 month', p_premake => 4, p_start_partition => (now() - interval '12 months')::text);
UPDATE partman.part_config SET retention_keep_table = true;

-- Rows that have come before their partition: half of them in next month, half in the one after.
CREATE TABLE s.late (id bigint, at timestamptz NOT NULL, note text) PARTITION BY RANGE (at);
CREATE TABLE p.late (id bigint, at timestamptz NOT NULL, note text) PARTITION BY RANGE (at);
CREATE INDEX ON s.late (at);
CREATE INDEX ON p.late (at);
SELECT steward.manage_partitions('s.late', '1 month', premake => 0, time_zone => 'UTC');
SELECT partman.create_parent('p.late', 'at', 'native', '1 month', p_premake => 1, p_start_partition => now()::text);
