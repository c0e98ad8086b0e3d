-- What the sweep found, as TAP.
\set QUIET on
\pset format unaligned
\pset tuples_only on
CREATE TEMP VIEW faults_found AS
  SELECT t.*, CASE
    WHEN pending = 0 AND NOT c.reports AND message IS DISTINCT FROM 'injected fault' THEN 'the fault was swallowed or changed'
    WHEN pending > 0 AND sqlstate <> c.ends_with THEN 'did not end as it should'
    WHEN leftovers <> 'live objects 0, interrupts held off 0, cancels held off 0' THEN 'something is left behind'
    WHEN NOT answers THEN 'the session no longer answers' END AS fault
  FROM tries t JOIN calls c USING (id);

CREATE TEMP VIEW commits_found AS
  SELECT *, CASE
    WHEN moved <> meant THEN format('the count moved by %s instead of %s', moved, meant)
    WHEN leftovers <> 'live objects 0, interrupts held off 0, cancels held off 0' THEN 'something is left behind' END AS fault
  FROM commits;

CREATE TEMP VIEW procedures_found AS
  SELECT *, CASE
    WHEN sqlstate <> '00000' AND message IS DISTINCT FROM 'injected fault' THEN 'the fault was changed'
    WHEN leftovers <> 'live objects 0, interrupts held off 0, cancels held off 0' THEN 'something is left behind'
    WHEN locks > 0 THEN 'something is still locked'
    WHEN kept <> 'kept_days_default 0, kept_days_y2025m12 1, kept_days_y2026m02 2, kept_days_y2026m03 0, kept_days_y2026m04 0, kept_days_y2026m07 3; in the bin kept_days_y2025m12'
      THEN 'the next run did not mend it' END AS fault
  FROM procedure_tries;

WITH results AS (
  SELECT format('every function of the extension is swept%s', ': not ' || string_agg(p.proname, ', ')) AS name,
         count(p.proname) = 0 AS passed, 0 AS place
  FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  JOIN pg_extension e ON d.refobjid = e.oid AND e.extname = 'steward'
  WHERE NOT EXISTS (SELECT FROM calls c WHERE c.function = p.proname)
  UNION ALL
  SELECT 'listed functions exist', NOT EXISTS (
    SELECT FROM calls c WHERE NOT EXISTS (
      SELECT FROM pg_proc WHERE proname = c.function AND pronamespace = 'steward'::regnamespace)), 0
  UNION ALL
  SELECT 'faults were injected in every mode', count(DISTINCT mode) FILTER (WHERE pending = 0) = 4, 0 FROM tries
  UNION ALL
  SELECT format('at commit: %s: counted as committed, nothing left behind', what), bool_and(fault IS NULL), 1 FROM commits_found GROUP BY what
  UNION ALL
  SELECT format('at commit: %s: swept to the end', what), bool_or(pending > 0) AND bool_or(pending = 0), 1 FROM commits_found GROUP BY what
  UNION ALL
  SELECT format('%s: mended by the next run, nothing left behind', call), bool_and(fault IS NULL), 1 FROM procedures_found GROUP BY call
  UNION ALL
  SELECT format('%s: swept to the end', call), bool_or(pending > 0) AND count(*) FILTER (WHERE pending = 0) > 50, 1 FROM procedures_found GROUP BY call
  UNION ALL
  SELECT 'procedures: the sweep came to its end', count(DISTINCT call) = 2, 1 FROM procedure_tries
  UNION ALL
  SELECT 'at commit: the sweep came to its end', count(DISTINCT what) = 36, 1 FROM commits
  UNION ALL
  SELECT 'at commit: every bucket and every column has what was counted', bool_and(c.views = steward.count_of('counted', c.id)
    AND c.views - 10 = (SELECT sum(value) FROM steward.count_series('counted', c.id, NULL, NULL))), 1 FROM counted c
  UNION ALL
  SELECT 'what was rolled back has not been counted', (SELECT bool_and(value = 0) FROM steward.counts('fresh'))
    AND (SELECT array_agg(value ORDER BY key) FROM steward.counts('pages', 'views')) = '{3,0,0,0,0}'
    AND (SELECT array_agg(value ORDER BY key) FROM steward.counts('pages', 'likes')) = '{0,4,0,0,0}', 1
  UNION ALL
  SELECT 'every cell is found by its index', NOT EXISTS (
    SELECT FROM steward._counts c WHERE NOT EXISTS (
      SELECT FROM steward._counters k, steward.counts(k.rel, k.col) v WHERE k.id = c.counter AND v.key = c.key AND v.value = c.value)), 1
  UNION ALL
  SELECT format('%s: %s', mode, c.call),
         bool_and(t.fault IS NULL) AND bool_or(t.pending > 0) AND count(DISTINCT t.n) = max(t.n), c.id
  FROM calls c CROSS JOIN (VALUES ('in blocks, cold'), ('in blocks, warm'), ('at the top, cold'), ('at the top, warm'))
    m (mode) LEFT JOIN faults_found t USING (id, mode)
  GROUP BY mode, c.id, c.call
)
SELECT format('%sok %s - %s', CASE WHEN passed IS TRUE THEN '' ELSE 'not ' END,
              row_number() OVER (ORDER BY place, name), name) FROM results ORDER BY place, name;
SELECT '1..' || 3 + 4 * count(*) + 72 + 4 + 5 FROM calls;

SELECT format('# %s, call %s, fault %s: %s (%s %s; pending %s; %s)', mode, id, n, fault, sqlstate, message, pending,
              leftovers)
FROM faults_found WHERE fault IS NOT NULL ORDER BY id, mode, n LIMIT 40;
SELECT format('# %s, fault %s: %s (%s %s; pending %s; %s)', what, n, fault, sqlstate, message, pending, leftovers)
FROM commits_found WHERE fault IS NOT NULL ORDER BY what, n LIMIT 40;
SELECT format('# %s, fault %s: %s (%s %s; pending %s; %s; %s locks; %s)', call, n, fault, sqlstate, message, pending, leftovers, locks, kept)
FROM procedures_found WHERE fault IS NOT NULL ORDER BY call, n LIMIT 40;
SELECT format('# %s faults injected', count(*)) FROM tries WHERE pending = 0;
