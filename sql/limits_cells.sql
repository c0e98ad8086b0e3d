-- Cells: those of periods that have ended go, those that are wrong are found. In mode row, where they say nothing, rows of accounts go likewise.
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE TABLE lodges (id bigint PRIMARY KEY, tier text NOT NULL DEFAULT 'lodge');
INSERT INTO lodges VALUES (2), (3);
SELECT steward.define_tier('lodge', 0), steward.bind_subjects('lodges', 'tier'), steward.define_meter('nights', 'lodges', 'metered', 'month'),
  steward.define_meter('minutes', 'lodges', 'metered', 'hour'), steward.define_meter('cats', 'lodges', 'standing'),
  steward.set_limit('lodge', 'nights', 2), steward.set_limit('lodge', 'minutes', 100), steward.set_limit('lodge', 'cats', 10) \g /dev/null
CREATE VIEW cells AS SELECT m.meter, count(*) AS cells, sum(used) AS used FROM steward._limit_cells c JOIN steward._meters m ON m.id = c.meter WHERE c.subject = '3' AND m.subjects = 'lodges'::regclass GROUP BY 1;

-- What was used stays when the cell goes, that of an extra with the extra.
SET steward.now = '2026-01-10 12:00+00';
SELECT steward.grant_extra(3, 'nights', 5, until => '2026-02-01') AS bought, steward.grant_extra(3, 'nights', 5) AS given \gset
SELECT steward.consume(3, 'nights', 8), steward.consume(3, 'minutes'), steward.consume(3, 'cats', 6) \g /dev/null
CALL steward.fold_limits();
SELECT * FROM cells ORDER BY 1;
SET steward.now = '2026-02-05 12:00+00';
SELECT steward.consume(3, 'nights') \g /dev/null
CALL steward.fold_limits();
SELECT * FROM cells ORDER BY 1;
SET steward.now = '2026-03-05 12:00+00';
SELECT steward.consume(3, 'nights'), steward.revoke_extra(:given) \g /dev/null
CALL steward.fold_limits();
SELECT * FROM cells ORDER BY 1;
SELECT month, used FROM steward.usage_by_month WHERE rel = 'lodges'::regclass AND meter = 'nights' ORDER BY 1;
SET steward.now = '2026-01-20 12:00+00';
SELECT used, max, remaining FROM steward.usage(3, 'lodges') WHERE meter = 'nights';
SELECT steward.try_consume(3, 'nights'), steward.try_consume(3, 'nights');

-- A cell that says something else than the rows, or holds what nobody holds, is found and put right; not by who holds something himself.
SET session_replication_role = replica;
UPDATE steward._limit_cells c SET used = c.used + 1, held = 1 FROM steward._meters m WHERE m.id = c.meter AND m.meter = 'cats' AND c.subject = '3';
RESET session_replication_role;
SELECT used, held FROM steward.usage(3, 'lodges') WHERE meter = 'cats';
SELECT * FROM steward.verify_limits() WHERE rel = 'lodges'::regclass;
BEGIN;
SELECT steward.consume(2, 'cats') \g /dev/null
SELECT * FROM steward.verify_limits() WHERE rel = 'lodges'::regclass;
COMMIT;
SELECT count(*) AS locks FROM pg_locks WHERE pid = pg_backend_pid() AND mode = 'ShareRowExclusiveLock';
SELECT steward.repair_limits();
SELECT used, held FROM steward.usage(3, 'lodges') WHERE meter = 'cats';
SELECT * FROM steward.verify_limits() WHERE rel = 'lodges'::regclass;

-- Mode row: no cell is asked, and rows of accounts go with their periods.
SELECT steward.set_cell_mode('row');
SET session_replication_role = replica;
UPDATE steward._limit_cells SET held = 1 WHERE subject = '3';
RESET session_replication_role;
SELECT * FROM steward.verify_limits() WHERE rel = 'lodges'::regclass;
CREATE VIEW accounts AS SELECT m.meter, count(*) AS accounts FROM steward._limit_accounts a JOIN steward._meters m ON m.id = a.meter WHERE m.subjects = 'lodges'::regclass GROUP BY 1;
SET steward.now = '2026-04-05 12:00+00';
SELECT steward.consume(3, 'nights'), steward.consume(3, 'minutes'), steward.consume(3, 'cats') \g /dev/null
CALL steward.fold_limits();
SELECT * FROM accounts ORDER BY 1;
SET steward.now = '2026-07-05 12:00+00';
SELECT steward.consume(2, 'nights') \g /dev/null
CALL steward.fold_limits();
SELECT * FROM accounts ORDER BY 1;
SELECT steward.set_cell_mode('inplace');
SELECT meter, used, held FROM steward.usage(3, 'lodges') ORDER BY 1;
SELECT * FROM steward.verify_limits() WHERE rel = 'lodges'::regclass;

SELECT steward.drop_meter('nights'), steward.drop_meter('minutes'), steward.drop_meter('cats'), steward.unbind_subjects('lodges'), steward.drop_tier('lodge') \g /dev/null
DROP VIEW cells, accounts;
DROP TABLE lodges;
RESET steward.now;
RESET timezone;
