-- What has been declared can be read as it was said, by level monitor; what single subjects have by those who could read their rows.
SET client_min_messages = error;
SET steward.now = '2026-05-05 12:00+00';
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
CREATE ROLE regress_steward_viewer;
SELECT steward.grant_access('regress_steward_viewer', 'monitor') \g /dev/null
CREATE TABLE "view orgs" ("The id" uuid PRIMARY KEY, plan text NOT NULL DEFAULT 'view_free', paid_until timestamptz, zone text, since timestamptz, seats int);
CREATE TABLE view_users (id bigint PRIMARY KEY);
CREATE TABLE view_files (id int, owner bigint, size bigint, gone boolean NOT NULL DEFAULT false) PARTITION BY LIST (id);
INSERT INTO "view orgs" VALUES ('0000000A-0000-4000-8000-000000000001'), ('0000000A-0000-4000-8000-000000000002');
INSERT INTO view_users VALUES (1);
SELECT steward.define_tier('view_free', 0), steward.define_tier('view_pro', 5),
  steward.bind_subjects('"view orgs"', 'plan', expires_col => 'paid_until', fallback => 'view_free', zone_col => 'zone', anchor_col => 'since'), steward.bind_subjects('view_users'),
  steward.define_meter('view_calls', '"view orgs"', 'metered', 'anchored', unit => 'calls'), steward.define_meter('view_seats', '"view orgs"', 'standing', max_col => 'seats', max_unit => 10),
  steward.define_meter('view_bytes', 'view_users', 'standing', unit => 'B'), steward.define_meter('view_files', 'view_users', 'metered', 'month'),
  steward.set_limit('view_free', 'view_calls', 3), steward.set_limit('view_pro', 'view_calls', NULL), steward.set_limit('view_free', 'view_seats', 0),
  steward.limit_rows('view_files', 'owner', 'view_bytes', measure_col => 'size', condition => 'NOT gone AND size > 0'), steward.limit_rows('view_files', 'owner', 'view_files') \g /dev/null
SELECT steward.override_limit('0000000A-0000-4000-8000-000000000001'::uuid, 'view_seats', 7, '2026-06-01 00:00+00', 'a trial'),
  steward.override_limit('0000000A-0000-4000-8000-000000000002'::uuid, 'view_seats', NULL),
  steward.grant_extra('0000000A-0000-4000-8000-000000000001'::uuid, 'view_calls', 5, reason => 'sorry'),
  steward.grant_extra('0000000A-0000-4000-8000-000000000002'::uuid, 'view_seats', 2) \g /dev/null
ALTER TABLE view_files RENAME owner TO "the owner";

SELECT * FROM steward.tiers WHERE tier ~ '^view' ORDER BY rank;
SELECT * FROM steward.meters WHERE meter ~ '^view' ORDER BY 1;
SELECT * FROM steward.tier_limits WHERE meter ~ '^view' ORDER BY 2, 1;
SELECT * FROM steward.subject_tables WHERE rel IN ('"view orgs"'::regclass, 'view_users') ORDER BY rel::text;
SELECT * FROM steward.limited_tables WHERE rel = 'view_files'::regclass ORDER BY 2;
SELECT * FROM steward.limit_overrides WHERE rel = '"view orgs"'::regclass ORDER BY 2;
-- Of an extra what was drawn, folded and not.
SELECT steward.consume('0000000A-0000-4000-8000-000000000001'::uuid, 'view_calls', 4) \g /dev/null
CALL steward.fold_limits();
SELECT steward.consume('0000000A-0000-4000-8000-000000000001'::uuid, 'view_calls', 2) \g /dev/null
SELECT subject, meter, amount, used, until, reason FROM steward.limit_extras WHERE rel = '"view orgs"'::regclass ORDER BY 1;

-- What a role that may not read the rows sees.
SET ROLE regress_steward_viewer;
SELECT (SELECT count(*) FROM steward.tiers) > 0, (SELECT count(*) FROM steward.meters) > 0, (SELECT count(*) FROM steward.tier_limits) > 0,
  (SELECT count(*) FROM steward.subject_tables) > 0, (SELECT count(*) FROM steward.limited_tables) > 0, (SELECT count(*) FROM steward.limit_overrides), (SELECT count(*) FROM steward.limit_extras);
RESET ROLE;
GRANT SELECT ON "view orgs" TO regress_steward_viewer;
ALTER TABLE "view orgs" ENABLE ROW LEVEL SECURITY;
CREATE POLICY first ON "view orgs" USING ("The id" = '0000000A-0000-4000-8000-000000000001');
SET ROLE regress_steward_viewer;
SELECT subject, max FROM steward.limit_overrides WHERE rel = '"view orgs"'::regclass;
SELECT subject, amount FROM steward.limit_extras WHERE rel = '"view orgs"'::regclass;
RESET ROLE;

-- What counts no longer is not there.
DO $$
DECLARE t name;
BEGIN
  FOR t IN SELECT tgname FROM pg_trigger WHERE tgrelid = 'view_files'::regclass AND encode(tgargs, 'escape') ~ 'columns' LOOP
    EXECUTE format('DROP TRIGGER %I ON view_files', t);
  END LOOP;
END $$;
SELECT * FROM steward.limited_tables WHERE rel = 'view_files'::regclass ORDER BY 2;
DROP TABLE view_files;
SELECT steward.drop_meter('view_bytes'), steward.drop_meter('view_files'), steward.drop_meter('view_calls'), steward.drop_meter('view_seats'), steward.unbind_subjects('view_users') \g /dev/null
SELECT rel FROM steward.subject_tables WHERE rel IN ('"view orgs"'::regclass, 'view_users');
SELECT steward.unbind_subjects('"view orgs"'), steward.drop_tier('view_free'), steward.drop_tier('view_pro') \g /dev/null
SELECT count(*) FROM steward.meters WHERE meter ~ '^view';
SELECT steward.revoke_access('regress_steward_viewer', 'monitor') \g /dev/null
DROP TABLE "view orgs", view_users;
DROP ROLE regress_steward_viewer;
