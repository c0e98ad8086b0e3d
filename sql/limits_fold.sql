-- What fold_limits() removes, and what it leaves.
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE TABLE lodges (id bigint PRIMARY KEY, tier text NOT NULL DEFAULT 'lodge') PARTITION BY RANGE (id);
CREATE TABLE lodges_1 PARTITION OF lodges FOR VALUES FROM (1) TO (100);
CREATE TABLE lodges_2 PARTITION OF lodges FOR VALUES FROM (100) TO (200);
CREATE TABLE beds (lodge bigint);
INSERT INTO lodges SELECT i FROM unnest('{1,2,3,101,102}'::int[]) i;
SELECT steward.define_tier('lodge', 0), steward.bind_subjects('lodges', 'tier'), steward.define_meter('nights', 'lodges', 'metered', 'month'),
  steward.define_meter('minutes', 'lodges', 'metered', 'hour'), steward.define_meter('beds', 'lodges', 'standing'), steward.define_meter('cats', 'lodges', 'standing'),
  steward.set_limit('lodge', 'nights', 2), steward.set_limit('lodge', 'minutes', 100), steward.set_limit('lodge', 'beds', 10), steward.set_limit('lodge', 'cats', 10),
  steward.limit_rows('beds', 'lodge', 'beds') \g /dev/null
CREATE VIEW kept AS
  SELECT k.what, m.meter, k.subject, k.n FROM (
    SELECT 'ledger', meter, subject, n FROM steward._ledger
    UNION ALL SELECT 'usage', meter, subject, used FROM steward._usage UNION ALL SELECT 'override', meter, subject, max FROM steward._overrides
    UNION ALL SELECT 'extra', meter, subject, amount FROM steward._extras UNION ALL SELECT 'denials', meter, subject, denied FROM steward._denials) k (what, id, subject, n)
  JOIN steward._meters m USING (id) WHERE m.subjects = 'lodges'::regclass;

-- Subjects that go by a DROP of their partition, of which no trigger is told. Beds that are still there count on, for whoever has that key.
SET steward.now = '2026-01-10 12:00+00';
SELECT steward.consume(id, 'nights'), steward.consume(id, 'cats', 3), steward.override_limit(id, 'cats', 8), steward.grant_extra(id, 'cats', 1),
  steward.try_consume(id, 'nights', 4), steward.consume(id, 'minutes', 1, 'key') FROM lodges \g /dev/null
INSERT INTO beds SELECT id FROM lodges;
CALL steward.fold_limits();
SELECT steward.consume(id, 'cats', 3) FROM lodges \g /dev/null
DELETE FROM lodges WHERE id = 2;
DROP TABLE lodges_2;
SELECT subject, string_agg(format('%s %s %s', what, meter, n), ', ' ORDER BY what, meter, n) FROM kept GROUP BY subject ORDER BY 1;
CALL steward.fold_limits();
SELECT subject, string_agg(format('%s %s %s', what, meter, n), ', ' ORDER BY what, meter, n) FROM kept GROUP BY subject ORDER BY 1;
SELECT subject FROM steward._limit_keys WHERE subjects = 'lodges'::regclass ORDER BY 1;
INSERT INTO lodges VALUES (2);
SELECT meter, used, max, extra FROM steward.usage(2, 'lodges') ORDER BY 1;
-- Row level security hides nothing from the fold, and a deleted subject takes its denials along.
CREATE ROLE regress_steward_host;
ALTER TABLE lodges ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, OWNER TO regress_steward_host;
CALL steward.fold_limits();
SELECT count(*) FROM kept WHERE subject = '1';
ALTER TABLE lodges NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY, OWNER TO current_user;
DROP ROLE regress_steward_host;
DELETE FROM lodges WHERE id = 1;
SELECT what, meter, n FROM kept WHERE subject = '1';

-- What there is no more leaves no row; what was used and given back is told of.
SELECT steward.release(3, 'cats', 6), steward.release(3, 'minutes');
DELETE FROM beds WHERE lodge = 3;
CALL steward.fold_limits();
SELECT what, meter, n FROM kept WHERE subject = '3' AND what IN ('usage', 'ledger') AND meter <> 'nights' ORDER BY 1, 2;
SELECT month, meter, used FROM steward.usage_by_month WHERE rel = 'lodges'::regclass AND subject = '3' AND meter = 'minutes' ORDER BY 1;
SELECT * FROM steward.verify_limits() WHERE rel = 'lodges'::regclass;

SELECT steward.unlimit_rows('beds', 'beds'), steward.drop_meter('nights'), steward.drop_meter('minutes'), steward.drop_meter('beds'), steward.drop_meter('cats'),
  steward.unbind_subjects('lodges'), steward.drop_tier('lodge') \g /dev/null
DROP VIEW kept;
DROP TABLE beds, lodges;
RESET steward.now;
RESET timezone;
