-- Every way out: at the top, then inside twenty exception blocks, then while the same transaction goes on. Nothing is
-- left behind, and the session still answers.
SET search_path = boundary;
\set VERBOSITY terse
CREATE FUNCTION outcome(depth int, statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM nested(depth, statement);
  RETURN 'no error';
EXCEPTION WHEN OTHERS OR query_canceled THEN
  RETURN format('%s %s', SQLSTATE, left(SQLERRM, 80));
END $$;

-- At the top of a transaction of its own.
SELECT statement FROM ways_out WHERE name <> 'a long message' ORDER BY name \gexec
SELECT left_behind();

-- Inside exception blocks.
BEGIN;
SELECT name, outcome(0, statement), left_behind() FROM ways_out ORDER BY name;
SELECT name FROM ways_out WHERE outcome(0, statement) IS DISTINCT FROM outcome(20, statement);
SELECT left_behind();
COMMIT;

-- With a savepoint.
BEGIN;
SAVEPOINT here;
SELECT run('SELECT 1/0');
ROLLBACK TO here;
SELECT run_held_off('SELECT 1/0');
ROLLBACK TO here;
SELECT run('SELECT 1');
COMMIT;
SELECT left_behind();
