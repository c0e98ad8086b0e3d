-- The functions of examples/iops/app.sql that the load calls, with the same answers.

-- One more of a meter. Usage only rises within a month, so that a count that is at the limit refuses without a lock; the upsert decides
-- otherwise, under the lock of its row. One message for all callers.
CREATE FUNCTION use_up(customer uuid, datasets int DEFAULT 0, ai_messages int DEFAULT 0, reports int DEFAULT 0) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  this_month text := to_char(now(), 'YYYY-MM');
  allowed record;
  usage record;
BEGIN
  SELECT l.* INTO allowed FROM users u JOIN tier_limits l USING (tier) WHERE u.id = customer;
  SELECT t.* INTO usage FROM usage_tracking t WHERE t.user_id = customer AND t.month_year = this_month;
  IF use_up.datasets > 0 AND COALESCE(usage.datasets_count, 0) + use_up.datasets > allowed.datasets
     OR use_up.ai_messages > 0 AND COALESCE(usage.ai_messages_count, 0) + use_up.ai_messages > allowed.ai_messages
     OR use_up.reports > 0 AND COALESCE(usage.reports_count, 0) + use_up.reports > allowed.reports THEN
    RAISE EXCEPTION 'limit reached' USING ERRCODE = 'QL001';
  END IF;
  INSERT INTO usage_tracking AS t (user_id, month_year, datasets_count, ai_messages_count, reports_count)
  VALUES (customer, this_month, use_up.datasets, use_up.ai_messages, use_up.reports)
  ON CONFLICT (user_id, month_year) DO UPDATE SET datasets_count = t.datasets_count + EXCLUDED.datasets_count,
    ai_messages_count = t.ai_messages_count + EXCLUDED.ai_messages_count, reports_count = t.reports_count + EXCLUDED.reports_count, updated_at = now()
  WHERE (EXCLUDED.datasets_count = 0 OR t.datasets_count + EXCLUDED.datasets_count <= COALESCE(allowed.datasets, 2147483647))
    AND (EXCLUDED.ai_messages_count = 0 OR t.ai_messages_count + EXCLUDED.ai_messages_count <= COALESCE(allowed.ai_messages, 2147483647))
    AND (EXCLUDED.reports_count = 0 OR t.reports_count + EXCLUDED.reports_count <= COALESCE(allowed.reports, 2147483647))
  RETURNING * INTO usage;
  IF NOT FOUND THEN RAISE EXCEPTION 'limit reached' USING ERRCODE = 'QL001'; END IF;
  RETURN allowed.ai_messages - usage.ai_messages_count;
END $$;

CREATE FUNCTION upload_dataset(user_id uuid, name text, size_bytes bigint DEFAULT NULL, row_count int DEFAULT NULL, column_count int DEFAULT NULL) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE id uuid := gen_random_uuid();
BEGIN
  PERFORM set_config('iops.actor', user_id::text, true), use_up(user_id, datasets => 1);
  INSERT INTO datasets (id, user_id, name, file_path, size_bytes, row_count, column_count)
  VALUES (id, user_id, name, format('datasets/%s/%s', user_id, id), size_bytes, row_count, column_count);
  RETURN id;
END $$;

CREATE FUNCTION send_ai_message(user_id uuid) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('iops.actor', user_id::text, true);
  RETURN use_up(user_id, ai_messages => 1);
END $$;

-- Ten characters of Base62, again when they are taken.
CREATE FUNCTION publish_report(analysis_id uuid) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  author uuid := (SELECT a.user_id FROM analyses a WHERE a.id = analysis_id);
  code text;
BEGIN
  PERFORM set_config('iops.actor', author::text, true), use_up(author, reports => 1);
  LOOP
    SELECT string_agg(substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', 1 + get_byte(bytes, i) % 62, 1), '') INTO code
    FROM public.gen_random_bytes(10) bytes, generate_series(0, 9) i;
    BEGIN
      INSERT INTO reports (analysis_id, short_code) VALUES (analysis_id, code);
      RETURN code;
    EXCEPTION WHEN unique_violation THEN NULL;
    END;
  END LOOP;
END $$;

CREATE FUNCTION open_report(short_code text, password text DEFAULT NULL, OUT status int, OUT report_id uuid, OUT name text, OUT results jsonb, OUT view_count bigint)
LANGUAGE plpgsql AS $$
DECLARE report record;
BEGIN
  status := 404;
  SELECT r.id, r.password_hash, r.expires_at, a.name, a.results INTO report
  FROM reports r JOIN analyses a ON a.id = r.analysis_id WHERE r.short_code = open_report.short_code AND r.is_public;
  IF NOT FOUND THEN RETURN; END IF;
  IF report.expires_at <= now() THEN status := 410; RETURN; END IF;
  IF report.password_hash <> public.crypt(COALESCE(password, ''), report.password_hash) THEN status := 401; RETURN; END IF;
  UPDATE reports r SET view_count = r.view_count + 1 WHERE r.id = report.id RETURNING r.view_count INTO view_count;
  IF NOT FOUND THEN RETURN; END IF;
  status := 200;
  report_id := report.id;
  name := report.name;
  results := report.results;
END $$;
