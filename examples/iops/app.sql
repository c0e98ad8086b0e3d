-- iOps: what the application calls. Each function says who acts, so that the log knows.
--
-- They run with the caller's rights, and tables may be written without them just as well: limits, codes, counts and the log are the
-- tables' own. Parameters have the names of columns, and are written with their function's name in front where both are meant.

SET search_path = iops;

-- The time that steward goes by: the clock, unless a test has set another one. In PL/pgSQL, which keeps its plan: a function in SQL
-- with a search_path of its own is planned anew at every call, and each view asks.
CREATE FUNCTION clock() RETURNS timestamptz STABLE LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN COALESCE(NULLIF(current_setting('steward.now', true), '')::timestamptz, now());
END $$;

CREATE FUNCTION hash_password(password text) RETURNS text LANGUAGE plpgsql SET search_path = iops, pg_temp AS $$
BEGIN
  IF octet_length(password) NOT BETWEEN 1 AND 72 THEN
    RAISE invalid_parameter_value USING MESSAGE = 'password must have 1 to 72 bytes', DETAIL = 'bcrypt does not see what is behind the 72nd.';
  END IF;
  RETURN public.crypt(password, public.gen_salt('bf', 10));
END $$;

CREATE FUNCTION sign_up(email text, password text, full_name text DEFAULT NULL) RETURNS uuid LANGUAGE plpgsql SET search_path = iops, pg_temp AS $$
DECLARE id uuid := gen_random_uuid();
BEGIN
  PERFORM steward.set_actor(id::text);
  INSERT INTO users (id, email, password_hash, full_name) VALUES (id, email, hash_password(password), full_name);
  RETURN id;
END $$;

-- One more than the tier allows in this month is QL001, and nothing is stored.
CREATE FUNCTION upload_dataset(user_id uuid, name text, size_bytes bigint DEFAULT NULL, row_count int DEFAULT NULL, column_count int DEFAULT NULL) RETURNS uuid
LANGUAGE plpgsql SET search_path = iops, pg_temp AS $$
DECLARE id uuid := gen_random_uuid();
BEGIN
  PERFORM steward.set_actor(user_id::text);
  INSERT INTO datasets (id, user_id, name, file_path, size_bytes, row_count, column_count)
  VALUES (id, user_id, name, format('datasets/%s/%s', user_id, id), size_bytes, row_count, column_count);
  RETURN id;
END $$;

-- How many messages are left, NULL without a limit. The message goes to the model, not into the database. Sent again under the same
-- key, as after a lost connection, it counts once.
CREATE FUNCTION send_ai_message(user_id uuid, idempotency_key text DEFAULT NULL) RETURNS bigint LANGUAGE plpgsql SET search_path = iops, pg_temp AS $$
BEGIN
  PERFORM steward.set_actor(user_id::text);
  RETURN steward.consume(user_id, 'ai_messages', idempotency_key => idempotency_key);
END $$;

-- Stands for whatever computes results.
CREATE FUNCTION run_analysis(user_id uuid, dataset_id uuid, name text, config jsonb DEFAULT '{}') RETURNS uuid LANGUAGE plpgsql SET search_path = iops, pg_temp AS $$
DECLARE
  id uuid := gen_random_uuid();
  results jsonb;
BEGIN
  PERFORM steward.set_actor(user_id::text);
  SELECT jsonb_build_object('rows', d.row_count, 'columns', d.column_count) INTO results FROM datasets d WHERE d.id = dataset_id AND d.row_count > 0;
  INSERT INTO analyses (id, user_id, dataset_id, name, config, results, status)
  VALUES (id, user_id, dataset_id, name, config, results, CASE WHEN results IS NULL THEN 'failed' ELSE 'completed' END);
  RETURN id;
END $$;

-- The code of the public address /r/:short_code. With user_id, who asks: what is another's is not there for them. Without it whoever knows
-- the id is taken for its owner, which is for jobs of your own, not for ids that come from outside. So it is with the two below.
CREATE FUNCTION publish_report(analysis_id uuid, password text DEFAULT NULL, expires_at timestamptz DEFAULT NULL, user_id uuid DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = iops, pg_temp AS $$
DECLARE
  owner uuid := (SELECT a.user_id FROM analyses a WHERE a.id = analysis_id AND a.user_id = COALESCE(publish_report.user_id, a.user_id));
  code text;
BEGIN
  IF owner IS NULL THEN RAISE no_data_found USING MESSAGE = format('there is no analysis "%s"', analysis_id); END IF;
  PERFORM steward.set_actor(owner::text);
  INSERT INTO reports (analysis_id, password_hash, expires_at) VALUES (analysis_id, hash_password(password), expires_at) RETURNING short_code INTO code;
  RETURN code;
END $$;

-- What GET /r/:short_code answers. Only who gets to see the report is counted, and at once.
CREATE FUNCTION open_report(short_code text, password text DEFAULT NULL, OUT status int, OUT report_id uuid, OUT name text, OUT results jsonb, OUT view_count bigint)
LANGUAGE plpgsql SET search_path = iops, pg_temp AS $$
DECLARE report record;
BEGIN
  status := 404;
  -- What has another form, or other check characters, was never given out.
  IF steward.try_id_of(short_code, 'iops_reports') IS NULL THEN RETURN; END IF;
  SELECT r.id, r.password_hash, r.expires_at, a.name, a.results INTO report
  FROM reports r JOIN analyses a ON a.id = r.analysis_id WHERE r.short_code = open_report.short_code AND r.is_public;
  IF NOT FOUND THEN RETURN; END IF;
  IF report.expires_at <= clock() THEN status := 410; RETURN; END IF;
  IF report.password_hash <> public.crypt(COALESCE(password, ''), report.password_hash) THEN status := 401; RETURN; END IF;
  view_count := steward.try_hit('reports', report.id);
  IF view_count IS NULL THEN RETURN; END IF;  -- deleted in this moment
  status := 200;
  report_id := report.id;
  name := report.name;
  results := report.results;
END $$;

-- Whether there is such a report.
CREATE FUNCTION expire_report(short_code text, user_id uuid DEFAULT NULL) RETURNS boolean LANGUAGE plpgsql SET search_path = iops, pg_temp AS $$
DECLARE owner uuid := (SELECT r.user_id FROM reports r WHERE r.short_code = expire_report.short_code AND r.user_id = COALESCE(expire_report.user_id, r.user_id));
BEGIN
  IF owner IS NULL THEN RETURN false; END IF;
  PERFORM steward.set_actor(owner::text);
  UPDATE reports r SET expires_at = clock() WHERE r.short_code = expire_report.short_code;
  RETURN FOUND;
END $$;

CREATE FUNCTION invite_collaborator(user_id uuid, email text, role text DEFAULT 'viewer') RETURNS uuid LANGUAGE plpgsql SET search_path = iops, pg_temp AS $$
DECLARE id uuid := gen_random_uuid();
BEGIN
  PERFORM steward.set_actor(user_id::text);
  INSERT INTO collaborations (id, user_id, email, role) VALUES (id, user_id, email, role);
  RETURN id;
END $$;

-- The key of all credentials is a setting of the application's connections, and in no table, dump or log of changes. Give it with the
-- connection (options=-c iops.credentials_key=…) rather than by a statement, which may be logged.
CREATE FUNCTION credentials_key() RETURNS text STABLE LANGUAGE plpgsql SET search_path = iops, pg_temp AS $$
BEGIN
  IF COALESCE(current_setting('iops.credentials_key', true), '') = '' THEN
    RAISE object_not_in_prerequisite_state USING MESSAGE = 'setting "iops.credentials_key" is not set', HINT = 'Set it for the connection.';
  END IF;
  RETURN current_setting('iops.credentials_key');
END $$;

CREATE FUNCTION add_connection(user_id uuid, name text, kind text, credentials jsonb) RETURNS uuid LANGUAGE plpgsql SET search_path = iops, pg_temp AS $$
DECLARE id uuid := gen_random_uuid();
BEGIN
  PERFORM steward.set_actor(user_id::text);
  INSERT INTO data_connections (id, user_id, name, kind, credentials)
  VALUES (id, user_id, name, kind, public.pgp_sym_encrypt(credentials::text, credentials_key(), 'cipher-algo=aes256'));
  RETURN id;
END $$;

CREATE FUNCTION credentials_of(connection_id uuid, user_id uuid DEFAULT NULL) RETURNS jsonb STABLE LANGUAGE sql SET search_path = iops, pg_temp AS $$
  SELECT public.pgp_sym_decrypt(c.credentials, credentials_key())::jsonb FROM data_connections c
  WHERE c.id = connection_id AND c.user_id = COALESCE(credentials_of.user_id, c.user_id)
$$;

-- What Stripe's webhook calls.
CREATE FUNCTION change_tier(user_id uuid, tier text, actor text DEFAULT 'stripe') RETURNS void LANGUAGE plpgsql SET search_path = iops, pg_temp AS $$
BEGIN
  PERFORM steward.set_actor(actor);
  UPDATE users u SET tier = change_tier.tier WHERE u.id = user_id;
  IF NOT FOUND THEN RAISE no_data_found USING MESSAGE = format('there is no user "%s"', user_id); END IF;
END $$;

-- The terms of an enterprise customer: NULL is unlimited. For iops_admin, as steward.override_limit is. Limits are no rows of an audited
-- table, so the log is told.
CREATE FUNCTION agree_terms(user_id uuid, datasets int, ai_messages int, reports int, collaborators int, data_connections int, until timestamptz, contract text)
RETURNS void LANGUAGE plpgsql SET search_path = iops, pg_temp AS $$
BEGIN
  PERFORM steward.set_actor(session_user::text, tenant => user_id::text);
  PERFORM steward.record_event('agree', 'contract', contract, jsonb_build_object('user_id', user_id, 'datasets', datasets, 'ai_messages', ai_messages, 'reports', reports,
    'collaborators', collaborators, 'data_connections', data_connections, 'until', until));
  PERFORM steward.override_limit(user_id, m.meter, m.max, until, contract)
  FROM (VALUES ('datasets', datasets), ('ai_messages', ai_messages), ('reports', reports), ('collaborators', collaborators), ('data_connections', data_connections)) AS m (meter, max);
END $$;

-- All that was the user's goes. The audit log keeps that it was there; analytics_events keep what was done, by nobody.
CREATE FUNCTION delete_account(user_id uuid) RETURNS void LANGUAGE plpgsql SET search_path = iops, pg_temp AS $$
BEGIN
  PERFORM steward.set_actor(user_id::text);
  DELETE FROM users u WHERE u.id = user_id;
  IF NOT FOUND THEN RAISE no_data_found USING MESSAGE = format('there is no user "%s"', user_id); END IF;
END $$;
