-- After a run, whether all is exact: what was answered against what is there. One row for table checks. Variables: opened, sent,
-- uploaded, edited, which are the transactions that pgbench has counted.

SELECT :opened AS opened, (SELECT v.views - b.views FROM views v, before b) AS counted,
  :sent + :uploaded AS requested, (SELECT count(*) FROM refusals WHERE code = 'QL001') AS refused, (SELECT count(*) FROM refusals WHERE code <> 'QL001') AS again,
  (SELECT sum(used) FROM used) - (SELECT messages + datasets FROM before) AS recorded,
  (SELECT count(*) FROM used WHERE used > CASE meter WHEN 'datasets' THEN 5 ELSE 50 END) AS above,
  (SELECT count(*) FROM (SELECT DISTINCT user_id, meter FROM refusals WHERE code = 'QL001') r JOIN used USING (user_id, meter)
   WHERE used < CASE meter WHEN 'datasets' THEN 5 ELSE 50 END) AS refused_early,
  (SELECT count(*) FROM (SELECT user_id, count(*) AS used FROM datasets GROUP BY user_id) d FULL JOIN (SELECT * FROM used WHERE meter = 'datasets' AND used > 0) u USING (user_id)
   WHERE d.used IS DISTINCT FROM u.used) AS not_the_rows,
  :edited + :uploaded - (SELECT count(*) FROM refusals WHERE meter = 'datasets' AND code = 'QL001') AS changed,
  (SELECT count(*) FROM log WHERE resource = 'analysis' AND action = 'update' AND actor = (SELECT user_id::text FROM analyses WHERE id::text = row_key)) +
  (SELECT count(*) FROM log WHERE resource = 'dataset' AND action = 'create' AND actor = new_values->>'user_id') AS logged,
  (SELECT count(*) FROM analyses a JOIN (SELECT DISTINCT ON (row_key) row_key, new_values->>'name' AS name FROM log
     WHERE resource = 'analysis' AND action = 'update' ORDER BY row_key, id DESC) l ON l.row_key = a.id::text WHERE a.name <> l.name) AS not_as_logged,
  (SELECT differences FROM own_differences) AS differences;
