-- Consuming, giving back, and what an application is told.
SET client_min_messages = warning;
CREATE TABLE users (id bigint PRIMARY KEY, tier text NOT NULL DEFAULT 'free', expires timestamptz, zone text);
INSERT INTO users VALUES (1, 'free'), (2, 'pro'), (3, 'team'), (4, 'gone');
SELECT steward.define_tier('free', 0), steward.define_tier('pro', 1), steward.define_tier('team', 2), steward.define_tier('gone', 3);
SELECT steward.bind_subjects('users', tier_col => 'tier', expires_col => 'expires', zone_col => 'zone');
SELECT steward.define_meter('messages', 'users', 'metered', 'month'), steward.define_meter('datasets', 'users', 'standing'),
  steward.define_meter('reports', 'users', 'metered', 'day');
SELECT steward.set_limit('free', 'messages', 5), steward.set_limit('pro', 'messages', 50), steward.set_limit('team', 'messages', NULL),
  steward.set_limit('free', 'datasets', 2), steward.set_limit('pro', 'datasets', NULL),
  steward.set_limit('free', 'reports', 0), steward.set_limit('pro', 'reports', 3);
SET steward.now = '2026-01-31 23:30+00';
\pset null NULL

-- What remains; up to the limit and no further.
SELECT steward.consume(1, 'messages'), steward.consume(1, 'messages', 3);
SELECT steward.consume(1, 'messages', 2);
SELECT steward.try_consume(1, 'messages', 2), steward.try_consume(1, 'messages'), steward.try_consume(1, 'messages');
SELECT steward.check_limit(1, 'messages'), steward.check_limit(2, 'messages', 50), steward.check_limit(2, 'messages', 51);
SELECT steward.consume(3, 'messages', 1000000) AS unlimited;
SELECT meter, kind, tier, used, held, max, remaining, extra, period_start, resets_at, source FROM steward.usage(1) ORDER BY meter;
SELECT meter, used, max, remaining FROM steward.usage('3') ORDER BY meter;

-- The next month begins at midnight of the subject's zone.
SET steward.now = '2026-02-01 00:00+00';
SELECT steward.consume(1, 'messages');
UPDATE users SET zone = 'America/New_York' WHERE id = 1;
SELECT used, max, period_start, resets_at FROM steward.usage(1) WHERE meter = 'messages';
UPDATE users SET zone = NULL WHERE id = 1;
SELECT * FROM steward.usage_by_month ORDER BY subject, month;

-- A tier change counts at once; so does one in this transaction.
BEGIN;
UPDATE users SET tier = 'pro' WHERE id = 1;
SELECT steward.consume(1, 'messages', 10);
ROLLBACK;
SELECT used, max FROM steward.usage(1) WHERE meter = 'messages';

-- Rolled back, wholly or in part, is not used.
BEGIN;
SELECT steward.consume(1, 'messages');
SAVEPOINT a;
SELECT steward.consume(1, 'messages', 3);
SELECT used, remaining FROM steward.usage(1) WHERE meter = 'messages';
ROLLBACK TO a;
SELECT used, remaining FROM steward.usage(1) WHERE meter = 'messages';
SAVEPOINT b;
SELECT steward.consume(1, 'messages');
RELEASE b;
COMMIT;
SELECT used, held, remaining FROM steward.usage(1) WHERE meter = 'messages';
DO $$
BEGIN
  BEGIN
    PERFORM steward.consume(1, 'messages', 2);
    PERFORM steward.consume(1, 'messages');
  EXCEPTION WHEN SQLSTATE 'QL001' THEN NULL;
  END;
END $$;
SELECT used, held, remaining FROM steward.usage(1) WHERE meter = 'messages';
SELECT used, held, giving FROM steward._limit_cells WHERE subject = '1' AND account = extract(epoch FROM timestamptz '2026-02-01 00:00+00' - timestamptz '2000-01-01 00:00+00') * 1000000;

-- What there is: given back when it goes, and never below 0.
SELECT steward.consume(1, 'datasets'), steward.consume(1, 'datasets');
SELECT steward.consume(1, 'datasets');
SELECT steward.release(1, 'datasets');
SELECT steward.consume(1, 'datasets');
BEGIN;
SELECT steward.release(1, 'datasets', 5);
SELECT steward.consume(1, 'datasets', 2) AS own_room;
SELECT steward.try_consume(1, 'datasets') AS no_more;
ROLLBACK;
SELECT used, remaining FROM steward.usage(1) WHERE meter = 'datasets';
SELECT steward.release(1, 'datasets', 100);
SELECT used, remaining FROM steward.usage(1) WHERE meter = 'datasets';
BEGIN;
SELECT steward.consume(1, 'datasets');
SELECT steward.release(1, 'datasets');
SELECT used, remaining FROM steward.usage(1) WHERE meter = 'datasets';
COMMIT;
SELECT used, held, remaining FROM steward.usage(1) WHERE meter = 'datasets';
SELECT sum(n) FROM steward._ledger WHERE subject = '1' AND month IS NULL;

-- Extras are drawn on after the allowance, soonest expiry first; one override before everything.
SELECT steward.grant_extra(1, 'messages', 4, until => '2026-03-01', reason => 'goodwill') > 0 AS granted;
SELECT steward.grant_extra(1, 'messages', 3) > 0 AS granted;
SELECT used, max, remaining, extra FROM steward.usage(1) WHERE meter = 'messages';
SELECT steward.consume(1, 'messages', 5);
SELECT used, max, remaining, extra FROM steward.usage(1) WHERE meter = 'messages';
SET steward.now = '2026-03-02 00:00+00';
SELECT used, max, remaining, extra FROM steward.usage(1) WHERE meter = 'messages';
SELECT steward.override_limit(1, 'messages', 100, until => '2026-04-01');
SELECT max, source FROM steward.usage(1) WHERE meter = 'messages';
SET steward.now = '2026-04-02 00:00+00';
SELECT max, source FROM steward.usage(1) WHERE meter = 'messages';

-- All or nothing.
SELECT steward.consume_all(2, ARRAY['messages', 'reports'], ARRAY[1, 3]);
SELECT steward.consume_all(2, ARRAY['messages', 'reports'], ARRAY[1, 1]);
SELECT steward.consume_all(1, ARRAY['messages', 'reports', 'datasets'], ARRAY[100, 1, 3]);
SELECT meter, used, held FROM steward.usage(2) ORDER BY meter;

-- Once for a key.
SELECT steward.consume(2, 'messages', 2, 'order-1'), steward.consume(2, 'messages', 2, 'order-1');
SELECT steward.consume(2, 'messages', 3, 'order-1');
SELECT steward.try_consume(2, 'reports', 1, 'order-2'), steward.try_consume(2, 'reports', 1, 'order-2');
SELECT used FROM steward.usage(2) WHERE meter = 'messages';

-- Not in this tier, no limit, run out.
SELECT steward.consume(1, 'reports');
SELECT steward.consume(4, 'messages');
SELECT steward.try_consume(4, 'messages');
UPDATE users SET expires = '2026-04-01' WHERE id = 2;
SELECT steward.consume(2, 'messages');
SELECT meter, tier, max, remaining, source FROM steward.usage(2) ORDER BY meter;

-- The fold changes no verdict, nor does a cache that has been emptied.
CALL steward.fold_limits();
SELECT count(*) FROM steward._ledger;
TRUNCATE steward._limit_cells;
SELECT subject, meter, month, used FROM steward.usage_by_month ORDER BY 1, 2, 3;
SET steward.now = '2026-02-02 00:00+00';
SELECT used, max, remaining, extra FROM steward.usage(1) WHERE meter = 'messages';
SELECT steward.try_consume(1, 'messages', 3), steward.try_consume(1, 'messages', 2);
SELECT subject, meter, denied FROM steward.limit_denials ORDER BY 1, 2;
SELECT * FROM steward.what_if(1, 'pro') ORDER BY meter;

-- Why, and what would help: what it says is tried.
SET steward.now = '2026-06-01 00:00+00';
SELECT * FROM steward.explain_limit(3, 'messages', 7);
SELECT regexp_replace(line, 'Extra \d+', 'Extra N') AS line FROM steward.explain_limit(1, 'messages', 20) line;
SELECT * FROM steward.explain_limit(1, 'reports');
SELECT * FROM steward.explain_limit(2, 'messages');
SELECT * FROM steward.explain_limit(4, 'messages', 2);
CREATE FUNCTION helps(subject bigint, meter text, n bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; tried text := 'allowed before';
BEGIN
  IF steward.check_limit(subject, meter, n) THEN RETURN tried; END IF;
  SELECT substring(l FROM 'after: (.*);') INTO line FROM steward.explain_limit(subject, meter, n) l WHERE l LIKE 'Would be%';
  EXECUTE line;
  BEGIN
    PERFORM steward.consume(subject, meter, n);
    tried := 'allowed after';
  EXCEPTION WHEN OTHERS THEN tried := 'denied after ' || line || ': ' || sqlerrm;
  END;
  RETURN tried || CASE WHEN steward.try_consume(subject, meter) THEN ', and more' ELSE ', and no more' END;
END $$;
BEGIN;
SELECT helps(3, 'messages', 7);
SELECT helps(1, 'messages', 20);
SELECT helps(1, 'reports', 1);
SELECT helps(2, 'messages', 1);
SELECT helps(1, 'datasets', 9);
ROLLBACK;

-- Wrong input.
SELECT steward.consume(1, 'messages', 0);
SELECT steward.consume(1, 'messages', -1);
SELECT steward.consume(1, 'nothing');
SELECT steward.consume(99, 'messages');
SELECT steward.consume('x', 'messages');
SELECT steward.consume(NULL::bigint, 'messages');
SELECT steward.consume(1, NULL);
SELECT steward.consume(1, 'messages', NULL);
SELECT steward.consume(3, 'messages', 9223372036854775807);
SELECT steward.consume_all(1, ARRAY['messages'], ARRAY[1, 2]);
SELECT steward.consume_all(1, ARRAY['messages', NULL], ARRAY[1, 2]);
SELECT steward.consume(1, 'messages', 1, '');
SELECT * FROM steward.what_if(1, 'nowhere');
SELECT * FROM steward.usage(99);
BEGIN READ ONLY;
SELECT steward.consume(1, 'messages');
ROLLBACK;
DELETE FROM steward._limit_cells;

SELECT steward.drop_meter('messages'), steward.drop_meter('datasets'), steward.drop_meter('reports'), steward.unbind_subjects('users'),
  steward.drop_tier('free'), steward.drop_tier('pro'), steward.drop_tier('team'), steward.drop_tier('gone') \g /dev/null
DROP TABLE users;
DROP FUNCTION helps;
RESET steward.now;
