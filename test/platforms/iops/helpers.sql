-- What the parts share. They run one after the other, without a transaction around them, as an application's statements do.

-- How a statement fails: SQLSTATE and message.
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE statement;
  RETURN 'not refused';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ': ' || SQLERRM;
END $$;

-- Its HINT, and its DETAIL.
CREATE FUNCTION pg_temp.hint_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE hint text;
BEGIN
  EXECUTE statement;
  RETURN 'not refused';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN hint;
END $$;
CREATE FUNCTION pg_temp.detail_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text;
BEGIN
  EXECUTE statement;
  RETURN 'not refused';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
  RETURN detail;
END $$;

-- A new user in a tier, with an analysis to make reports of.
CREATE FUNCTION pg_temp.new_user(email text, tier text DEFAULT 'free') RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE id uuid := sign_up(email, 'a password');
BEGIN
  IF tier <> 'free' THEN PERFORM change_tier(id, tier); END IF;
  INSERT INTO analyses (user_id, name) VALUES (id, 'an analysis');
  RETURN id;
END $$;
CREATE FUNCTION pg_temp.analysis_of(owner uuid) RETURNS uuid LANGUAGE sql AS $$ SELECT id FROM analyses WHERE user_id = owner ORDER BY created_at LIMIT 1 $$;
CREATE FUNCTION pg_temp.user_of(address text) RETURNS uuid LANGUAGE sql AS $$ SELECT id FROM users WHERE email = address $$;

SET iops.credentials_key = 'a key for tests';
