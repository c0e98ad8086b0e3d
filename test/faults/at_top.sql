-- Writes a psql script that sweeps at the top of a transaction: cold, of which the first tries are in a new session each, and warm.
-- How often a statement can fail is known from the sweep in blocks; a new session has a few first steps more.
\set QUIET on
\pset format unaligned
\pset tuples_only on
SELECT CASE WHEN mode <> 'at the top, cold' THEN '' WHEN n <= 30 THEN E'\\c\n' ELSE E'SELECT fault_forget_caches() \\g /dev/null\n' END || format($script$BEGIN;
SELECT fault_after(%s) \g /dev/null
%s \g /dev/null
\set state :SQLSTATE
\set said :LAST_ERROR_MESSAGE
ROLLBACK;
SELECT fault_pending() AS pending, fault_leftovers() AS leftovers \gset
INSERT INTO tries SELECT %L, %s, %s, :'state', :'said', :pending, :'leftovers', answers();
$script$, n, replace(c.call, ';', ' \;'), mode, c.id, n)
FROM calls c
JOIN (SELECT id, max(n) AS most FROM tries GROUP BY id) t USING (id),
LATERAL (VALUES ('at the top, cold', 30), ('at the top, warm', 4)) m (mode, more),
LATERAL generate_series(1, t.most + m.more) n
ORDER BY mode, c.id, n;
