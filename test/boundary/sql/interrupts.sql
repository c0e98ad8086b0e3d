-- An error while interrupts are held off leaves cancel and statement_timeout alive in the session.
SET search_path = boundary;
\set VERBOSITY terse
CREATE FUNCTION try(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN EXECUTE statement; RETURN 'no error'; EXCEPTION WHEN OTHERS THEN RETURN SQLERRM; END $$;

SELECT try($$SELECT run_held_off('SELECT 1/0')$$), try($$SELECT run_locked('SELECT 1/0')$$),
       try($$SELECT throw_locked('int')$$), held_off();
SET statement_timeout = '50ms';
SELECT pg_sleep(5);
SELECT run('SELECT pg_sleep(5)');
SELECT wait(5);
SELECT spin();
RESET statement_timeout;
SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(5);

-- The same with the error at the top, where the server's main loop cleans up.
SELECT run_held_off('SELECT throw_kind(''error'')');
SELECT run_locked('SELECT throw_kind(''error'')');
SELECT held_off();
SET statement_timeout = '50ms';
SELECT pg_sleep(5);
RESET statement_timeout;
-- The LWLock is free: nobody waits for it.
SELECT run_locked('SELECT 1'), left_behind();

-- While they are held off a cancel waits; it comes as soon as they are not.
SELECT run_held_off('SELECT pg_cancel_backend(pg_backend_pid())'), pg_sleep(5);
SELECT left_behind();
