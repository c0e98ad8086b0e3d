-- What clients call besides open_report, in both ways. pgbench breaks off at an error, so a refusal is caught here, noted, and an answer.

-- UNLOGGED: a note costs no WAL. So that what was refused can be held against what was left.
CREATE UNLOGGED TABLE refusals (user_id uuid, meter text, code text);

CREATE FUNCTION message(customer int) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  LOOP
    BEGIN
      PERFORM send_ai_message(numbered('a', customer));
      RETURN true;
    EXCEPTION WHEN SQLSTATE 'QL001' OR SQLSTATE 'QL008' THEN
      INSERT INTO refusals VALUES (numbered('a', customer), 'ai_messages', SQLSTATE);
      IF SQLSTATE = 'QL001' THEN RETURN false; END IF;  -- others hold what is left: to be tried again
    END;
  END LOOP;
END $$;

CREATE FUNCTION upload(customer int) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  LOOP
    BEGIN
      PERFORM upload_dataset(numbered('a', customer), 'Orders, next week', 512000, 6000, 12);
      RETURN true;
    EXCEPTION WHEN SQLSTATE 'QL001' OR SQLSTATE 'QL008' THEN
      INSERT INTO refusals VALUES (numbered('a', customer), 'datasets', SQLSTATE);
      IF SQLSTATE = 'QL001' THEN RETURN false; END IF;
    END;
  END LOOP;
END $$;

CREATE FUNCTION rename(analysis int, to_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM act_as(numbered('b', analysis)::text);
  UPDATE analyses SET name = to_name WHERE id = numbered('c', analysis);
END $$;
