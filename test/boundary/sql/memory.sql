-- Ten thousand caught errors, of every kind, in one session: the server's memory and the process's stay flat.
SET search_path = boundary;
CREATE FUNCTION fail_often(times int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE way record;
BEGIN
  FOR way IN SELECT statement FROM ways_out WHERE name !~ '^cancel' LOOP
    FOR i IN 1..times LOOP
      BEGIN
        EXECUTE way.statement;
      EXCEPTION WHEN OTHERS THEN NULL;
      END;
    END LOOP;
  END LOOP;
END $$;
CREATE FUNCTION resident_kb() RETURNS bigint LANGUAGE sql AS $$
  SELECT substring(pg_read_file('/proc/self/status') FROM 'VmRSS:\s+(\d+)')::bigint $$;
CREATE FUNCTION context_kb() RETURNS bigint LANGUAGE sql AS $$
  SELECT sum(total_bytes)::bigint / 1024 FROM pg_backend_memory_contexts $$;

-- The first round fills caches and pools.
SELECT fail_often(100);
SELECT resident_kb() AS resident, context_kb() AS context \gset
SELECT fail_often(10000 / (SELECT count(*)::int FROM ways_out WHERE name !~ '^cancel') + 1);
SELECT greatest(resident_kb() - :resident, 0) < 1024 AS resident_flat,
       greatest(context_kb() - :context, 0) < 256 AS contexts_flat;
SELECT left_behind();
