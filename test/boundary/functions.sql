-- The module's functions, as the tests beside this file call them.
CREATE SCHEMA boundary;
SET search_path = boundary;

CREATE FUNCTION live() RETURNS int LANGUAGE c AS 'steward_boundary', 'steward_live';
CREATE FUNCTION held_off() RETURNS text LANGUAGE c AS 'steward_boundary', 'steward_held_off';
CREATE FUNCTION throw_kind(kind text) RETURNS int LANGUAGE c AS 'steward_boundary', 'steward_throw_kind';
CREATE FUNCTION run(statement text) RETURNS int LANGUAGE c AS 'steward_boundary', 'steward_run';
CREATE FUNCTION run_held_off(statement text) RETURNS int LANGUAGE c AS 'steward_boundary', 'steward_run_held_off';
CREATE FUNCTION run_locked(statement text) RETURNS int LANGUAGE c AS 'steward_boundary', 'steward_run_locked';
CREATE FUNCTION throw_locked(kind text) RETURNS int LANGUAGE c AS 'steward_boundary', 'steward_throw_locked';
CREATE FUNCTION wait(seconds int) RETURNS void LANGUAGE c AS 'steward_boundary', 'steward_wait';
CREATE FUNCTION spin() RETURNS void LANGUAGE c AS 'steward_boundary', 'steward_spin';
CREATE FUNCTION takes_two(first int, second int) RETURNS int LANGUAGE c AS 'steward_boundary', 'steward_takes_two';
CREATE FUNCTION takes_two(single int) RETURNS int LANGUAGE c AS 'steward_boundary', 'steward_takes_two';
CREATE FUNCTION describe(number int, word text, more bigint) RETURNS text
  LANGUAGE c AS 'steward_boundary', 'steward_describe';
CREATE FUNCTION describe_unnamed(int, text, bigint) RETURNS text
  LANGUAGE c AS 'steward_boundary', 'steward_describe';
CREATE FUNCTION describe_out(number int, OUT answer text, word text, more bigint) RETURNS text
  LANGUAGE c AS 'steward_boundary', 'steward_describe';
CREATE FUNCTION count_up(stop int, fail_at int DEFAULT 0, OUT number int, OUT word text) RETURNS SETOF record
  LANGUAGE c ROWS 10 AS 'steward_boundary', 'steward_count_up';
CREATE FUNCTION count_up_one_argument(stop int, OUT number int, OUT word text) RETURNS SETOF record
  LANGUAGE c AS 'steward_boundary', 'steward_count_up';
CREATE FUNCTION count_up_one_column(stop int, fail_at int) RETURNS SETOF int
  LANGUAGE c AS 'steward_boundary', 'steward_count_up';
CREATE FUNCTION keep(for_session boolean) RETURNS void LANGUAGE c AS 'steward_boundary', 'steward_keep';
CREATE FUNCTION forget() RETURNS void LANGUAGE c AS 'steward_boundary', 'steward_forget';
CREATE FUNCTION kept() RETURNS boolean LANGUAGE c AS 'steward_boundary', 'steward_kept';
CREATE FUNCTION keep_what_fails() RETURNS void LANGUAGE c AS 'steward_boundary', 'steward_keep_what_fails';
CREATE FUNCTION kept_what_fails() RETURNS boolean LANGUAGE c AS 'steward_boundary', 'steward_kept_what_fails';
CREATE FUNCTION watch_start(rel regclass) RETURNS void LANGUAGE c AS 'steward_boundary', 'steward_watch_start';
CREATE FUNCTION watch_changed() RETURNS boolean LANGUAGE c AS 'steward_boundary', 'steward_watch_changed';
CREATE FUNCTION announce(rel regclass) RETURNS void LANGUAGE c AS 'steward_boundary', 'steward_announce';

CREATE TABLE watched ();
CREATE TABLE other ();

-- Each way out, by name, as a statement.
CREATE TABLE ways_out (name text PRIMARY KEY, statement text NOT NULL);
INSERT INTO ways_out VALUES
  ('an error of ours', $$SELECT throw_kind('error')$$),
  ('a long message', $$SELECT throw_kind('long')$$),
  ('per cent signs', $$SELECT throw_kind('percent')$$),
  ('bad_alloc', $$SELECT throw_kind('bad_alloc')$$),
  ('an int', $$SELECT throw_kind('int')$$),
  ('runtime_error', $$SELECT throw_kind('runtime_error')$$),
  ('a server error', $$SELECT run('SELECT 1/0')$$),
  ('a server error below C++ below SQL', $$SELECT run('SELECT run(''SELECT run(''''SELECT 1/0'''')'')')$$),
  ('an error of ours below C++ below SQL', $$SELECT run('SELECT run(''SELECT throw_kind(''''error'''')'')')$$),
  ('a server error, interrupts held off', $$SELECT run_held_off('SELECT 1/0')$$),
  ('an error of ours, interrupts held off', $$SELECT run_held_off('SELECT throw_kind(''error'')')$$),
  ('a server error under an LWLock', $$SELECT run_locked('SELECT 1/0')$$),
  ('an error of ours under an LWLock', $$SELECT throw_locked('error')$$),
  ('cancelled in a server function', $$SELECT pg_cancel_backend(pg_backend_pid()), wait(20)$$),
  ('cancelled in C++', $$SELECT pg_cancel_backend(pg_backend_pid()), spin()$$),
  ('cancelled below C++ below SQL', $$SELECT run('SELECT pg_cancel_backend(pg_backend_pid()), run(''SELECT wait(20)'')')$$),
  ('wrong number of arguments', $$SELECT takes_two(1)$$),
  ('rows with the wrong number of arguments', $$SELECT * FROM count_up_one_argument(1)$$),
  ('rows with the wrong columns', $$SELECT * FROM count_up_one_column(1, 0)$$),
  ('null', $$SELECT describe(1, NULL, 2)$$),
  ('rows that fail', $$SELECT * FROM count_up(5, 3)$$),
  ('rows that fail in the target list', $$SELECT count_up(5, 3)$$),
  ('a resident that cannot be made', $$SELECT keep_what_fails()$$);

-- What is left behind: nothing, if this says so.
CREATE FUNCTION left_behind() RETURNS text LANGUAGE sql AS $$
  SELECT format('%s live, held off %s', boundary.live(), boundary.held_off()) $$;

-- Runs a statement inside so many exception blocks, each of which catches the error and raises it again.
CREATE FUNCTION nested(depth int, statement text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF depth = 0 THEN EXECUTE statement; ELSE PERFORM nested(depth - 1, statement); END IF;
EXCEPTION WHEN OTHERS OR query_canceled THEN
  IF boundary.left_behind() <> '0 live, held off 0 0' THEN RAISE WARNING 'left behind: %', boundary.left_behind(); END IF;
  RAISE;
END $$;
