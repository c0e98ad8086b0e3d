-- Every change that was made against the records of it.
SELECT format('%s changes were made, %s are in the log; %s rows differ from what their last record says.', made, recorded, differing)
FROM (SELECT (SELECT sum(views) FROM statements WHERE what ~ ' audited$') +
             (SELECT sum(transactions) FROM runs WHERE way IN ('audited', 'with_actor')) AS made) a,
     (SELECT count(*) AS recorded FROM steward.audit_records WHERE action <> 'truncate') b,
     (SELECT count(*) AS differing FROM audited t
      WHERE t.price IS DISTINCT FROM (SELECT (r.new_values ->> 'price')::numeric FROM steward.audit_records r
        WHERE r.row_key = t.id::text AND r.rel_id = (SELECT rel_id FROM steward.audited_tables WHERE rel = 'audited'::regclass) AND r.new_values ? 'price'
        ORDER BY r.id DESC LIMIT 1)) c;
