-- What the application calls to change something. Each function says who acts; the rights are the caller's, who is oatie_app.
-- pgcrypto is in schema public, which no search_path of these functions names.

-- Who acts from here on in this transaction. What the application has said before of address, browser, session and request
-- (SELECT steward.set_actor(...) after BEGIN) stays: set_actor forgets what it is not given.
CREATE FUNCTION act_as(by_user uuid, org uuid) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.set_actor(by_user::text, tenant => org::text,
    ip => NULLIF(current_setting('steward.audit_ip', true), '')::inet, user_agent => NULLIF(current_setting('steward.audit_user_agent', true), ''),
    session => NULLIF(current_setting('steward.audit_session', true), ''), request => NULLIF(current_setting('steward.audit_request', true), ''));
$$;
COMMENT ON FUNCTION act_as(uuid, uuid) IS 'say which user of which organization acts';

-- Whose an id is that comes from outside is not for the application to remember each time: who acts is an active user of the
-- organization whose row it is. To others there is no such row, and the answer is the same as if it were so.
CREATE FUNCTION is_member(by_user uuid, org uuid) RETURNS boolean STABLE LANGUAGE sql SET search_path = oatie, pg_temp AS $$
  SELECT EXISTS (SELECT FROM users WHERE id = by_user AND organization_id = org AND is_active);
$$;
COMMENT ON FUNCTION is_member(uuid, uuid) IS 'whether somebody is an active user of an organization';

CREATE FUNCTION act_in(by_user uuid, org uuid) RETURNS void LANGUAGE plpgsql SET search_path = oatie, pg_temp AS $$
BEGIN
  IF NOT is_member(by_user, org) THEN RAISE no_data_found USING MESSAGE = format('organization "%s" has no user "%s"', org, by_user); END IF;
  PERFORM act_as(by_user, org);
END $$;
COMMENT ON FUNCTION act_in(uuid, uuid) IS 'say which user of an organization acts, who must be one of its own';

CREATE FUNCTION act_on_report(by_user uuid, report uuid) RETURNS uuid LANGUAGE plpgsql SET search_path = oatie, pg_temp AS $$
DECLARE
  org uuid := (SELECT organization_id FROM reports WHERE id = report);
BEGIN
  IF NOT is_member(by_user, org) THEN RAISE no_data_found USING MESSAGE = format('there is no report "%s"', report); END IF;
  PERFORM act_as(by_user, org);
  RETURN org;
END $$;
COMMENT ON FUNCTION act_on_report(uuid, uuid) IS 'say which user acts on a report of the same organization, which is returned';

-- Of more than 72 bytes bcrypt would see a part; NULL is no password.
CREATE FUNCTION hash_of(password text) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF octet_length(password) NOT BETWEEN 1 AND 72 THEN RAISE invalid_parameter_value USING MESSAGE = 'password must have 1 to 72 bytes'; END IF;
  RETURN public.crypt(password, public.gen_salt('bf', 10));
END $$;
COMMENT ON FUNCTION hash_of(text) IS 'a password as it is stored: bcrypt, cost 10';

-- ---- Organizations and users

CREATE FUNCTION sign_up(organization_name text, slug text, email text, username text, password text, first_name text, last_name text,
    OUT organization_id uuid, OUT user_id uuid)
  LANGUAGE plpgsql SET search_path = oatie, pg_temp AS $$
#variable_conflict use_column
BEGIN
  organization_id := gen_random_uuid();
  user_id := gen_random_uuid();
  PERFORM act_as(user_id, organization_id);
  INSERT INTO organizations (id, name, slug) VALUES (sign_up.organization_id, organization_name, sign_up.slug);
  INSERT INTO users (id, organization_id, email, username, password_hash, first_name, last_name, role)
  VALUES (sign_up.user_id, sign_up.organization_id, sign_up.email, sign_up.username, hash_of(password), sign_up.first_name, sign_up.last_name, 'org_admin');
END $$;
COMMENT ON FUNCTION sign_up(text, text, text, text, text, text, text) IS 'a new organization and its first user, who administers it';

CREATE FUNCTION add_user(org uuid, by_user uuid, email text, username text, password text, first_name text, last_name text, role text DEFAULT 'user') RETURNS uuid
  LANGUAGE plpgsql SET search_path = oatie, pg_temp AS $$
#variable_conflict use_column
DECLARE
  added uuid;
BEGIN
  PERFORM act_in(by_user, org);
  INSERT INTO users (organization_id, email, username, password_hash, first_name, last_name, role)
  VALUES (org, add_user.email, add_user.username, hash_of(password), add_user.first_name, add_user.last_name, add_user.role) RETURNING id INTO added;
  RETURN added;
END $$;
COMMENT ON FUNCTION add_user(uuid, uuid, text, text, text, text, text, text) IS 'one more user, if max_users allows it';

CREATE FUNCTION renew_subscription(org uuid, by_user uuid, until timestamptz, tier text DEFAULT NULL,
    users integer DEFAULT NULL, reports integer DEFAULT NULL, storage_gb integer DEFAULT NULL) RETURNS void
  LANGUAGE plpgsql SET search_path = oatie, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM act_in(by_user, org);
  UPDATE organizations SET subscription_expires_at = until, subscription_tier = COALESCE(tier, subscription_tier),
    max_users = COALESCE(renew_subscription.users, max_users), max_reports = COALESCE(renew_subscription.reports, max_reports),
    storage_limit_gb = COALESCE(storage_gb, storage_limit_gb) WHERE id = org;
  IF NOT FOUND THEN RAISE no_data_found USING MESSAGE = format('there is no organization "%s"', org); END IF;
END $$;
COMMENT ON FUNCTION renew_subscription(uuid, uuid, timestamptz, text, integer, integer, integer) IS
  'a subscription until a time; what is NULL stays as it is';

CREATE FUNCTION expire_subscription(org uuid, by_user uuid) RETURNS void
  LANGUAGE plpgsql SET search_path = oatie, pg_temp AS $$
BEGIN
  PERFORM act_in(by_user, org);
  UPDATE organizations SET subscription_expires_at = now() WHERE id = org;
  IF NOT FOUND THEN RAISE no_data_found USING MESSAGE = format('there is no organization "%s"', org); END IF;
END $$;
COMMENT ON FUNCTION expire_subscription(uuid, uuid) IS 'from now on the limits are those of tier free';

-- ---- Sessions: the audit log's login and logout

CREATE FUNCTION log_in(login_email text, password text, ip inet DEFAULT NULL, agent text DEFAULT NULL) RETURNS uuid
  LANGUAGE plpgsql SET search_path = oatie, pg_temp AS $$
DECLARE
  who users;
  opened uuid;
BEGIN
  -- The rows first and bcrypt then, or a plan may try it on everybody's. Of two addresses that differ in case it is whose password it is.
  FOR who IN SELECT u.* FROM users u JOIN organizations o ON o.id = u.organization_id AND o.is_active WHERE lower(u.email) = lower(login_email) AND u.is_active LOOP
    EXIT WHEN who.password_hash = public.crypt(password, who.password_hash);
    who.id := NULL;
  END LOOP;
  -- An address that nobody has takes as long as a wrong password, and so is not told by the clock.
  IF NOT FOUND THEN PERFORM public.crypt(password, public.gen_salt('bf', 10)); END IF;
  IF who.id IS NULL THEN RETURN NULL; END IF;
  UPDATE users SET last_login = now() WHERE id = who.id;
  INSERT INTO user_sessions (user_id, expires_at, ip_address, user_agent) VALUES (who.id, now() + interval '8 hours', ip, agent) RETURNING id INTO opened;
  INSERT INTO audit_logs (user_id, organization_id, action, resource_type, resource_id, ip_address, user_agent, session_id)
  VALUES (who.id, who.organization_id, 'login', 'user', who.id, ip, agent, opened);
  RETURN opened;
END $$;
COMMENT ON FUNCTION log_in(text, text, inet, text) IS 'a session for whoever has the password; else NULL';

CREATE FUNCTION log_out(session uuid) RETURNS boolean
  LANGUAGE plpgsql SET search_path = oatie, pg_temp AS $$
DECLARE
  gone user_sessions;
BEGIN
  DELETE FROM user_sessions WHERE id = session RETURNING * INTO gone;
  INSERT INTO audit_logs (user_id, organization_id, action, resource_type, resource_id, ip_address, user_agent, session_id)
  SELECT u.id, u.organization_id, 'logout', 'user', u.id, gone.ip_address, gone.user_agent, gone.id FROM users u WHERE u.id = gone.user_id;
  RETURN FOUND;
END $$;
COMMENT ON FUNCTION log_out(uuid) IS 'end a session; whether there was one';

-- ---- Templates and reports

-- The same name again is the next version of it; two at once wait for each other, or both would be the same one.
CREATE FUNCTION create_template(org uuid, by_user uuid, title text, kind text, body jsonb DEFAULT '{}') RETURNS uuid
  LANGUAGE plpgsql SET search_path = oatie, pg_temp AS $$
DECLARE
  made uuid;
BEGIN
  PERFORM act_in(by_user, org);
  PERFORM pg_advisory_xact_lock(hashtextextended(format('oatie.templates %s %s', org, title), 0));
  INSERT INTO templates (organization_id, created_by, name, template_type, structure, version, parent_template_id)
  SELECT org, by_user, title, kind, body, COALESCE(last.version, 0) + 1, last.id
  FROM (SELECT) one LEFT JOIN (SELECT id, version FROM templates WHERE organization_id = org AND name = title ORDER BY version DESC LIMIT 1) last ON true
  RETURNING id INTO made;
  RETURN made;
END $$;
COMMENT ON FUNCTION create_template(uuid, uuid, text, text, jsonb) IS 'a new template, or the next version of one';

CREATE FUNCTION create_report(org uuid, by_user uuid, template uuid, title text, settings jsonb DEFAULT '{}') RETURNS uuid
  LANGUAGE plpgsql SET search_path = oatie, pg_temp AS $$
DECLARE
  made uuid;
BEGIN
  PERFORM act_in(by_user, org);
  INSERT INTO reports (organization_id, created_by, template_id, name, parameters)
  SELECT org, by_user, t.id, title, settings FROM templates t WHERE t.id = template AND (t.organization_id = org OR t.is_public) RETURNING id INTO made;
  IF made IS NULL THEN RAISE no_data_found USING MESSAGE = format('organization "%s" has no template "%s"', org, template); END IF;
  RETURN made;
END $$;
COMMENT ON FUNCTION create_report(uuid, uuid, uuid, text, jsonb) IS 'a new report, if max_reports allows it';

CREATE FUNCTION delete_report(report uuid, by_user uuid) RETURNS void
  LANGUAGE plpgsql SET search_path = oatie, pg_temp AS $$
BEGIN
  PERFORM act_on_report(by_user, report);
  DELETE FROM reports WHERE id = report;
  IF NOT FOUND THEN RAISE no_data_found USING MESSAGE = format('there is no report "%s"', report); END IF;
END $$;
COMMENT ON FUNCTION delete_report(uuid, uuid) IS 'a report goes, with its executions, and its storage is free again';

-- ---- Executions

CREATE FUNCTION run_report(report uuid, by_user uuid, format text DEFAULT 'pdf') RETURNS uuid
  LANGUAGE plpgsql SET search_path = oatie, pg_temp AS $$
DECLARE
  org uuid := act_on_report(by_user, report);
  started uuid;
BEGIN
  UPDATE reports SET status = 'processing', last_executed = now(), execution_count = COALESCE(execution_count, 0) + 1 WHERE id = report;
  IF NOT FOUND THEN RAISE no_data_found USING MESSAGE = format('there is no report "%s"', report); END IF;
  INSERT INTO report_executions (report_id, organization_id, executed_by, output_format) VALUES (report, org, by_user, format) RETURNING id INTO started;
  RETURN started;
END $$;
COMMENT ON FUNCTION run_report(uuid, uuid, text) IS 'a new execution, which is running';

-- What runs ends as completed or as failed. Looked up by id in all months: who knows started_at saves that by naming it, too.
CREATE FUNCTION end_execution(execution uuid, outcome text, bytes bigint, ms integer, complaint text) RETURNS void
  LANGUAGE plpgsql SET search_path = oatie, pg_temp AS $$
DECLARE
  ended report_executions;
BEGIN
  -- The report first, as whoever deletes it locks it first: the other way round the two could wait for each other.
  PERFORM FROM reports r JOIN report_executions e ON e.report_id = r.id WHERE e.id = execution FOR NO KEY UPDATE OF r;
  SELECT * INTO ended FROM report_executions WHERE id = execution AND status = 'running' FOR UPDATE;
  IF NOT FOUND THEN
    RAISE no_data_found USING MESSAGE = format('execution "%s" is not running', execution), HINT = 'An execution ends once.';
  END IF;
  PERFORM act_as(ended.executed_by, ended.organization_id);
  UPDATE report_executions SET status = outcome, completed_at = now(), execution_time_ms = ms, result_size_bytes = bytes, error_message = complaint
  WHERE id = ended.id AND started_at = ended.started_at;
  UPDATE reports SET status = outcome WHERE id = ended.report_id;
END $$;
COMMENT ON FUNCTION end_execution(uuid, text, bigint, integer, text) IS 'internal: how an execution ends';

-- Beyond storage_limit_gb this is QL002, and the execution goes on running: fail_execution() ends it then. QL008 says that others
-- who have not committed hold the rest: try again.
CREATE FUNCTION finish_execution(execution uuid, bytes bigint, ms integer) RETURNS void
  LANGUAGE sql SET search_path = oatie, pg_temp AS $$ SELECT end_execution(execution, 'completed', bytes, ms, NULL) $$;
COMMENT ON FUNCTION finish_execution(uuid, bigint, integer) IS 'an execution is completed; its result takes so many bytes of the storage';

CREATE FUNCTION fail_execution(execution uuid, complaint text, ms integer DEFAULT NULL) RETURNS void
  LANGUAGE sql SET search_path = oatie, pg_temp AS $$ SELECT end_execution(execution, 'failed', NULL, ms, complaint) $$;
COMMENT ON FUNCTION fail_execution(uuid, text, integer) IS 'an execution has failed; it takes no storage';

-- ---- Shares

-- The log says that a report has been given away, by share and not by code: who reads the log shall not have the links.
CREATE FUNCTION share_report(report uuid, by_user uuid, password text DEFAULT NULL, until timestamptz DEFAULT NULL) RETURNS text
  LANGUAGE plpgsql SET search_path = oatie, pg_temp AS $$
DECLARE
  share report_shares;
BEGIN
  PERFORM act_on_report(by_user, report);
  INSERT INTO report_shares (report_id, created_by, password_hash, expires_at) VALUES (report, by_user, hash_of(password), until) RETURNING * INTO share;
  PERFORM steward.record_event('export', 'oatie.report', report::text, jsonb_build_object('share', share.id, 'expires_at', until, 'password', password IS NOT NULL));
  RETURN share.short_code;
END $$;
COMMENT ON FUNCTION share_report(uuid, uuid, text, timestamptz) IS 'the short code of a link to a report';

CREATE FUNCTION expire_share(code text, by_user uuid) RETURNS void
  LANGUAGE plpgsql SET search_path = oatie, pg_temp AS $$
DECLARE
  org uuid := (SELECT r.organization_id FROM report_shares s JOIN reports r ON r.id = s.report_id WHERE s.short_code = code);
BEGIN
  IF is_member(by_user, org) THEN
    PERFORM act_as(by_user, org);
    UPDATE report_shares SET expires_at = now() WHERE short_code = code;
  END IF;
  IF NOT FOUND THEN RAISE no_data_found USING MESSAGE = format('there is no share "%s"', code); END IF;
END $$;
COMMENT ON FUNCTION expire_share(text, uuid) IS 'a link that works no longer';

-- What a visitor gets: 200 and the report, 404 for a code that there is not, 410 for one that has expired, 401 without the password.
-- A view counts as it is answered, and nobody waits for another's; it is seen by all once this is committed.
CREATE FUNCTION open_share(code text, password text DEFAULT NULL, OUT status integer, OUT report_id uuid, OUT report_name text, OUT views bigint)
  LANGUAGE plpgsql SET search_path = oatie, pg_temp AS $$
#variable_conflict use_column
DECLARE
  share report_shares;
BEGIN
  SELECT * INTO share FROM report_shares WHERE short_code = code;
  status := CASE
    WHEN share.id IS NULL THEN 404
    WHEN share.expires_at <= now() THEN 410
    WHEN share.password_hash IS NULL THEN 200
    WHEN share.password_hash = public.crypt(password, share.password_hash) THEN 200
    ELSE 401 END;
  IF status <> 200 THEN RETURN; END IF;
  SELECT r.id, r.name INTO report_id, report_name FROM reports r WHERE r.id = share.report_id;
  views := steward.try_hit('report_shares', share.id);
  -- Deleted since it was looked up, which with a password takes a moment.
  IF views IS NULL THEN SELECT 404 INTO status, report_id, report_name; END IF;
END $$;
COMMENT ON FUNCTION open_share(text, text) IS 'what a visitor of a link gets, as an HTTP status; a view is counted';

-- ---- Batches: the document's update of a large table, which commits as it goes along and so cannot have a search_path of its own.
-- Corrected: it ends when nothing is left, and not when so many were counted beforehand. What somebody has locked is for a later
-- batch. Plain SQL: steward has no part for batches yet.
CREATE PROCEDURE fill_missing_status(batch_size integer DEFAULT 1000, pause double precision DEFAULT 0.1) LANGUAGE plpgsql AS $$
DECLARE
  filled integer;
BEGIN
  LOOP
    UPDATE oatie.reports SET status = 'draft' WHERE id IN (SELECT id FROM oatie.reports WHERE status IS NULL LIMIT batch_size FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS filled = ROW_COUNT;
    COMMIT;
    EXIT WHEN NOT EXISTS (SELECT FROM oatie.reports WHERE status IS NULL);
    PERFORM pg_catalog.pg_sleep(CASE filled WHEN 0 THEN greatest(pause, 0.1) ELSE pause END);
  END LOOP;
END $$;
COMMENT ON PROCEDURE fill_missing_status(integer, double precision) IS 'give reports without a status one, so many at a time';
