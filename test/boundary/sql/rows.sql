-- A streaming set-returning function: every generator is destroyed, however its set ends.
SET search_path = boundary;
SELECT * FROM count_up(3);
SELECT * FROM count_up(0);
SELECT left_behind();

-- Stopped early: in the target list it streams, in FROM the server reads it to its end first.
SELECT count_up(1000000000) LIMIT 2;
SELECT left_behind();
SELECT * FROM count_up(1000) LIMIT 2;
SELECT left_behind();
SELECT EXISTS (SELECT count_up(1000000000));
SELECT left_behind();

-- A cursor that is closed half-way, and one that a rollback closes.
BEGIN;
DECLARE c CURSOR FOR SELECT count_up(1000000000);
FETCH 1 FROM c;
SELECT live();
CLOSE c;
SELECT live();
DECLARE c CURSOR FOR SELECT count_up(1000000000);
FETCH 1 FROM c;
ROLLBACK;
SELECT left_behind();

-- Fails in the middle.
SELECT * FROM count_up(5, 3);
SELECT count_up(5, 3);
SELECT left_behind();
SELECT n, (count_up(n, 3)).word FROM generate_series(1, 4) n;
SELECT left_behind();

-- Rescanned for each row on the other side, two sets at once, sets of different length side by side.
SELECT n, c.number, c.word FROM generate_series(1, 3) n, LATERAL count_up(n) c;
SELECT a.number, b.number FROM count_up(2) a LEFT JOIN LATERAL count_up(a.number) b ON true;
SELECT (count_up(1)).number, (count_up(3)).word;
SELECT left_behind();

-- Where no set is accepted.
SELECT 1 WHERE (count_up(1)).number = 1;
DO $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM boundary.count_up(1000) LOOP EXIT; END LOOP; END $$;
DO $$ DECLARE r record; BEGIN FOR r IN SELECT boundary.count_up(1000) LOOP RAISE EXCEPTION 'in the loop'; END LOOP; END $$;
SELECT left_behind();
