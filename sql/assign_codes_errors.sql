-- Codes on a table: what is refused, and how.
CREATE ROLE regress_steward_owner;
CREATE ROLE regress_steward_other;
GRANT CREATE ON SCHEMA public TO regress_steward_owner;
SET ROLE regress_steward_owner;
CREATE TABLE notes (id int PRIMARY KEY, code text UNIQUE, short varchar(6) UNIQUE, no_index text, n int UNIQUE, partial text, present text,
  pair text, made text GENERATED ALWAYS AS ('x') STORED, fixed char(8) UNIQUE, UNIQUE (pair, id));
CREATE UNIQUE INDEX ON notes (partial) WHERE id > 0;
CREATE UNIQUE INDEX ON notes (present) WHERE present IS NOT NULL;
CREATE VIEW notes_view AS SELECT * FROM notes;
CREATE TABLE parts (code text UNIQUE) PARTITION BY HASH (code);
CREATE TABLE part0 PARTITION OF parts FOR VALUES WITH (MODULUS 1, REMAINDER 0);
SELECT steward.assign_codes('notes', 'present');
SELECT steward.unassign_codes('notes', 'present');
\pset tuples_only on
\pset format unaligned
SELECT refusal($$SELECT steward.assign_codes(NULL, 'code')$$);
SELECT refusal($$SELECT steward.assign_codes('notes', NULL)$$);
SELECT refusal($$SELECT steward.assign_codes('no_such_table', 'code')$$);
SELECT refusal($$SELECT steward.assign_codes(4711, 'code')$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'no_such_column')$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'ctid')$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'n')$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'fixed')$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'made')$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'no_index')$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'partial')$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'pair')$$);
SELECT refusal($$SELECT steward.assign_codes('notes_view', 'code')$$);
SELECT refusal($$SELECT steward.assign_codes('notes_pkey', 'id')$$);
SELECT refusal($$SELECT steward.assign_codes('parts', 'code')$$);
SELECT refusal($$SELECT steward.assign_codes('part0', 'code')$$);
SELECT refusal($$SELECT steward.assign_codes('pg_class', 'relname')$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'code', 0)$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'code', -8)$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'code', 257)$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'code', 8, max_length => 7)$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'code', 8, max_length => 300)$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'short')$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'short', 4, max_length => 7)$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'short', 4, prefix => 'abc')$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'code', prefix => repeat('x', 33))$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'code', series => 'none')$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'code', 8, series => 'none')$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'code', max_length => 8, series => 'none')$$);
SELECT refusal($$SELECT steward.unassign_codes('notes', 'code')$$);
SELECT refusal($$SELECT steward.unassign_codes('notes', 'nope')$$);
SELECT refusal($$SELECT steward.assign_code()$$);
SET ROLE regress_steward_other;
SELECT refusal($$SELECT steward.assign_codes('notes', 'code')$$);
SELECT refusal($$SELECT steward.unassign_codes('notes', 'code')$$);
RESET ROLE;

-- A series is taken from by who may: also when the trigger is made by hand.
SELECT steward.create_series('secret', key => '\x2B7E151628AED2A6ABF7158809CF4F3C');
SET ROLE regress_steward_owner;
SELECT refusal($$SELECT steward.assign_codes('notes', 'code', series => 'secret')$$);
CREATE TRIGGER by_hand BEFORE INSERT OR UPDATE OF code ON notes FOR EACH ROW EXECUTE FUNCTION steward.assign_code('series=secret');
SELECT refusal($$INSERT INTO notes (id) VALUES (1)$$);
RESET ROLE;
SELECT steward.grant_access('regress_steward_owner', 'app');
SET ROLE regress_steward_owner;
SELECT refusal($$INSERT INTO notes (id) VALUES (1)$$);
DROP TRIGGER by_hand ON notes;
RESET ROLE;
SELECT steward.revoke_access('regress_steward_owner', 'app');
SET ROLE regress_steward_owner;

-- Triggers that assign_codes did not make.
CREATE TRIGGER by_hand BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION steward.assign_code('length=8');
SELECT refusal($$INSERT INTO notes (id) VALUES (2)$$);
CREATE OR REPLACE TRIGGER by_hand BEFORE INSERT OR UPDATE OF code ON notes FOR EACH ROW EXECUTE FUNCTION steward.assign_code('whatever');
SELECT refusal($$INSERT INTO notes (id) VALUES (2)$$);
RESET ROLE;
SELECT count(*) AS not_shown_and_no_error FROM steward.code_capacity;
SET ROLE regress_steward_owner;
CREATE OR REPLACE TRIGGER by_hand BEFORE INSERT OR UPDATE OF code ON notes FOR EACH ROW EXECUTE FUNCTION steward.assign_code('length=8x');
SELECT refusal($$INSERT INTO notes (id) VALUES (2)$$);
CREATE OR REPLACE TRIGGER by_hand BEFORE INSERT OR UPDATE OF n ON notes FOR EACH ROW EXECUTE FUNCTION steward.assign_code('length=8');
SELECT refusal($$INSERT INTO notes (id) VALUES (2)$$);
DROP TRIGGER by_hand ON notes;
CREATE TRIGGER by_hand AFTER INSERT ON notes FOR EACH STATEMENT EXECUTE FUNCTION steward.assign_code();
SELECT refusal($$INSERT INTO notes (id) VALUES (2)$$);
DROP TRIGGER by_hand ON notes;

-- Codes that somebody chose.
SELECT steward.assign_codes('notes', 'code', 8, max_length => 12);
SELECT refusal($$INSERT INTO notes (id, code) VALUES (3, '')$$);
SELECT refusal($$INSERT INTO notes (id, code) VALUES (3, 'with space')$$);
SELECT refusal($$INSERT INTO notes (id, code) VALUES (3, 'Grüße')$$);
SELECT refusal($$INSERT INTO notes (id, code) VALUES (3, 'thirteenChars')$$);
SELECT refusal($$INSERT INTO notes (id, code) VALUES (3, repeat('x', 300))$$);
SELECT refusal($$INSERT INTO notes (id, code) VALUES (3, 'admin')$$);
SELECT refusal($$INSERT INTO notes (id, code) VALUES (3, 'AdMiN')$$);
SELECT refusal($$INSERT INTO notes (id, code) VALUES (3, 'xsh1tx')$$);
INSERT INTO notes (id, code) VALUES (3, 'class'), (4, 'assess'), (5, 'analytics');
SELECT refusal($$UPDATE notes SET code = 'login' WHERE id = 3$$);
SELECT refusal($$UPDATE notes SET code = '-' WHERE id = 3$$);
UPDATE notes SET code = NULL WHERE id = 3;
SELECT refusal($$INSERT INTO notes (id, code) VALUES (6, 'assess')$$);
SELECT steward.assign_codes('notes', 'code', prefix => 'n_');
SELECT refusal($$INSERT INTO notes (id, code) VALUES (6, 'winter')$$);
SELECT refusal($$INSERT INTO notes (id, code) VALUES (6, 'n_')$$);
SELECT refusal($$INSERT INTO notes (id, code) VALUES (6, 'n_win-ter')$$);
SELECT refusal($$SELECT steward.assign_codes('notes', 'code', series => 'secret')$$);

-- The index goes: no code without it.
ALTER TABLE notes DROP CONSTRAINT notes_code_key;
SELECT refusal($$INSERT INTO notes (id) VALUES (7)$$);
-- The column goes only when one says so, and takes its codes along.
SELECT refusal($$ALTER TABLE notes DROP COLUMN code$$);
ALTER TABLE notes DROP COLUMN code CASCADE;
INSERT INTO notes (id) VALUES (7);
SELECT count(*) AS triggers FROM pg_trigger WHERE tgrelid = 'notes'::regclass;

-- Full: every code of one character is taken.
CREATE TABLE full_up (code text UNIQUE);
INSERT INTO full_up SELECT steward.base62_encode(i) FROM generate_series(0, 61) i;
SELECT steward.assign_codes('full_up', 'code', 1, max_length => 1);
SELECT refusal($$INSERT INTO full_up DEFAULT VALUES$$);
SELECT steward.assign_codes('full_up', 'code', max_length => 2);
SELECT refusal($$INSERT INTO full_up DEFAULT VALUES$$);
-- A column cannot be made too narrow behind the codes' back.
CREATE TABLE narrow (code varchar(8) UNIQUE);
SELECT steward.assign_codes('narrow', 'code', 8);
SELECT refusal($$ALTER TABLE narrow ALTER code TYPE varchar(3)$$);
-- Nor can a trigger made by hand bring codes that do not fit.
CREATE TABLE by_hand (code varchar(3) UNIQUE);
CREATE TRIGGER by_hand BEFORE INSERT OR UPDATE OF code ON by_hand FOR EACH ROW EXECUTE FUNCTION steward.assign_code('length=2', 'max_length=4');
SELECT refusal($$INSERT INTO by_hand DEFAULT VALUES$$);
CREATE OR REPLACE TRIGGER by_hand BEFORE INSERT OR UPDATE OF code ON by_hand FOR EACH ROW EXECUTE FUNCTION steward.assign_code('length=2', 'max_length=4', 'prefix=far too long');
SELECT refusal($$INSERT INTO by_hand DEFAULT VALUES$$);
RESET ROLE;
SELECT steward.grant_access('regress_steward_owner', 'app');
CREATE OR REPLACE TRIGGER by_hand BEFORE INSERT OR UPDATE OF code ON by_hand FOR EACH ROW EXECUTE FUNCTION steward.assign_code('series=secret');
SELECT refusal($$INSERT INTO by_hand DEFAULT VALUES$$);
SELECT steward.revoke_access('regress_steward_owner', 'app');
-- A transaction that may not write.
BEGIN READ ONLY;
SELECT refusal($$SELECT steward.assign_codes('narrow', 'code')$$);
SELECT refusal($$SELECT steward.unassign_codes('narrow', 'code')$$);
COMMIT;
-- Every row of a nest waits for the one inside: no code is left for the innermost.
CREATE TABLE nest (code text UNIQUE);
SELECT steward.assign_codes('nest', 'code', 1, max_length => 1);
CREATE FUNCTION nested() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 64 THEN INSERT INTO nest DEFAULT VALUES; END IF;
  RETURN new;
END $$;
CREATE TRIGGER zz_nested BEFORE INSERT ON nest FOR EACH ROW EXECUTE FUNCTION nested();
SELECT refusal($$INSERT INTO nest DEFAULT VALUES$$);
DROP TABLE nest;
DROP FUNCTION nested();
\pset tuples_only off
\pset format aligned
DROP OWNED BY regress_steward_owner;
DROP ROLE regress_steward_owner, regress_steward_other;
SELECT steward.drop_series('secret');
