-- Writes a psql script that sweeps the maintenance of partitions, which commits as it goes along: it makes, fills, detaches and drops one
-- in each try. What failed is done by the next run, and no row is lost on the way. Not every fault: each takes a set of its own.
\set QUIET on
\pset format unaligned
\pset tuples_only on
SELECT 'SET client_min_messages = error; SET TimeZone = ''UTC''; SET steward.now = ''2026-03-15 12:00+00'';';
SELECT format($script$SELECT renew() \g /dev/null
SELECT fault_after(%1$s) \g /dev/null
%2$s;
\set state :SQLSTATE
\set said :LAST_ERROR_MESSAGE
SELECT fault_pending() AS pending, fault_leftovers() AS leftovers \gset
SELECT count(*) AS locks FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'object' \gset
CALL steward.maintain_partitions('kept_days');
INSERT INTO procedure_tries SELECT %3$L, %1$s, :'state', :'said', :pending, :'leftovers', :locks, kept();
$script$, n, call, call)
FROM (VALUES ('CALL steward.maintain_partitions(''kept_days'')', 2500, 13), ('CALL steward.maintain()', 20000, 47)) c (call, most, step),
LATERAL generate_series(1, most, step) n
ORDER BY call, n;
