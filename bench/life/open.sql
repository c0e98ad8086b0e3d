-- One report has half of all views. Another status than 200 divides by zero, which ends the run.
\set report CASE WHEN random(1, 2) = 1 THEN 1 ELSE random(2, 1000) END
SELECT 1 / (status = 200)::int, name, results, view_count FROM codes c, open_report(c.short_code) WHERE c.n = :report;
