-- Writes a psql script that sweeps at the top of a transaction: cold in a new session for each try, and warm in one.
-- How often a statement can fail is known from the sweep in blocks; a new session has a few first steps more.
\set QUIET on
\pset format unaligned
\pset tuples_only on
SELECT CASE mode WHEN 'at the top, cold' THEN E'\\c\n' ELSE '' END || format($script$BEGIN;
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
