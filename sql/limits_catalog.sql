-- The catalogue of limits: what is made, what is changed, what is refused.
CREATE ROLE regress_steward_owner;
CREATE ROLE regress_steward_other;
GRANT CREATE ON SCHEMA public TO regress_steward_owner;
SET steward.now = '2025-06-15 12:00 UTC';

-- Tiers. The same call again changes nothing.
SELECT steward.define_tier('free', 1), steward.define_tier('pro', 2), steward.define_tier('team', 3);
SELECT steward.define_tier('free', 1), steward.define_tier('pro', 20), steward.define_tier('team', NULL);
SELECT * FROM steward._tiers ORDER BY rank;

-- A table whose rows are subjects, with every column that says something of them.
SET ROLE regress_steward_owner;
CREATE TYPE plan AS ENUM ('free', 'pro', 'team', 'retired');
CREATE TABLE organizations (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, slug varchar(40) UNIQUE NOT NULL, plan plan, runs_out timestamptz, zone text, billed_from timestamptz,
  max_users int, storage_gb bigint, note text);
SELECT steward.bind_subjects('organizations', 'plan', expires_col => 'runs_out', fallback => 'free', zone_col => 'zone', anchor_col => 'billed_from');
SELECT pg_get_triggerdef(oid) AS trigger, tgenabled FROM pg_trigger WHERE tgrelid = 'organizations'::regclass AND NOT tgisinternal ORDER BY tgname;
RESET ROLE;
SELECT * FROM steward._subjects;
-- The same call again changes nothing; another one changes what is not NULL; an empty name takes away.
SELECT array_agg(oid ORDER BY oid) AS before FROM pg_trigger WHERE tgrelid = 'organizations'::regclass \gset
SET ROLE regress_steward_owner;
SELECT steward.bind_subjects('organizations', 'plan', expires_col => 'runs_out', fallback => 'free', zone_col => 'zone', anchor_col => 'billed_from');
SELECT steward.bind_subjects('organizations');
SELECT steward.bind_subjects('organizations', fallback => 'pro');
RESET ROLE;
SELECT array_agg(oid ORDER BY oid) = :'before'::oid[] AS same_triggers FROM pg_trigger WHERE tgrelid = 'organizations'::regclass;
SELECT * FROM steward._subjects;
CREATE VIEW roles_of AS
  SELECT t.tgrelid::regclass AS rel, string_agg(a.attname || '=' || replace(r.role, '''', ''), ' ' ORDER BY r.n) AS roles, t.tgenabled FROM pg_trigger t,
    LATERAL regexp_split_to_table(substring(pg_get_triggerdef(t.oid), 'move_subjects\((.*)\)'), ', ') WITH ORDINALITY r (role, n),
    LATERAL (SELECT attname FROM pg_attribute WHERE attrelid = t.tgrelid AND attnum = t.tgattr[r.n - 1]) a
  WHERE t.tgname = 'steward_subjects_move' GROUP BY t.oid, t.tgrelid, t.tgenabled;
SELECT * FROM roles_of;
ALTER TABLE organizations DISABLE TRIGGER steward_subjects_move;
SELECT steward.bind_subjects('organizations', anchor_col => '', fallback => '');
SELECT * FROM roles_of;
ALTER TABLE organizations ENABLE ALWAYS TRIGGER steward_subjects_move;
SELECT steward.bind_subjects('organizations', anchor_col => 'billed_from', fallback => 'free');
-- Columns and table are followed when they are renamed; they neither change type nor go.
ALTER TABLE organizations RENAME plan TO tier;
ALTER TABLE organizations RENAME TO orgs;
SELECT * FROM roles_of;
\pset tuples_only on
\pset format unaligned
SELECT refusal($$ALTER TABLE orgs ALTER tier TYPE text$$);
SELECT refusal($$ALTER TABLE orgs DROP zone$$);
\pset tuples_only off
\pset format aligned

-- Meters.
SELECT steward.define_meter('reports', 'orgs', 'metered', 'month', 'reports');
SELECT steward.define_meter('users', 'orgs', 'standing', max_col => 'max_users');
SELECT steward.define_meter('storage', 'orgs', 'standing', unit => 'bytes', max_col => 'storage_gb', max_unit => 1073741824);
SELECT steward.define_meter('calls', 'orgs', 'metered', 'anchored');
SELECT meter, subjects, kind, period, unit, max_col, max_unit FROM steward._meters ORDER BY meter;
SELECT ctid AS before FROM steward._meters WHERE meter = 'storage' \gset
SELECT steward.define_meter('storage', 'orgs', 'standing', unit => 'bytes', max_col => 'storage_gb', max_unit => 1073741824);
SELECT steward.define_meter('storage', NULL, NULL);
SELECT ctid = :'before' AS unchanged FROM steward._meters WHERE meter = 'storage';
SELECT steward.define_meter('storage', 'orgs', 'standing', unit => 'B', max_unit => 1000000000);
SELECT steward.define_meter('reports', 'orgs', 'metered', 'day');
SELECT steward.define_meter('users', 'orgs', 'metered', 'week', max_col => '');
SELECT steward.define_meter('users', 'orgs', 'standing', max_col => 'max_users');
SELECT steward.define_meter('reports', 'orgs', NULL, 'month', unit => '');
SELECT meter, subjects, kind, period, unit, max_col, max_unit FROM steward._meters ORDER BY meter;

-- Limits.
SELECT steward.set_limit('free', 'reports', 10), steward.set_limit('pro', 'reports', 100), steward.set_limit('team', 'reports', NULL),
       steward.set_limit('free', 'users', 3), steward.set_limit('pro', 'users', 0), steward.set_limit('pro', 'calls', 1000);
SELECT ctid AS before FROM steward._limits WHERE tier = 'team' \gset
SELECT steward.set_limit('team', 'reports', NULL), steward.set_limit('free', 'reports', 5);
SELECT ctid = :'before' AS unchanged FROM steward._limits WHERE tier = 'team';
SELECT l.tier, m.meter, l.max FROM steward._limits l JOIN steward._meters m ON m.id = l.meter ORDER BY 1, 2;
SELECT steward.drop_limit('pro', 'calls');
SELECT l.tier, m.meter, l.max FROM steward._limits l JOIN steward._meters m ON m.id = l.meter WHERE m.meter = 'calls';

-- Overrides: another call changes what is not NULL, but nothing is left of one whose time has passed.
INSERT INTO orgs (slug, tier) VALUES ('one', 'pro'), ('two', 'free'), ('three', NULL);
SELECT steward.override_limit(1, 'reports', 500, '2025-07-01 UTC', 'promised'), steward.override_limit('2', 'reports', NULL);
CREATE VIEW overrides AS SELECT m.meter, o.subject, o.max, o.until AT TIME ZONE 'UTC' AS until, o.reason FROM steward._overrides o JOIN steward._meters m ON m.id = o.meter;
SELECT * FROM overrides ORDER BY 1, 2;
SELECT steward.override_limit(1, 'reports', 600);
SELECT steward.override_limit('02', 'reports', 7, reason => 'asked for');
SELECT * FROM overrides ORDER BY 1, 2;
SET steward.now = '2025-07-01 UTC';
SELECT steward.override_limit(1, 'reports', 700);
SELECT * FROM overrides ORDER BY 1, 2;
SET steward.now = '2025-06-15 12:00 UTC';
SELECT steward.drop_override(' 1 ', 'reports');
SELECT subject FROM overrides;

-- Extras.
SELECT steward.grant_extra(1, 'reports', 50) AS extra \gset
SELECT steward.grant_extra('1', 'reports', 20, '2025-06-20 UTC', 'a month''s top-up') - :extra AS next, steward.grant_extra(2, 'reports', 1, 'infinity') - :extra AS after;
SELECT e.id - :extra AS id, m.meter, subject, amount, until AT TIME ZONE 'UTC' AS until, reason FROM steward._extras e JOIN steward._meters m ON m.id = e.meter ORDER BY 1;
SELECT steward.revoke_extra(:extra + 2);
SELECT id - :extra AS id FROM steward._extras ORDER BY 1;

-- What is kept for a subject goes with its row, and follows its key. Here are rows as use would have left them.
INSERT INTO steward._ledger SELECT id, s, 0, nextval('steward._ledger_ids'), 1, NULL, NULL, now() FROM steward._meters, unnest('{1,2,3}'::text[]) s WHERE meter IN ('users', 'reports');
INSERT INTO steward._usage SELECT id, s, 0, '2025-05', 4, NULL, now(), now() FROM steward._meters, unnest('{1,2,3}'::text[]) s WHERE meter IN ('users', 'reports');
CREATE VIEW kept AS
  SELECT subject, string_agg(what || ' ' || meter, ', ' ORDER BY what, meter) AS kept FROM (
    SELECT 'ledger' AS what, meter, subject FROM steward._ledger UNION ALL SELECT 'usage', meter, subject FROM steward._usage
    UNION ALL SELECT 'override', meter, subject FROM steward._overrides UNION ALL SELECT 'extra', meter, subject FROM steward._extras) k (what, id, subject)
  JOIN steward._meters USING (id) GROUP BY subject;
SELECT * FROM kept ORDER BY subject;
ALTER TABLE orgs ALTER id DROP IDENTITY;
SET ROLE regress_steward_owner;
UPDATE orgs SET id = 11 WHERE id = 1;
UPDATE orgs SET tier = 'team', zone = 'Asia/Tokyo', note = 'no other key' WHERE id = 2;
RESET ROLE;
SELECT * FROM kept ORDER BY subject;
SET ROLE regress_steward_owner;
DELETE FROM orgs WHERE slug = 'two';
RESET ROLE;
SELECT * FROM kept ORDER BY subject;
-- A transaction that sees an older state, and a key onto which something was left behind.
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM orgs;
INSERT INTO steward._usage SELECT id, '3', 0, '2025-06', 4, NULL, now(), now() FROM steward._meters WHERE meter = 'reports';
INSERT INTO steward._usage SELECT id, '33', 0, '2025-06', 9, NULL, now(), now() FROM steward._meters WHERE meter = 'reports';
UPDATE orgs SET id = 33 WHERE id = 3;
SELECT subject, sum(used) FROM steward._usage GROUP BY subject ORDER BY subject;
ROLLBACK;
SELECT * FROM kept ORDER BY subject;
SET session_replication_role = replica;
DELETE FROM orgs WHERE id = 3;
RESET session_replication_role;
SELECT * FROM kept ORDER BY subject;
BEGIN;
TRUNCATE orgs;
SELECT * FROM kept ORDER BY subject;
ROLLBACK;
SELECT * FROM kept ORDER BY subject;

-- Meters that have been used keep their meaning.
SELECT steward.define_meter('reports', NULL, NULL, unit => 'reports'), steward.set_limit('free', 'reports', 6);
CREATE TABLE people (name text PRIMARY KEY);
SELECT steward.bind_subjects('people');
\pset tuples_only on
\pset format unaligned
SELECT refusal($$SELECT steward.define_meter('reports', 'orgs', 'metered', 'year')$$);
SELECT refusal($$SELECT steward.define_meter('reports', 'orgs', 'standing')$$);
SELECT refusal($$SELECT steward.define_meter('reports', 'people', 'metered')$$);
SELECT refusal($$SELECT steward.bind_subjects('orgs', key_col => 'slug')$$);
SELECT refusal($$SELECT steward.unbind_subjects('orgs')$$);
SELECT refusal($$SELECT steward.drop_tier('free')$$);
\pset tuples_only off
\pset format aligned
SELECT steward.drop_meter('reports');
SELECT * FROM kept ORDER BY subject;
SELECT count(*) AS limits FROM steward._limits WHERE meter NOT IN (SELECT id FROM steward._meters);
SELECT steward.define_meter('storage', 'people', NULL, max_col => '');
SELECT meter, subjects, max_col, max_unit FROM steward._meters ORDER BY meter;
SELECT steward.drop_tier('pro');
SELECT tier, count(*) FROM steward._limits GROUP BY tier ORDER BY tier;

-- The end of a binding.
SELECT steward.drop_meter('users'), steward.drop_meter('calls');
SET ROLE regress_steward_owner;
SELECT steward.unbind_subjects('orgs');
SELECT count(*) AS triggers FROM pg_trigger WHERE tgrelid = 'orgs'::regclass AND NOT tgisinternal;
RESET ROLE;
SELECT * FROM steward._subjects;
-- With another key, which is as good as a primary key.
SELECT steward.bind_subjects('orgs', key_col => 'slug');
SELECT * FROM roles_of WHERE rel = 'orgs'::regclass;
SELECT steward.define_meter('users', 'orgs', 'standing'), steward.override_limit('one', 'users', 5);
UPDATE orgs SET slug = 'uno', id = 12;
SELECT meter, subject FROM overrides;
-- What has lost its triggers is bound again, with its fallback, and without what was kept for rows that have gone meanwhile.
SELECT steward.bind_subjects('orgs', expires_col => 'runs_out', fallback => 'team');
INSERT INTO orgs (id, slug) VALUES (13, 'dos'), (14, 'tres');
SELECT steward.override_limit('dos', 'users', 6), steward.override_limit('tres', 'users', 7);
DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT tgname FROM pg_trigger WHERE tgrelid = 'orgs'::regclass AND NOT tgisinternal LOOP
    EXECUTE format('DROP TRIGGER %I ON orgs', name);
  END LOOP;
END $$;
DELETE FROM orgs WHERE slug = 'dos';
\pset tuples_only on
\pset format unaligned
SELECT refusal($$SELECT steward.override_limit('uno', 'users', 1)$$);
\pset tuples_only off
\pset format aligned
SELECT steward.bind_subjects('orgs', key_col => 'slug', expires_col => 'runs_out');
SELECT rel, roles, fallback FROM roles_of JOIN steward._subjects USING (rel) WHERE rel = 'orgs'::regclass;
SELECT meter, subject FROM overrides ORDER BY subject;

-- A table that is gone leaves meters that can be dropped.
DROP TABLE orgs;
\pset tuples_only on
\pset format unaligned
SELECT refusal($$SELECT steward.override_limit('uno', 'users', 1)$$);
SELECT refusal($$SELECT steward.define_meter('users', NULL, NULL, unit => 'x')$$);
\pset tuples_only off
\pset format aligned
SELECT steward.drop_meter('users');
CREATE TABLE clients (id uuid PRIMARY KEY);
SELECT steward.bind_subjects('clients');
SELECT rel FROM steward._subjects ORDER BY rel::text;

-- Keys of every type, in every form; odd names.
CREATE DOMAIN slug AS varchar(20);
CREATE TABLE "Odd ""Table""" ("The 'Key'" slug PRIMARY KEY, "The Tier" varchar(9), "From" timestamptz);
SELECT steward.bind_subjects('"Odd ""Table"""', 'The Tier', anchor_col => 'From');
CREATE UNLOGGED TABLE k_smallint (id smallint PRIMARY KEY);
CREATE TABLE k_bigint (id bigint PRIMARY KEY);
SELECT steward.bind_subjects(t) FROM unnest('{k_smallint,k_bigint}'::regclass[]) t;
SELECT * FROM roles_of ORDER BY rel::text COLLATE "C";
SELECT steward.define_meter('odd ''meter', '"Odd ""Table"""', 'standing'), steward.define_meter('of smallint', 'k_smallint', 'standing'),
       steward.define_meter('of bigint', 'k_bigint', 'standing'), steward.define_meter('of uuid', 'clients', 'standing');
INSERT INTO "Odd ""Table""" VALUES ('it''s "me"'), ('42');
INSERT INTO k_smallint VALUES (-7);
INSERT INTO k_bigint VALUES (9223372036854775807);
INSERT INTO clients VALUES ('00112233-4455-6677-8899-aabbccddeeff');
SELECT steward.override_limit('it''s "me"', 'odd ''meter', 1), steward.override_limit(42, 'odd ''meter', 2), steward.override_limit('-007', 'of smallint', 3),
       steward.override_limit(9223372036854775807, 'of bigint', 4), steward.override_limit('00112233-4455-6677-8899-AABBCCDDEEFF', 'of uuid', 5);
SELECT meter, subject, max FROM overrides ORDER BY max;
SELECT steward.override_limit('00112233-4455-6677-8899-aabbccddeeff'::uuid, 'of uuid', 6), steward.drop_override('00112233-4455-6677-8899-aabbccddeeff'::uuid, 'of uuid'),
       steward.grant_extra('00112233-4455-6677-8899-aabbccddeeff'::uuid, 'of uuid', 7) > 0 AS granted;
UPDATE "Odd ""Table""" SET "The 'Key'" = '43' WHERE "The 'Key'" = '42';
UPDATE clients SET id = '00000000-0000-0000-0000-000000000001';
SELECT * FROM kept ORDER BY kept, subject;
\pset tuples_only on
\pset format unaligned
SELECT refusal($$SELECT steward.override_limit(40000, 'of smallint', 1)$$);
SELECT refusal($$SELECT steward.override_limit('x', 'of bigint', 1)$$);
SELECT refusal($$SELECT steward.override_limit(1, 'of uuid', 1)$$);
SELECT refusal($$SELECT steward.grant_extra('00112233-4455-6677-8899-aabbccddeeff'::uuid, 'of bigint', 1)$$);
SELECT refusal($$SELECT steward.drop_override(repeat('x', 1001), 'odd ''meter')$$);
\pset tuples_only off
\pset format aligned
SELECT steward.drop_meter('odd ''meter'), steward.drop_meter('of smallint'), steward.drop_meter('of bigint'), steward.drop_meter('of uuid');
DROP TABLE "Odd ""Table""", k_smallint, k_bigint, clients;
DROP DOMAIN slug;

-- A partitioned table: its triggers reach all partitions, and a partition's columns may be numbered otherwise.
CREATE TABLE tenants (id int PRIMARY KEY, tier text) PARTITION BY RANGE (id);
CREATE TABLE tenants_low PARTITION OF tenants FOR VALUES FROM (0) TO (100);
SELECT steward.bind_subjects('tenants', 'tier');
CREATE TABLE tenants_top (tier text, id int PRIMARY KEY);
ALTER TABLE tenants ATTACH PARTITION tenants_top FOR VALUES FROM (100) TO (200);
SELECT steward.define_meter('of tenants', 'tenants', 'standing');
INSERT INTO tenants SELECT i, 'free' FROM unnest('{1,2,3,101,102,103}'::int[]) i;
SELECT count(steward.override_limit(id, 'of tenants', id)::text) FROM tenants;
DELETE FROM tenants_low WHERE id = 1;
DELETE FROM tenants WHERE id = 101;
UPDATE tenants SET id = 4 WHERE id = 2;
UPDATE tenants_top SET id = 104 WHERE id = 102;
SELECT subject, max FROM overrides ORDER BY subject::int;
\pset tuples_only on
\pset format unaligned
SELECT refusal($$UPDATE tenants SET id = 150 WHERE id = 3$$);
SELECT refusal($$SELECT steward.bind_subjects('tenants_low')$$);
SELECT refusal($$SELECT steward.define_meter('of a part', 'tenants_low', 'standing')$$);
\pset tuples_only off
\pset format aligned
TRUNCATE tenants_low;
SELECT subject FROM overrides ORDER BY subject::int;  -- the server tells nobody of a partition's TRUNCATE
ALTER TABLE tenants DETACH PARTITION tenants_top;
DELETE FROM tenants_top;
SELECT subject FROM overrides ORDER BY subject::int;
TRUNCATE tenants;
SELECT subject FROM overrides ORDER BY subject::int;
SELECT steward.drop_meter('of tenants');
DROP TABLE tenants, tenants_top;

-- Who may: the table's owner binds, the level admin does the rest.
SELECT steward.grant_access('regress_steward_other', 'admin');
SET ROLE regress_steward_other;
SELECT steward.define_tier('basic', 1), steward.define_meter('seats', 'people', 'standing'), steward.set_limit('basic', 'seats', 1);
RESET ROLE;
INSERT INTO people VALUES ('ann');
-- Row level security hides no subject from limits.
ALTER TABLE people ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, OWNER TO regress_steward_owner;
SET ROLE regress_steward_other;
SELECT steward.override_limit('ann', 'seats', 2), steward.drop_override('ann', 'seats');
\pset tuples_only on
\pset format unaligned
SELECT refusal($$SELECT steward.bind_subjects('people')$$);
SELECT refusal($$SELECT steward.unbind_subjects('people')$$);
SET ROLE regress_steward_owner;
SELECT refusal($$SELECT steward.define_tier('mine', 1)$$);
SELECT refusal($$SELECT steward.define_meter('mine', 'people', 'standing')$$);
SELECT refusal($$SELECT steward.override_limit('ann', 'seats', 2)$$);
SELECT refusal($$SELECT * FROM steward._overrides$$);

-- What is refused, and how: tables and their columns.
CREATE COLLATION folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE accounts (
  id int PRIMARY KEY, tier text, code char(3), level int, expires timestamptz, at_date date, at_time timestamp, zone varchar(40), nick text UNIQUE, loose text UNIQUE DEFERRABLE,
  folding text COLLATE folded UNIQUE NOT NULL, part text NOT NULL, a int, b int, small smallint, amount numeric, UNIQUE (a, b));
CREATE UNIQUE INDEX ON accounts (part) WHERE part <> '';
CREATE TABLE keyless (id int);
CREATE TABLE pairs (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE dated (id date PRIMARY KEY);
CREATE TABLE swapping (id int PRIMARY KEY DEFERRABLE);
CREATE TEMPORARY TABLE passing (id int PRIMARY KEY);
CREATE VIEW accounts_view AS SELECT * FROM accounts;
SELECT refusal($$SELECT steward.bind_subjects(NULL)$$);
SELECT refusal($$SELECT steward.bind_subjects(4711)$$);
SELECT refusal($$SELECT steward.bind_subjects('keyless')$$);
SELECT refusal($$SELECT steward.bind_subjects('pairs')$$);
SELECT refusal($$SELECT steward.bind_subjects('dated')$$);
SELECT refusal($$SELECT steward.bind_subjects('swapping')$$);
SELECT regexp_replace(refusal($$SELECT steward.bind_subjects('passing')$$), 'pg_temp_\d+', 'pg_temp');
SELECT refusal($$SELECT steward.bind_subjects('accounts_view')$$);
SELECT refusal($$SELECT steward.bind_subjects('accounts', 'no_such_column')$$);
SELECT refusal($$SELECT steward.bind_subjects('accounts', 'xmin')$$);
SELECT refusal($$SELECT steward.bind_subjects('accounts', 'code')$$);
SELECT refusal($$SELECT steward.bind_subjects('accounts', 'level')$$);
SELECT refusal($$SELECT steward.bind_subjects('accounts', key_col => 'no_such_column')$$);
SELECT refusal($$SELECT steward.bind_subjects('accounts', key_col => 'level')$$);
SELECT refusal($$SELECT steward.bind_subjects('accounts', key_col => 'a')$$);
SELECT refusal($$SELECT steward.bind_subjects('accounts', key_col => 'part')$$);
SELECT refusal($$SELECT steward.bind_subjects('accounts', key_col => 'nick')$$);
ALTER TABLE accounts ALTER loose SET NOT NULL;
SELECT refusal($$SELECT steward.bind_subjects('accounts', key_col => 'loose')$$);
SELECT refusal($$SELECT steward.bind_subjects('accounts', key_col => 'folding')$$);
SELECT refusal($$SELECT steward.bind_subjects('accounts', expires_col => 'at_date')$$);
SELECT refusal($$SELECT steward.bind_subjects('accounts', expires_col => 'at_time')$$);
SELECT refusal($$SELECT steward.bind_subjects('accounts', zone_col => 'level')$$);
SELECT refusal($$SELECT steward.bind_subjects('accounts', anchor_col => 'at_time')$$);
SELECT refusal($$SELECT steward.bind_subjects('accounts', 'tier', expires_col => 'expires', anchor_col => 'expires')$$);
SELECT refusal($$SELECT steward.bind_subjects('accounts', fallback => 'free')$$);
SELECT refusal($$SELECT steward.bind_subjects('accounts', expires_col => 'expires', fallback => 'none')$$);
SELECT refusal($$SELECT steward.unbind_subjects('accounts')$$);
SELECT refusal($$SELECT steward.unbind_subjects(4711)$$);
SELECT refusal($$SELECT steward.drop_subjects()$$);
RESET ROLE;
SELECT refusal($$SELECT steward.bind_subjects('pg_class')$$);
SELECT refusal($$SELECT steward.bind_subjects('steward._tiers')$$);
\pset tuples_only off
\pset format aligned
SELECT steward.bind_subjects('accounts', 'tier', expires_col => 'expires', zone_col => 'zone');
\pset tuples_only on
\pset format unaligned
SELECT refusal($$SELECT steward.bind_subjects('accounts', anchor_col => 'expires')$$);
SELECT refusal($$SELECT steward.bind_subjects('accounts', fallback => 'free', expires_col => '')$$);

-- What is refused, and how: tiers, meters, limits.
SELECT refusal($$SELECT steward.define_tier(NULL, 1)$$);
SELECT refusal($$SELECT steward.define_tier('', 1)$$);
SELECT refusal($$SELECT steward.define_tier(repeat('x', 64), 1)$$);
SELECT refusal($$SELECT steward.define_tier(E'a\nb', 1)$$);
SELECT refusal($$SELECT steward.define_tier('new', NULL)$$);
SELECT refusal($$SELECT steward.drop_tier('none')$$);
SELECT refusal($$SELECT steward.define_meter('', 'accounts', 'standing')$$);
SELECT refusal($$SELECT steward.define_meter(E'\x7f', 'accounts', 'standing')$$);
SELECT refusal($$SELECT steward.define_meter('new', NULL, 'standing')$$);
SELECT refusal($$SELECT steward.define_meter('new', 'accounts', NULL)$$);
SELECT refusal($$SELECT steward.define_meter('new', 'accounts', 'sitting')$$);
SELECT refusal($$SELECT steward.define_meter('new', 'accounts', 'metered')$$);
SELECT refusal($$SELECT steward.define_meter('new', 'accounts', 'metered', 'fortnight')$$);
SELECT refusal($$SELECT steward.define_meter('new', 'accounts', 'metered', '')$$);
SELECT refusal($$SELECT steward.define_meter('new', 'accounts', 'standing', 'month')$$);
SELECT refusal($$SELECT steward.define_meter('new', 'accounts', 'standing', max_unit => 2)$$);
SELECT refusal($$SELECT steward.define_meter('new', 'accounts', 'standing', max_col => 'level', max_unit => 0)$$);
SELECT refusal($$SELECT steward.define_meter('new', 'accounts', 'standing', max_col => 'amount')$$);
SELECT refusal($$SELECT steward.define_meter('new', 'accounts', 'standing', max_col => 'none')$$);
SELECT refusal($$SELECT steward.define_meter('new', 'keyless', 'standing')$$);
SELECT refusal($$SELECT steward.define_meter('new', 4711, 'standing')$$);
SELECT refusal($$SELECT steward.drop_meter('none')$$);
SELECT refusal($$SELECT steward.set_limit('none', 'seats', 1)$$);
SELECT refusal($$SELECT steward.set_limit('free', 'none', 1)$$);
SELECT refusal($$SELECT steward.set_limit('free', 'seats', -1)$$);
SELECT refusal($$SELECT steward.set_limit('free', NULL, 1)$$);
SELECT refusal($$SELECT steward.drop_limit('free', 'seats')$$);

-- What is refused, and how: overrides and extras.
SELECT refusal($$SELECT steward.override_limit('bob', 'seats', 1)$$);
SELECT refusal($$SELECT steward.override_limit('ann', 'none', 1)$$);
SELECT refusal($$SELECT steward.override_limit('ann', 'seats', -1)$$);
SELECT refusal($$SELECT steward.override_limit(NULL::text, 'seats', 1)$$);
SELECT refusal($$SELECT steward.drop_override('ann', 'seats')$$);
SELECT refusal($$SELECT steward.grant_extra('bob', 'seats', 1)$$);
SELECT refusal($$SELECT steward.grant_extra('ann', 'seats', 0)$$);
SELECT refusal($$SELECT steward.grant_extra('ann', 'seats', 1, '2025-06-15 12:00 UTC')$$);
SELECT regexp_replace(refusal($$SELECT steward.revoke_extra(9223372036854775807)$$), '\d{10,}', 'N');
SELECT refusal($$SELECT steward.revoke_extra(NULL)$$);
BEGIN READ ONLY;
SELECT refusal($$SELECT steward.define_tier('free', 1)$$);
SELECT refusal($$SELECT steward.define_meter('seats', 'people', 'standing')$$);
SELECT refusal($$SELECT steward.override_limit('ann', 'seats', 1)$$);
SELECT refusal($$SELECT steward.revoke_extra(1)$$);
SELECT refusal($$SELECT steward.bind_subjects('people')$$);
ROLLBACK;
-- Nothing that was refused has left anything.
\pset tuples_only off
\pset format aligned
SELECT tier FROM steward._tiers ORDER BY tier;
SELECT meter FROM steward._meters ORDER BY meter;

-- Triggers made by hand reach nobody else's subjects, and one on a table that is not bound stops nothing.
SELECT steward.override_limit('ann', 'seats', 9);
SET ROLE regress_steward_owner;
CREATE TABLE foreign_rows (name text PRIMARY KEY, other text);
INSERT INTO foreign_rows VALUES ('ann'), ('bob');
CREATE TRIGGER by_hand_1 AFTER DELETE ON foreign_rows FOR EACH ROW EXECUTE FUNCTION steward.drop_subjects();
CREATE TRIGGER by_hand_2 AFTER TRUNCATE ON foreign_rows FOR EACH STATEMENT EXECUTE FUNCTION steward.drop_subjects();
CREATE TRIGGER by_hand_3 AFTER UPDATE OF name ON foreign_rows FOR EACH ROW EXECUTE FUNCTION steward.move_subjects('key');
UPDATE foreign_rows SET name = 'eve' WHERE name = 'bob';
DELETE FROM foreign_rows WHERE name = 'ann';
TRUNCATE foreign_rows;
CREATE TRIGGER by_hand_4 BEFORE UPDATE ON foreign_rows FOR EACH ROW EXECUTE FUNCTION steward.move_subjects('key');
CREATE TRIGGER by_hand_5 AFTER INSERT ON foreign_rows FOR EACH ROW EXECUTE FUNCTION steward.drop_subjects();
\pset tuples_only on
\pset format unaligned
SELECT refusal($$INSERT INTO foreign_rows VALUES ('dan')$$);
DROP TRIGGER by_hand_5 ON foreign_rows;
INSERT INTO foreign_rows VALUES ('dan');
SELECT refusal($$UPDATE foreign_rows SET other = 'x'$$);
\pset tuples_only off
\pset format aligned
RESET ROLE;
SELECT meter, subject, max FROM overrides;

SELECT steward.drop_meter('seats'), steward.drop_meter('storage');
SELECT steward.unbind_subjects('people'), steward.unbind_subjects('accounts');
SELECT steward.drop_tier(tier) FROM (SELECT tier FROM steward._tiers) t;
SELECT (SELECT count(*) FROM steward._tiers) + (SELECT count(*) FROM steward._meters) + (SELECT count(*) FROM steward._limits) + (SELECT count(*) FROM steward._subjects)
       + (SELECT count(*) FROM steward._overrides) + (SELECT count(*) FROM steward._extras) + (SELECT count(*) FROM steward._ledger) + (SELECT count(*) FROM steward._usage) AS left_over;
RESET steward.now;
DROP VIEW overrides, kept, roles_of;
DROP OWNED BY regress_steward_other, regress_steward_owner CASCADE;
DROP ROLE regress_steward_owner, regress_steward_other;
