-- One table a way to give rows their codes: the same columns, the same indexes.

SET client_min_messages = warning;
SELECT steward.create_series('inserts', 8);

CREATE TABLE ways (place int GENERATED ALWAYS AS IDENTITY, rel name PRIMARY KEY, title text);
INSERT INTO ways (rel, title) VALUES
  ('without', 'no code at all (NULL)'),
  ('with_default', 'DEFAULT steward.random_code()'),
  ('with_random', 'assign_codes, 8 characters'),
  ('with_prefix', 'assign_codes, 8 characters, prefix'),
  ('with_stripes', 'assign_codes, 5 characters (striped)'),
  ('with_series', 'assign_codes, series'),
  ('with_plpgsql', 'trigger in PL/pgSQL');
SELECT format('CREATE TABLE %I (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text, code text UNIQUE)', rel)
FROM ways ORDER BY place \gexec

ALTER TABLE with_default ALTER code SET DEFAULT steward.random_code();
SELECT steward.assign_codes('with_random', 'code');
SELECT steward.assign_codes('with_prefix', 'code', prefix => 'rpt_');
SELECT steward.assign_codes('with_stripes', 'code', 5);
SELECT steward.assign_codes('with_series', 'code', series => 'inserts');
CREATE TRIGGER assign_code BEFORE INSERT ON with_plpgsql FOR EACH ROW EXECUTE FUNCTION plain.assign_code();

CREATE TABLE bulk_timings (rel name, round int, ns float8);
CREATE TABLE single_timings (rel name, round int, tps float8);

-- One round inserts into every table, each freshly emptied.
CREATE PROCEDURE measure_bulk(row_count int, rounds int) LANGUAGE plpgsql AS $$
DECLARE
  it ways;
  start timestamptz;
BEGIN
  FOR round IN 0..rounds LOOP
    FOR it IN SELECT * FROM ways ORDER BY place LOOP
      EXECUTE format('TRUNCATE %I', it.rel);
      COMMIT;
      start := clock_timestamp();
      EXECUTE format('INSERT INTO %I (title) SELECT ''report'' FROM generate_series(1, %s)', it.rel, row_count);
      COMMIT;
      IF round > 0 THEN
        INSERT INTO bulk_timings VALUES (it.rel, round, extract(epoch FROM clock_timestamp() - start) * 1e9 / row_count);
      END IF;
    END LOOP;
  END LOOP;
END $$;

CREATE VIEW insert_medians AS
  SELECT place, title, rel, b.ns, s.tps
  FROM ways,
       LATERAL (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ns) AS ns FROM bulk_timings t WHERE t.rel = ways.rel) b,
       LATERAL (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY tps) AS tps FROM single_timings t WHERE t.rel = ways.rel) s;
