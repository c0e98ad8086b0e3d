-- What the application reads: the document's queries.

-- Pages by cursor: the last row's created_at and id. Corrected: the document goes by created_at alone, and loses rows that share it
-- with the last one of a page.
CREATE FUNCTION list_reports(org uuid, before_time timestamptz DEFAULT NULL, before_id uuid DEFAULT NULL, page_size integer DEFAULT 20)
  RETURNS TABLE (id uuid, name text, created_at timestamptz) STABLE LANGUAGE sql SET search_path = oatie, pg_temp AS $$
  SELECT r.id, r.name, r.created_at FROM reports r
  WHERE r.organization_id = org
    AND (r.created_at, r.id) < (COALESCE(before_time, 'infinity'), COALESCE(before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
  ORDER BY r.created_at DESC, r.id DESC LIMIT page_size;
$$;
COMMENT ON FUNCTION list_reports(uuid, timestamptz, uuid, integer) IS 'reports of an organization, the latest first, from after a row on';

-- Of one organization, where the document counts everybody's; and up to a time, so that the past can be asked for.
CREATE FUNCTION execution_statistics(org uuid, as_of timestamptz DEFAULT now())
  RETURNS TABLE (status text, count bigint, avg_execution_time numeric) STABLE LANGUAGE sql SET search_path = oatie, pg_temp AS $$
  SELECT e.status, count(*), round(avg(e.execution_time_ms), 1) FROM report_executions e
  WHERE e.organization_id = org AND e.started_at >= as_of - interval '30 days' AND e.started_at <= as_of
  GROUP BY e.status ORDER BY e.status;
$$;
COMMENT ON FUNCTION execution_statistics(uuid, timestamptz) IS 'executions of an organization in 30 days, by status';

CREATE FUNCTION has_processing_reports(template uuid) RETURNS boolean STABLE LANGUAGE sql SET search_path = oatie, pg_temp AS $$
  SELECT EXISTS (SELECT FROM reports WHERE template_id = template AND status = 'processing');
$$;
COMMENT ON FUNCTION has_processing_reports(uuid) IS 'whether a report of this template is being processed';

-- For auditors. By what the log has, tenant and time, which it has an index of; audit_logs turns these into uuids, which it has not.
CREATE FUNCTION organization_log(org uuid, since timestamptz DEFAULT '-infinity', until timestamptz DEFAULT 'infinity')
  RETURNS TABLE (at timestamptz, user_id uuid, action text, resource_type text, resource_id uuid, old_values jsonb, new_values jsonb)
  STABLE LANGUAGE sql SET search_path = oatie, pg_temp AS $$
  SELECT l.at, uuid_of(l.actor), l.action, substring(l.resource FROM 7), uuid_of(l.row_key), l.old_values, l.new_values FROM steward.audit_log l
  WHERE l.tenant = org::text AND l.at >= since AND l.at < until AND l.resource LIKE 'oatie.%' ORDER BY l.id;
$$;
COMMENT ON FUNCTION organization_log(uuid, timestamptz, timestamptz) IS 'what happened in an organization, in order';

-- Nobody but those who are named calls a function of the platform; migrations are the owner's alone.
REVOKE ALL ON ALL ROUTINES IN SCHEMA oatie FROM PUBLIC;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA oatie TO oatie_app;
REVOKE ALL ON FUNCTION apply_migration(text, text, text), rollback_migration(text), organization_log(uuid, timestamptz, timestamptz) FROM oatie_app;
GRANT EXECUTE ON FUNCTION organization_log(uuid, timestamptz, timestamptz), uuid_of(text) TO oatie_auditor;
