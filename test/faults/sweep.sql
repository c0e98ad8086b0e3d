-- The sweep: the first, the second, the third … call out of C++ raises, until the statement gets to its end. After
-- each failure nothing may be left behind, and session and transaction go on.

CREATE FUNCTION fault_after(call_number int) RETURNS void LANGUAGE c STRICT AS 'steward', 'steward_fault_after';
CREATE FUNCTION fault_pending() RETURNS int LANGUAGE c STRICT AS 'steward', 'steward_fault_pending';
CREATE FUNCTION fault_forget_caches() RETURNS void LANGUAGE c STRICT AS 'steward', 'steward_fault_forget_caches';
CREATE FUNCTION fault_leftovers() RETURNS text LANGUAGE c STRICT AS 'steward', 'steward_fault_leftovers';

-- One row per statement that was run with a fault armed.
CREATE TABLE tries (
  mode text, id int, n int, sqlstate text, message text, pending int, leftovers text, answers boolean
);

-- Counted for good: see at_commit.sql.
CREATE TABLE counted (id int PRIMARY KEY, views bigint NOT NULL DEFAULT 0, seen_at timestamptz);
CREATE TABLE others (n int);
INSERT INTO counted SELECT i, 10 FROM generate_series(1, 3) i;
SELECT steward.create_counter('counted', 'views', '1 day', last_col => 'seen_at');
CREATE TABLE commits (what text, n int, sqlstate text, message text, pending int, leftovers text, moved bigint, meant bigint);

-- Whether the session still does what it should, words and series included.
CREATE FUNCTION answers() RETURNS boolean LANGUAGE sql AS $$
  SELECT steward.base62_encode(61) = 'z' AND steward.id_of(steward.code_of(7, 'links'), 'links') = 7
         AND length(steward.random_code(9)) = 9 AND steward.count_of('pages', 1, 'views') = 3 $$;

-- Inside exception blocks, each of which is a savepoint, all in one transaction. What succeeds is undone too, so that
-- every try starts from the same state.
CREATE PROCEDURE sweep_in_blocks(mode text, cold boolean) LANGUAGE plpgsql AS $$
DECLARE
  c calls;
  n int;
  state text;
  said text;
  pending int;
BEGIN
  FOR c IN SELECT * FROM calls ORDER BY calls.id LOOP
    n := 0;
    LOOP
      n := n + 1;
      IF cold THEN PERFORM fault_forget_caches(); END IF;
      BEGIN
        PERFORM fault_after(n);
        EXECUTE c.call;
        pending := fault_pending();
        RAISE EXCEPTION USING ERRCODE = 'TT000', MESSAGE = 'done';
      EXCEPTION WHEN OTHERS THEN
        state := SQLSTATE;
        said := SQLERRM;
        IF state = 'TT000' THEN state := '00000'; ELSE pending := fault_pending(); END IF;
      END;
      INSERT INTO tries SELECT mode, c.id, n, state, said, pending, fault_leftovers(), answers();
      EXIT WHEN pending > 0 OR n = 1000;
    END LOOP;
    COMMIT;
  END LOOP;
END $$;
CALL sweep_in_blocks('in blocks, cold', true);
CALL sweep_in_blocks('in blocks, warm', false);
