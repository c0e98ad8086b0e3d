-- limits: tiers and quotas that cannot be raced, by call or declared on a table

CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL, tier text NOT NULL DEFAULT 'free', max_seats int);
CREATE TABLE seats (id bigint GENERATED ALWAYS AS IDENTITY, customer bigint NOT NULL REFERENCES customers ON DELETE CASCADE, left_at timestamptz);
INSERT INTO customers VALUES (1, 'Ada', 'free', 2), (2, 'Grace', 'pro', NULL);

\echo
\echo '-- The table says who is in which tier. Tiers say how much of a meter there is: NULL is unlimited.'
SELECT steward.define_tier('free', 0), steward.define_tier('pro', 1) \g /dev/null
SELECT steward.bind_subjects('customers', tier_col => 'tier');
SELECT steward.define_meter('messages', 'customers', 'metered', 'month'), steward.define_meter('seats', 'customers', 'standing', max_col => 'max_seats') \g /dev/null
SELECT steward.set_limit('free', 'messages', 3), steward.set_limit('pro', 'messages', NULL), steward.set_limit('pro', 'seats', 50) \g /dev/null

\echo
\echo '-- By call. What a transaction that rolls back has used is there again.'
SELECT steward.consume(1, 'messages') AS remaining;
BEGIN;
SELECT steward.consume(1, 'messages', 2) AS remaining;
ROLLBACK;
SELECT steward.try_consume(1, 'messages', 2) AS allowed, steward.try_consume(1, 'messages') AS one_more;
SELECT steward.consume(1, 'messages');

\echo
\echo '-- Declared on a table: every INSERT, UPDATE and DELETE counts, and Ada has two seats by her own row.'
SELECT steward.limit_rows('seats', 'customer', 'seats', condition => 'left_at IS NULL');
INSERT INTO seats (customer) VALUES (1), (1);
INSERT INTO seats (customer) VALUES (1);
UPDATE seats SET left_at = now() WHERE id = 1;
INSERT INTO seats (customer) VALUES (1);

\echo
\echo '-- How she stands, why, and what would help.'
SELECT meter, tier, used, max, remaining, source FROM steward.usage(1);
SELECT steward.explain_limit(1, 'messages', 2);
SELECT steward.grant_extra(1, 'messages', 2, until => now() + interval '1 week', reason => 'goodwill') IS NOT NULL AS granted;
SELECT steward.consume(1, 'messages', 2) AS remaining;
SELECT * FROM steward.what_if(1, 'pro');
SELECT subject, meter, denied FROM steward.limit_denials ORDER BY meter;
SELECT count(*) AS differences FROM steward.verify_limits();
