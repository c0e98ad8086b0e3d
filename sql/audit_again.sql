-- What the log may say of former times, and what it may not: a table that is audited again, columns that each row has its own value in.
SET client_min_messages = warning;
CREATE TABLE agn_notes (id int PRIMARY KEY, v text);
CREATE TABLE agn_moments (n int PRIMARY KEY, at timestamptz NOT NULL);
CREATE FUNCTION agn_refusal(call text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE call;
  RETURN 'not refused';
EXCEPTION WHEN OTHERS THEN
  RETURN concat(SQLSTATE, ' ', SQLERRM);
END $$;
SELECT steward.audit_table('agn_notes') \g /dev/null
INSERT INTO agn_notes VALUES (1, 'recorded');
INSERT INTO agn_moments VALUES (1, clock_timestamp());
SELECT steward.row_as_of('agn_notes', 1, at) FROM agn_moments WHERE n = 1;
-- Changes that nobody has recorded: what was known before tells nothing of the row any more.
SELECT steward.unaudit_table('agn_notes') \g /dev/null
UPDATE agn_notes SET v = 'unnoticed';
SELECT steward.audit_table('agn_notes') \g /dev/null
INSERT INTO agn_moments VALUES (2, clock_timestamp());
SELECT steward.row_as_of('agn_notes', 1, at) FROM agn_moments WHERE n = 2;
SELECT agn_refusal('SELECT steward.row_as_of(''agn_notes'', 1, at) FROM agn_moments WHERE n = 1');
SELECT count(*) AS records_of_before FROM steward.history('agn_notes', 1);
-- Renamed triggers are the same ones: a change is recorded once.
SELECT tgname AS trigger FROM pg_trigger WHERE tgrelid = 'agn_notes'::regclass AND tgfoid = 'steward.audit_row'::regproc \gset
ALTER TRIGGER :"trigger" ON agn_notes RENAME TO agn_mine;
SELECT steward.audit_table('agn_notes') \g /dev/null
UPDATE agn_notes SET v = 'once';
SELECT action, old_values, new_values FROM steward.history('agn_notes', 1) ORDER BY id DESC LIMIT 2;
-- A column's one value for all rows is known, a value for each is not: it is not said to be NULL.
INSERT INTO agn_notes VALUES (2, 'whole');
ALTER TABLE agn_notes ADD same int DEFAULT 7;
ALTER TABLE agn_notes ADD none int, ADD each uuid DEFAULT gen_random_uuid();
SELECT steward.row_as_of('agn_notes', 2, clock_timestamp());
-- A hidden column that becomes the key's stays hidden; one that comes again does, with its default.
CREATE TABLE agn_secrets (ssn text NOT NULL, pin text);
SELECT steward.audit_table('agn_secrets', redact_cols => '{ssn,pin}') \g /dev/null
ALTER TABLE agn_secrets ADD PRIMARY KEY (ssn);
ALTER TABLE agn_secrets DROP pin CASCADE;
ALTER TABLE agn_secrets ADD pin text DEFAULT 'agn_default';
INSERT INTO agn_secrets VALUES ('agn_number');
SELECT count(*) AS records, count(*) FILTER (WHERE r::text ~ 'agn_(number|default)') AS shown FROM steward.audit_records r JOIN steward.audit_relations USING (rel_id) WHERE rel = 'agn_secrets'::regclass;
SELECT count(*) AS shown FROM steward._audit_versions v WHERE v::text ~ 'agn_default';
SELECT steward.unaudit_table('agn_notes'), steward.unaudit_table('agn_secrets') \g /dev/null
DROP TABLE agn_notes, agn_moments, agn_secrets;
DROP FUNCTION agn_refusal(text);
