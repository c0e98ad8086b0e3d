-- Writes a psql script that sweeps transactions with hits, and such that consume, up to their COMMIT, and a fold, which commits as it goes
-- along. After each try the count has moved by what was counted if the COMMIT succeeded, and not at all if anything failed.
\set QUIET on
\pset format unaligned
\pset tuples_only on
SELECT format($script$SELECT steward.set_cell_mode(%L) \g /dev/null
%s
SELECT steward.count_of('counted', 1) AS before \gset
BEGIN;
SELECT fault_after(%s) \g /dev/null
%s \g /dev/null
\set state :SQLSTATE
\set said :LAST_ERROR_MESSAGE
COMMIT;
\if :ERROR
\set state :SQLSTATE
\set said :LAST_ERROR_MESSAGE
\endif
SELECT fault_pending() AS pending, fault_leftovers() AS leftovers \gset
INSERT INTO commits SELECT %L, %s, :'state', :'said', :pending, :'leftovers', steward.count_of('counted', 1) - :before,
  CASE WHEN :'state' = '00000' THEN %s ELSE 0 END;
$script$, mode, CASE WHEN cold THEN E'\\c' ELSE '' END, n, statement, concat_ws(', ', mode, what, CASE WHEN cold THEN 'cold' END), n, moves)
FROM (VALUES ('inplace'), ('row')) m (mode), (VALUES (true, 170), (false, 150)) c (cold, most),
  (VALUES ('a hit', $$SELECT steward.hit('counted', 1, 2)$$, 2),
          ('a hit and other work', $$INSERT INTO others VALUES (1) \; SELECT steward.hit('counted', 1, 2)$$, 2),
          ('hits of several rows', $$SELECT steward.hit('counted', i, 3) FROM generate_series(1, 3) i$$, 3),
          ('hits and a savepoint', $$SAVEPOINT s \; SELECT steward.hit('counted', 1, 7) \; ROLLBACK TO s \; SELECT steward.hit('counted', 1)$$, 1)
  ) s (what, statement, moves), generate_series(1, most) n
ORDER BY mode, cold, what, n;

-- The same of what is consumed: used, and nothing held.
SELECT format($script$%s
CALL steward.fold_limits();
SELECT sum(used) AS before FROM steward.usage(4, 'teams') \gset
BEGIN;
SELECT fault_after(%s) \g /dev/null
%s \g /dev/null
\set state :SQLSTATE
\set said :LAST_ERROR_MESSAGE
COMMIT;
\if :ERROR
\set state :SQLSTATE
\set said :LAST_ERROR_MESSAGE
\endif
SELECT fault_pending() AS pending, fault_leftovers() AS leftovers \gset
INSERT INTO commits SELECT %L, %s, :'state', :'said', :pending, :'leftovers', (SELECT sum(used) + 1000 * sum(held) FROM steward.usage(4, 'teams')) - :before,
  CASE WHEN :'state' = '00000' THEN %s ELSE 0 END;
%s;
$script$, CASE WHEN cold THEN E'\\c' ELSE '' END, n, statement, concat_ws(', ', what, CASE WHEN cold THEN 'cold' END), n, moves, undo)
FROM (VALUES (true, 450), (false, 400)) c (cold, most),
  (VALUES ('consumption', $$SELECT steward.consume(4, 'swept', 2)$$, 2, 'SELECT'),
          ('consumption and a savepoint', $$SAVEPOINT s \; SELECT steward.consume(4, 'swept', 7) \; ROLLBACK TO s \; SELECT steward.consume(4, 'swept')$$, 1, 'SELECT'),
          ('a release', $$SELECT steward.release(4, 'swept')$$, -1, $$SELECT steward.consume(4, 'swept') WHERE :'state' = '00000' \g /dev/null$$),
          ('limited rows', $$INSERT INTO jobs VALUES (50, 4, 2, 'running')$$, 3, $$DELETE FROM jobs WHERE id = 50$$)
  ) s (what, statement, moves, undo), generate_series(1, most) n
ORDER BY cold, what, n;

-- The same of what is recorded at the commit: events, changes of a partition by its own name, and a TRUNCATE.
SELECT format($script$%s
SELECT count(*) AS before FROM steward.audit_records \gset
BEGIN;
SELECT fault_after(%s) \g /dev/null
%s \g /dev/null
\set state :SQLSTATE
\set said :LAST_ERROR_MESSAGE
COMMIT;
\if :ERROR
\set state :SQLSTATE
\set said :LAST_ERROR_MESSAGE
\endif
SELECT fault_pending() AS pending, fault_leftovers() AS leftovers \gset
INSERT INTO commits SELECT %L, %s, :'state', :'said', :pending, :'leftovers', (SELECT count(*) FROM steward.audit_records) - :before,
  CASE WHEN :'state' = '00000' THEN %s ELSE 0 END;
$script$, CASE WHEN cold THEN E'\\c' ELSE '' END, n, statement, concat_ws(', ', what, CASE WHEN cold THEN 'cold' END), n, records)
FROM (VALUES (true, 450), (false, 250)) c (cold, most),
  (VALUES ('an event', $$SELECT steward.record_event('export', 'swept', '1')$$, 1),
          ('events and a savepoint', $$SELECT steward.record_event('read', 'swept', '1') \; SAVEPOINT s \; SELECT steward.record_event('read', 'swept', '2') \; ROLLBACK TO s$$, 1),
          ('rows of a partition', $$UPDATE sheets_1 SET v = clock_timestamp()$$, 2),
          ('a truncate', $$TRUNCATE keyless$$, 1)
  ) s (what, statement, records), generate_series(1, most) n
ORDER BY cold, what, n;

SELECT format($script$SELECT steward.set_cell_mode(%L) \g /dev/null
%s
SELECT steward.hit('counted', i, 2) FROM generate_series(1, 3) i \g /dev/null
SELECT steward.count_of('counted', 1) AS before \gset
SELECT fault_after(%s) \g /dev/null
CALL steward.fold_counters('counted');
SELECT fault_pending() AS pending, fault_leftovers() AS leftovers \gset
INSERT INTO commits SELECT %L, %s, '00000', '', :pending, :'leftovers', steward.count_of('counted', 1) - :before, 0;
$script$, mode, CASE WHEN cold THEN E'\\c' ELSE '' END, n, concat_ws(', ', mode, 'a fold', CASE WHEN cold THEN 'cold' END), n)
FROM (VALUES ('inplace'), ('row')) m (mode), (VALUES (true, 450), (false, 450)) c (cold, most), generate_series(1, most) n
ORDER BY mode, cold, n;
SELECT $$SELECT steward.set_cell_mode('inplace') \g /dev/null$$;
SELECT $$CALL steward.fold_counters();$$;
