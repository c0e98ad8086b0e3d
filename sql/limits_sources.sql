-- What one subject may have: override, column, tier; expiry and fallback; extras; the period.
SET steward.now = '2025-06-15 12:00 UTC';
SET timezone = 'UTC';
SET datestyle = 'ISO';
SELECT steward.define_tier('small', 1), steward.define_tier('large', 2), steward.define_tier('empty', 0);
CREATE TABLE accounts (id int PRIMARY KEY, tier text, runs_out timestamptz, zone text, billed_from timestamptz, max_exports smallint);
INSERT INTO accounts VALUES
  (1, 'large', NULL, 'Asia/Tokyo', NULL, NULL), (2, 'large', '2025-06-15 12:00 UTC', NULL, NULL, 7), (3, 'large', '2025-06-15 12:00:00.000001 UTC', NULL, NULL, 7),
  (4, NULL, NULL, NULL, NULL, NULL), (5, 'empty', 'infinity', NULL, NULL, NULL), (6, 'small', NULL, NULL, '2025-01-31 10:00 UTC', 0), (7, 'large', NULL, 'Mars/Olympus', NULL, NULL);
SELECT steward.bind_subjects('accounts', 'tier', expires_col => 'runs_out', zone_col => 'zone', anchor_col => 'billed_from');
SELECT steward.define_meter('exports', 'accounts', 'metered', 'month', max_col => 'max_exports'), steward.define_meter('requests', 'accounts', 'metered', 'anchored'),
       steward.define_meter('desks', 'accounts', 'standing', max_col => 'max_exports', max_unit => 1000);
SELECT steward.set_limit('small', 'exports', 10), steward.set_limit('large', 'exports', 100), steward.set_limit('large', 'desks', NULL), steward.set_limit('small', 'requests', 5);
CREATE VIEW allowances AS
  SELECT a.id, u.meter, u.tier, u.max, u.extra, u.source, u.period_start, u.resets_at FROM accounts a, steward.usage(a.id, 'accounts') u WHERE a.id < 7;
SELECT * FROM allowances ORDER BY id, meter;
-- A fallback holds once the subscription has run out; the column does not.
SELECT steward.bind_subjects('accounts', fallback => 'small');
SELECT * FROM allowances WHERE id = 2 ORDER BY meter;
-- Overrides come first, until their time has passed.
SELECT steward.override_limit(1, 'exports', 56, '2025-06-15 12:00 UTC'), steward.override_limit(2, 'exports', 55), steward.override_limit(3, 'exports', NULL, '2025-06-15 12:00:00.000001 UTC'),
       steward.override_limit(4, 'requests', 0);
SELECT * FROM allowances WHERE source = 'override' OR id = 1 ORDER BY id, meter;
-- But not before an expiry that nothing follows.
SELECT steward.bind_subjects('accounts', fallback => '');
SELECT * FROM allowances WHERE id = 2 ORDER BY meter;
-- Extras: only those whose time has not passed.
SELECT steward.grant_extra(1, 'exports', 1) > 0, steward.grant_extra(1, 'exports', 20, '2025-07-01 UTC') > 0, steward.grant_extra(1, 'exports', 300, '2025-06-20 UTC') > 0, steward.grant_extra(1, 'exports', 4000, 'infinity') > 0;
SELECT * FROM allowances WHERE extra > 0;
SET steward.now = '2025-06-20 00:00 UTC';
SELECT * FROM allowances WHERE extra > 0;
SET steward.now = '2025-07-01 00:00 UTC';
SELECT * FROM allowances WHERE extra > 0;
-- What the transaction itself has changed counts at once, and no longer when it is rolled back.
BEGIN;
SELECT steward.set_limit('small', 'exports', 11), steward.define_meter('requests', NULL, NULL, 'year'), steward.bind_subjects('accounts', zone_col => ''), steward.drop_override(4, 'requests');
UPDATE accounts SET tier = 'small', max_exports = NULL WHERE id IN (1, 6);
SELECT * FROM allowances WHERE id IN (1, 4, 6) ORDER BY id, meter;
ROLLBACK;
SELECT * FROM allowances WHERE id IN (1, 4, 6) ORDER BY id, meter;
-- Row level security hides nothing from the decision, and a renamed table and its renamed columns are followed.
CREATE ROLE regress_steward_owner;
GRANT CREATE ON SCHEMA public TO regress_steward_owner;
ALTER TABLE accounts OWNER TO regress_steward_owner;
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts RENAME tier TO plan;
ALTER TABLE accounts RENAME zone TO place;
ALTER TABLE accounts RENAME TO customers;
SELECT * FROM allowances WHERE id = 1 ORDER BY meter;
-- What cannot be decided.
INSERT INTO customers VALUES (8, 'large', NULL, NULL, NULL, -1), (9, 'large', NULL, NULL, NULL, 32767);
SELECT steward.define_meter('octets', 'customers', 'standing', max_col => 'max_exports', max_unit => 281492157628480);
\pset tuples_only on
\pset format unaligned
SELECT refusal($$SELECT * FROM steward.usage(404, 'customers')$$);
SELECT refusal($$SELECT * FROM steward.usage(7, 'customers')$$);
SELECT refusal($$SELECT * FROM steward.usage(8, 'customers')$$);
SELECT refusal($$SELECT * FROM steward.usage(9, 'customers')$$);
BEGIN;
SELECT steward.consume(6, 'requests');
SELECT refusal($$SELECT steward.define_meter('requests', NULL, NULL, 'year')$$);
ROLLBACK;
ALTER TABLE customers RENAME max_exports TO most;
SELECT refusal($$SELECT * FROM steward.usage(1, 'customers')$$);
ALTER TABLE customers RENAME most TO max_exports;
ALTER TABLE customers DROP CONSTRAINT accounts_pkey;
INSERT INTO customers (id) VALUES (6);
SELECT refusal($$SELECT * FROM steward.usage(6, 'customers')$$);
\pset tuples_only off
\pset format aligned
SELECT steward.drop_meter(m) FROM unnest('{exports,requests,desks,octets}'::text[]) m;
SELECT steward.unbind_subjects('customers'), steward.drop_tier('small'), steward.drop_tier('large'), steward.drop_tier('empty');
DROP VIEW allowances;
DROP TABLE customers;
DROP OWNED BY regress_steward_owner;
DROP ROLE regress_steward_owner;
RESET steward.now;
