-- Cell mode row for limits: what was used goes from one mode to the other, and what only this mode does.
SET client_min_messages = warning;
\pset null NULL
CREATE TABLE hosts (id bigint PRIMARY KEY, tier text NOT NULL DEFAULT 'hosted');
INSERT INTO hosts VALUES (1), (2), (3);
CREATE TABLE guests (id int PRIMARY KEY, host bigint REFERENCES hosts ON DELETE CASCADE ON UPDATE CASCADE, bags int NOT NULL DEFAULT 1);
SELECT steward.define_tier('hosted', 0), steward.bind_subjects('hosts', tier_col => 'tier'),
  steward.define_meter('nights', 'hosts', 'metered', 'year'), steward.define_meter('keys', 'hosts', 'standing'),
  steward.define_meter('guests', 'hosts', 'standing'), steward.define_meter('bags', 'hosts', 'standing'),
  steward.set_limit('hosted', 'nights', 5), steward.set_limit('hosted', 'keys', 3), steward.set_limit('hosted', 'guests', 3),
  steward.set_limit('hosted', 'bags', 10) \g /dev/null
SELECT steward.limit_rows('guests', 'host', 'guests'), steward.limit_rows('guests', 'host', 'bags', measure_col => 'bags') \g /dev/null
CREATE VIEW hosted AS SELECT h.id, u.meter, u.used, u.held, u.remaining, u.extra FROM hosts h, LATERAL steward.usage(h.id, 'hosts') u WHERE u.used <> 0 OR u.extra <> 0;
SET steward.now = '2026-11-30 23:59+00';
SELECT steward.consume(1, 'nights', 2), steward.consume(1, 'keys'), steward.try_consume(1, 'keys', 3);
INSERT INTO guests VALUES (1, 1, 4);

-- To rows: nothing is lost, folded or not.
CALL steward.fold_limits();
SELECT steward.consume(1, 'nights');
SELECT steward.set_cell_mode('row');
SELECT * FROM hosted ORDER BY 1, 2;
SET steward.now = '2026-12-01 00:00+00';
SELECT steward.consume(1, 'nights'), steward.consume(1, 'nights');
SELECT steward.consume(1, 'nights');
SELECT steward.check_limit(1, 'keys', 2), steward.check_limit(1, 'keys', 3), steward.try_consume(1, 'keys', 3);
SELECT subject, meter, month, used FROM steward.usage_by_month WHERE rel = 'hosts'::regclass ORDER BY 1, 2, 3;
CALL steward.fold_limits();
SELECT subject, meter, month, used FROM steward.usage_by_month WHERE rel = 'hosts'::regclass ORDER BY 1, 2, 3;
SELECT subject, meter, denied FROM steward.limit_denials WHERE rel = 'hosts'::regclass ORDER BY 1, 2;
SELECT * FROM steward.explain_limit(1, 'nights');
SELECT * FROM steward.what_if(1, 'hosted', 'hosts') ORDER BY meter;

-- Extras after the allowance; once for a key; back with a rollback.
SELECT steward.grant_extra(1, 'nights', 2) > 0 AS granted;
SELECT steward.consume(1, 'nights', 1, 'k'), steward.consume(1, 'nights', 1, 'k');
BEGIN;
SELECT steward.consume_all(1, ARRAY['nights', 'keys'], ARRAY[1, 2]);
SELECT * FROM hosted WHERE id = 1 ORDER BY 1, 2;
ROLLBACK;
SELECT * FROM hosted WHERE id = 1 ORDER BY 1, 2;
SELECT steward.consume_all(1, ARRAY['nights', 'keys'], ARRAY[2, 3]);

-- Savepoints, also where the account is had anew after one.
BEGIN;
SAVEPOINT a;
SELECT steward.consume(2, 'keys', 3);
ROLLBACK TO a;
SELECT steward.consume(2, 'keys', 2);
SAVEPOINT b;
SELECT steward.release(2, 'keys', 5);
SELECT steward.consume(2, 'keys', 3);
ROLLBACK TO b;
SELECT steward.try_consume(2, 'keys', 2), steward.try_consume(2, 'keys', 1);
COMMIT;
SELECT * FROM hosted WHERE id = 2;

-- Rows: within one statement, upserts, and a measure.
INSERT INTO guests SELECT n, 1 FROM generate_series(2, 4) n;
INSERT INTO guests SELECT n, 1 FROM generate_series(2, 3) n;
INSERT INTO guests VALUES (3, 1, 6), (9, 2, 1) ON CONFLICT (id) DO UPDATE SET bags = excluded.bags;
INSERT INTO guests VALUES (3, 1, 5) ON CONFLICT (id) DO UPDATE SET bags = excluded.bags;
UPDATE guests SET host = 2 WHERE id = 1;
SELECT * FROM hosted ORDER BY 1, 2;
SELECT * FROM steward.verify_limits();

-- What was written past the triggers is put right, also by a transaction that has used the limit, and has it still.
SET session_replication_role = replica;
DELETE FROM guests WHERE id = 3;
RESET session_replication_role;
SELECT * FROM steward.verify_limits() ORDER BY 2, 3;
BEGIN;
INSERT INTO guests VALUES (10, 1);
SELECT steward.repair_limits() > 0 AS repaired;
INSERT INTO guests VALUES (11, 1);
SAVEPOINT a;
INSERT INTO guests VALUES (12, 1);
ROLLBACK TO a;
SELECT * FROM steward.verify_limits();
COMMIT;
SELECT * FROM steward.verify_limits();
SELECT steward.repair_limits() AS repaired;
DELETE FROM guests WHERE id = 11;
TRUNCATE guests;
SELECT * FROM hosted ORDER BY 1, 2;

-- A key that changes takes along what was used before and in this transaction; a subject that goes takes all with it.
BEGIN;
SELECT steward.release(2, 'keys'), steward.consume(2, 'nights', 3);
UPDATE hosts SET id = 20 WHERE id = 2;
SELECT * FROM hosted WHERE id = 20 ORDER BY 1, 2;
SELECT steward.consume(20, 'nights', 2), steward.try_consume(20, 'keys', 2);
COMMIT;
SELECT * FROM hosted WHERE id = 20 ORDER BY 1, 2;
BEGIN;
SELECT steward.release(20, 'keys');
DELETE FROM hosts WHERE id = 20;
INSERT INTO hosts VALUES (20);
SELECT steward.consume(20, 'keys', 2);
SAVEPOINT a;
DELETE FROM hosts WHERE id = 20;
ROLLBACK TO a;
SELECT steward.try_consume(20, 'keys', 2), steward.try_consume(20, 'keys');
COMMIT;
SELECT * FROM hosted WHERE id = 20 ORDER BY 1, 2;

-- The mode stays as it is while this transaction has used something; what no longer has an effect does not count.
SELECT refusal($$SELECT steward.consume(3, 'nights'), steward.set_cell_mode('inplace')$$);
SELECT used FROM steward.usage(3, 'hosts') WHERE meter = 'nights';

-- And back: cells are made anew, denials stay.
SELECT steward.set_cell_mode('inplace');
SELECT count(*) FROM steward._limit_accounts;
SELECT * FROM hosted ORDER BY 1, 2;
SELECT steward.try_consume(1, 'keys', 3), steward.try_consume(1, 'keys', 2), steward.try_consume(1, 'nights', 2), steward.try_consume(1, 'nights');
SELECT subject, meter, denied FROM steward.limit_denials WHERE rel = 'hosts'::regclass ORDER BY 1, 2;
SELECT subject, meter, month, used FROM steward.usage_by_month WHERE rel = 'hosts'::regclass ORDER BY 1, 2, 3;
CALL steward.fold_limits();
SELECT * FROM hosted ORDER BY 1, 2;
SELECT * FROM steward.verify_limits();

SELECT steward.unlimit_rows('guests', 'guests'), steward.unlimit_rows('guests', 'bags') \g /dev/null
SELECT steward.drop_meter(m) FROM unnest('{nights,keys,guests,bags}'::text[]) m \g /dev/null
SELECT steward.unbind_subjects('hosts'), steward.drop_tier('hosted') \g /dev/null
DROP VIEW hosted;
DROP TABLE guests, hosts;
